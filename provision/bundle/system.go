package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/verify/reason"
)

// SystemRole may sign the systems that kiosks run, and nothing else: it has no
// part in a bundle. A coalition that makes no systems delegates to no such
// role, and no member can have its name.
const SystemRole = "system"

// SystemTarget is the one path that is delegated to it: the image of a slot.
const SystemTarget = "system/badge-kiosk-slot.img"

// Limits of a system.
const (
	MaxSystem     = 512 << 20 // bytes of its image
	MaxSystemMeta = 64 << 10  // bytes of what was signed of it
	maxBoards     = 64
	maxName       = 200 // bytes of a board's name, or a build's
)

// A System is what its signers say of a system: its number, and the one image
// that has it.
type System struct {
	Number int64 // the metadata's version: a newer system has a higher one
	Length int64 // of the image, in bytes
	Sum    [32]byte
	SystemTraits
}

// SystemTraits are what the signed metadata says of the image beside its hash.
type SystemTraits struct {
	Boards []string `json:"boards"` // that it is for, as their device trees name them
	Build  string   `json:"build"`  // which program is in it
}

// System reads the metadata of a system, TUF of type targets, as signed by
// those whom this bundle lets sign one. Nothing that came with the system is
// trusted with keys.
//
// The error is B-SIGN if they have not signed it, or nobody may; B-BROKEN if
// it is no metadata of one image. Expiry never refuses a system.
func (b *Bundle) System(meta []byte) (s System, err error) {
	if b.system == nil {
		return s, reason.Errorf(reason.BSign, "this bundle lets nobody sign a system")
	}
	if len(meta) > MaxSystemMeta {
		return s, reason.Errorf(reason.BBroken, "%d bytes of metadata, the limit is %d", len(meta), MaxSystemMeta)
	}
	if err := wholeJSON("the system's metadata", meta); err != nil {
		return s, err
	}
	m, err := metadata.Targets().FromBytes(meta)
	if err != nil {
		return s, reason.Errorf(reason.BBroken, "the system's metadata: %w", err)
	}
	if err := b.system.VerifyDelegate(SystemRole, m); err != nil {
		return s, refusal("the system's metadata", err)
	}
	return systemIn(m)
}

// systemIn is the system that signed metadata names.
func systemIn(m *metadata.Metadata[metadata.TargetsType]) (s System, err error) {
	file := m.Signed.Targets[SystemTarget]
	if d := m.Signed.Delegations; len(m.Signed.Targets) != 1 || file == nil || d != nil && (len(d.Roles) > 0 || d.SuccinctRoles != nil) {
		return s, reason.Errorf(reason.BSign, "role %s signs %s and nothing else", SystemRole, SystemTarget)
	}
	s.Number, s.Length = m.Signed.Version, file.Length
	sum := file.Hashes["sha256"]
	if s.Number < 1 || s.Length < 1 || s.Length > MaxSystem || len(file.Hashes) != 1 || copy(s.Sum[:], sum) != len(s.Sum) || len(sum) != len(s.Sum) {
		return s, reason.Errorf(reason.BBroken, "the system's number %d, its length of %d bytes or its hash cannot be used", s.Number, s.Length)
	}
	if file.Custom == nil {
		return s, reason.Errorf(reason.BBroken, "the system's metadata names no board")
	}
	d := json.NewDecoder(bytes.NewReader(*file.Custom))
	d.DisallowUnknownFields()
	if err := d.Decode(&s.SystemTraits); err != nil {
		return s, reason.Errorf(reason.BBroken, "the system's metadata: %w", err)
	}
	odd := func(name string) bool { return name == "" || len(name) > maxName }
	if n := len(s.Boards); n == 0 || n > maxBoards || slices.ContainsFunc(s.Boards, odd) || odd(s.Build) {
		return s, reason.Errorf(reason.BBroken, "the system's metadata names %d boards and build %.40q", n, s.Build)
	}
	return s, nil
}

// SystemFloor is the floor of a kiosk that runs system number n under this
// bundle.
func (b *Bundle) SystemFloor(n int64) Floor {
	f := Floor{Version: n}
	if b.system != nil {
		f.Keys = hashOf(b.system.Signed.Delegations.Roles[0].KeyIDs)
	}
	return f
}

// MakesSystems tells whether the bundle lets anybody sign a system.
func (b *Bundle) MakesSystems() bool { return b.system != nil }

// checkSystemRole holds that the role is what [SystemRole] promises.
func checkSystemRole(r metadata.DelegatedRole) error {
	if len(r.PathHashPrefixes) > 0 || !slices.Equal(r.Paths, []string{SystemTarget}) {
		return reason.Errorf(reason.BBroken, "role %s has the paths %q; it may have %q alone", r.Name, r.Paths, SystemTarget)
	}
	if r.Threshold < 1 || r.Threshold > len(r.KeyIDs) {
		return reason.Errorf(reason.BBroken, "role %s needs %d of %d keys", r.Name, r.Threshold, len(r.KeyIDs))
	}
	return nil
}

// systemOf keeps of the delegations the one to [SystemRole], nil if there is
// none.
func systemOf(d *metadata.Delegations) *metadata.Metadata[metadata.TargetsType] {
	r := delegation(d, SystemRole)
	if r == nil {
		return nil
	}
	keys := map[string]*metadata.Key{}
	for _, id := range r.KeyIDs {
		if k := d.Keys[id]; k != nil {
			keys[id] = k
		}
	}
	only := metadata.Targets()
	only.Signed.Delegations = &metadata.Delegations{Keys: keys, Roles: []metadata.DelegatedRole{*r}}
	return only
}

// wholeJSON refuses metadata with anything before or after it.
func wholeJSON(name string, data []byte) error {
	if len(data) == 0 || data[0] != '{' || !bytes.HasSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("}")) {
		return reason.Errorf(reason.BBroken, "%s has bytes before or after its contents", name)
	}
	return nil
}

// String is the system as a person names it.
func (s System) String() string { return fmt.Sprintf("number %d, %s", s.Number, s.Build) }
