package seal

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/bundle"
)

// System is the role that signs the systems that kiosks run.
const System = bundle.SystemRole

// Names in the file that a kiosk takes a system from.
const (
	SystemMeta  = "system.json"
	SystemImage = "badge-kiosk-slot.img"
)

// AddSystem lets as many of keys as need sign systems. Targets must then be
// signed anew.
func (c *Coalition) AddSystem(keys []*Key, need int) error {
	if c.system != nil {
		return errors.New("this coalition has a role for systems already; kiosk bundle rotate changes its keys")
	}
	if need < 1 || need > len(keys) {
		return fmt.Errorf("role %s cannot need %d signatures: it has %d keys", System, need, len(keys))
	}
	c.renewTargets()
	if err := c.delegate(System, keys, bundle.SystemTarget); err != nil {
		return err
	}
	c.apart()
	c.systemRole().Threshold = need
	return c.save()
}

// apart keeps the role for systems away from those that have a part in a
// bundle.
func (c *Coalition) apart() {
	c.system = c.roles[System]
	delete(c.roles, System)
}

func (c *Coalition) systemRole() *metadata.DelegatedRole {
	all := c.targets.Signed.Delegations.Roles
	i := slices.IndexFunc(all, func(r metadata.DelegatedRole) bool { return r.Name == System })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// PackSystem makes s the system that is to be signed: role [System] then needs
// its signatures anew, but for the very system that it had.
func (c *Coalition) PackSystem(s bundle.System) error {
	if c.system == nil {
		return fmt.Errorf("nobody may sign a system yet: kiosk bundle add system %s", c.dir)
	}
	traits, err := json.Marshal(s.SystemTraits)
	if err != nil {
		return err
	}
	file := metadata.TargetFiles{Length: s.Length, Hashes: metadata.Hashes{"sha256": s.Sum[:]}, Custom: (*json.RawMessage)(&traits)}
	signed := &c.system.Signed
	if old := signed.Targets[bundle.SystemTarget]; old != nil && signed.Version == s.Number && old.Equal(file) && sameTraits(old.Custom, traits) {
		return nil
	}
	if s.Number <= signed.Version && signed.Version > 0 {
		return fmt.Errorf("number %d is not above %d, the system that was packed last: kiosks would refuse it", s.Number, signed.Version)
	}
	signed.Version, signed.Expires = s.Number, c.until(System)
	signed.Targets = map[string]*metadata.TargetFiles{bundle.SystemTarget: &file}
	c.system.ClearSignatures()
	return c.save()
}

// sameTraits compares JSON as it was with JSON as it is to be.
func sameTraits(old *json.RawMessage, now []byte) bool {
	var was, is bundle.SystemTraits
	return old != nil && json.Unmarshal(*old, &was) == nil && json.Unmarshal(now, &is) == nil &&
		was.Build == is.Build && slices.Equal(was.Boards, is.Boards)
}

// lacksSystem is how many signatures the system that was packed last still
// needs.
func (c *Coalition) lacksSystem() int {
	r := c.systemRole()
	if c.system == nil || c.system.Signed.Version == 0 || r == nil {
		return 0
	}
	return max(0, r.Threshold-len(c.system.Signatures))
}

// WriteSystem writes the file that a kiosk takes the packed system from: its
// signed metadata and its image, which is read from image.
func (c *Coalition) WriteSystem(to io.Writer, image io.Reader) error {
	if n := c.lacksSystem(); n > 0 {
		return fmt.Errorf("still to be signed: %s (%d more)", System, n)
	}
	meta, err := c.system.ToBytes(false)
	if err != nil {
		return err
	}
	z := zip.NewWriter(to)
	w, err := z.CreateHeader(&zip.FileHeader{Name: SystemMeta, Method: zip.Store})
	if err != nil {
		return err
	}
	if _, err := w.Write(meta); err != nil {
		return err
	}
	if w, err = z.CreateHeader(&zip.FileHeader{Name: SystemImage, Method: zip.Deflate}); err != nil {
		return err
	}
	if _, err := io.Copy(w, image); err != nil {
		return err
	}
	return z.Close()
}

// loadSystem reads the role for systems as it was left; it has no metadata
// before one was packed.
func (c *Coalition) loadSystem() error {
	c.system = metadata.Targets(c.until(System))
	c.system.Signed.Version = 0
	_, err := c.system.FromFile(c.file(System + ".json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
