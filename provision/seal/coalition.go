// Package seal makes sealed bundles: it keeps a coalition's TUF repository,
// one folder that several people sign on machines of their own.
//
// It is for administrators' commands; nothing that judges a badge calls it.
package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/bundle"
)

// How long each role's metadata says it is good for. An expired part still
// judges, and is shown as old.
var lasts = map[string]time.Duration{
	metadata.ROOT:      3 * 366 * day,
	metadata.TARGETS:   366 * day,
	metadata.SNAPSHOT:  92 * day,
	metadata.TIMESTAMP: 31 * day,
	"":                 183 * day, // members and the consortium
}

const day = 24 * time.Hour

// The roles that every coalition has, beside [bundle.Consortium] and its
// members.
const (
	Root      = metadata.ROOT
	Targets   = metadata.TARGETS
	Snapshot  = metadata.SNAPSHOT
	Timestamp = metadata.TIMESTAMP
)

// A Key is a public key as TUF metadata lists it.
type Key = metadata.Key

// A Signer holds one key: in memory, or behind somebody's command or token.
type Signer = signature.Signer

// A Coalition is a TUF repository as it is being made. Its folder holds
// metadata/ with every edition's signed files; what is not yet signed by
// enough people is there too, and not in a bundle.
type Coalition struct {
	dir string
	now time.Time

	root    *metadata.Metadata[metadata.RootType]
	targets *metadata.Metadata[metadata.TargetsType]
	roles   map[string]*metadata.Metadata[metadata.TargetsType] // delegated, by name
	system  *metadata.Metadata[metadata.TargetsType]            // nil: nobody signs systems
	snap    *metadata.Metadata[metadata.SnapshotType]
	stamp   *metadata.Metadata[metadata.TimestampType]
}

// Thresholds of a new coalition.
type Thresholds struct{ Root, Targets int }

// New makes a coalition in the folder dir, which must not hold one yet.
// keys are the public keys of each top-level role and of [bundle.Consortium].
// It still has to be signed: see [Coalition.Missing].
func New(dir string, now time.Time, keys map[string][]*metadata.Key, need Thresholds) (*Coalition, error) {
	if _, err := os.Stat(filepath.Join(dir, "metadata")); err == nil {
		return nil, fmt.Errorf("%s already holds a coalition; choose another folder", dir)
	}
	c := &Coalition{dir: dir, now: now, roles: map[string]*metadata.Metadata[metadata.TargetsType]{}}
	c.root = metadata.Root(c.until(metadata.ROOT))
	c.targets = metadata.Targets(c.until(metadata.TARGETS))
	c.snap = metadata.Snapshot(c.until(metadata.SNAPSHOT))
	c.stamp = metadata.Timestamp(c.until(metadata.TIMESTAMP))
	for _, role := range metadata.TOP_LEVEL_ROLE_NAMES {
		if len(keys[role]) == 0 {
			return nil, fmt.Errorf("role %s has no key", role)
		}
		for _, k := range keys[role] {
			if err := c.root.Signed.AddKey(k, role); err != nil {
				return nil, err
			}
		}
	}
	for role, n := range map[string]int{metadata.ROOT: need.Root, metadata.TARGETS: need.Targets} {
		if n < 1 || n > len(keys[role]) {
			return nil, fmt.Errorf("role %s cannot need %d signatures: it has %d keys", role, n, len(keys[role]))
		}
		c.root.Signed.Roles[role].Threshold = n
	}
	c.targets.Signed.Delegations = &metadata.Delegations{Keys: map[string]*metadata.Key{}}
	if err := c.delegate(bundle.Consortium, keys[bundle.Consortium], "consortium.json", "contexts/*"); err != nil {
		return nil, err
	}
	return c, c.save()
}

func (c *Coalition) until(role string) time.Time {
	d, ok := lasts[role]
	if !ok {
		d = lasts[""]
	}
	return c.now.Add(d).UTC().Truncate(time.Second)
}

// AddMember lets keys sign for districts/id/. Targets must then be signed
// anew.
func (c *Coalition) AddMember(id string, keys []*metadata.Key) error {
	if _, ok := c.roles[id]; ok {
		return fmt.Errorf("%s is a member already", id)
	}
	if id == System {
		return fmt.Errorf("no member can be called %s: that role signs what kiosks run", id)
	}
	c.renewTargets()
	folder := "districts/" + id
	if err := c.delegate(id, keys, folder+"/*", folder+"/*/*", folder+"/*/*/*"); err != nil {
		return err
	}
	return c.save()
}

// RemoveMember takes a member's delegation away: its badges become unknown.
func (c *Coalition) RemoveMember(id string) error {
	if _, ok := c.roles[id]; !ok || id == bundle.Consortium {
		return fmt.Errorf("%s is not a member; members are %s", id, strings.Join(c.Members(), ", "))
	}
	c.renewTargets()
	d := c.targets.Signed.Delegations
	d.Roles = slices.DeleteFunc(d.Roles, func(r metadata.DelegatedRole) bool { return r.Name == id })
	delete(c.roles, id)
	return c.save()
}

// Members returns the ids of the members, sorted.
func (c *Coalition) Members() []string {
	var out []string
	for id := range c.roles {
		if id != bundle.Consortium {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func (c *Coalition) delegate(role string, keys []*metadata.Key, paths ...string) error {
	if len(keys) == 0 {
		return fmt.Errorf("role %s has no key", role)
	}
	d := c.targets.Signed.Delegations
	d.Roles = append(d.Roles, metadata.DelegatedRole{Name: role, Threshold: 1, Terminating: true, Paths: paths})
	for _, k := range keys {
		if err := c.targets.Signed.AddKey(k, role); err != nil {
			return err
		}
	}
	c.roles[role] = metadata.Targets(c.until(role))
	c.roles[role].Signed.Version = 0 // nothing packed yet
	return nil
}

// renewTargets starts the next version of targets, once for any number of
// changes before it is signed.
func (c *Coalition) renewTargets() {
	if len(c.targets.Signatures) > 0 {
		c.targets.Signed.Version++
		c.targets.Signed.Expires = c.until(metadata.TARGETS)
		c.targets.ClearSignatures()
	}
}

// Pack takes the files that role owns out of tree, the unsealed folder. When
// they differ from the last edition, role gets a new version and must be
// signed; changed says so.
func (c *Coalition) Pack(role string, tree fs.FS) (changed bool, err error) {
	m, ok := c.roles[role]
	if !ok {
		return false, fmt.Errorf("%s is not a member; members are %s", role, strings.Join(c.Members(), ", "))
	}
	files, err := owned(role, tree)
	if err != nil {
		return false, err
	}
	targets := map[string]*metadata.TargetFiles{}
	for name, data := range files {
		if targets[name], err = metadata.TargetFile().FromBytes(name, data, "sha256"); err != nil {
			return false, err
		}
	}
	if m.Signed.Version > 0 && maps.EqualFunc(m.Signed.Targets, targets, func(a, b *metadata.TargetFiles) bool { return a.Equal(*b) }) {
		return false, nil
	}
	for name, data := range files {
		at := filepath.Join(c.dir, "targets", filepath.FromSlash(bundle.Place(name, targets[name].Hashes["sha256"])))
		if err := writeFile(at, data); err != nil {
			return false, err
		}
	}
	if len(m.Signatures) > 0 || m.Signed.Version == 0 {
		m.Signed.Version++
	}
	m.Signed.Expires, m.Signed.Targets = c.until(role), targets
	m.ClearSignatures()
	return true, c.save()
}

// owned are the files of tree that role may list.
func owned(role string, tree fs.FS) (map[string][]byte, error) {
	from := "districts/" + role
	if role == bundle.Consortium {
		from = "."
	}
	out, said := map[string][]byte{}, spokenClips(tree, role)
	err := fs.WalkDir(tree, from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if role == bundle.Consortium && name == "districts" {
				return fs.SkipDir
			}
			return nil
		}
		if role == bundle.Consortium && name != "consortium.json" && !strings.HasPrefix(name, "contexts/") {
			return nil
		}
		if strings.HasPrefix(filepath.Base(name), ".") {
			return nil // what editors and file managers leave
		}
		if unpacked(tree, name) || unspoken(said, name) {
			return nil // the source of a scaled picture, a name that was changed
		}
		out[name], err = fs.ReadFile(tree, name)
		return err
	})
	return out, err
}

// Sign adds signer's signature to role, whichever of the roles it is.
// The error names the keys that may sign it.
func (c *Coalition) Sign(role string, signer Signer) error {
	if !c.maySign(role, signer) {
		return fmt.Errorf("this key may not sign %s", role)
	}
	var err error
	h := &heard{Signer: signer}
	signer = h
	switch role {
	case metadata.ROOT:
		_, err = c.root.Sign(signer)
	case metadata.TARGETS:
		_, err = c.targets.Sign(signer)
	case metadata.SNAPSHOT:
		_, err = c.snap.Sign(signer)
	case metadata.TIMESTAMP:
		_, err = c.stamp.Sign(signer)
	case System:
		if c.system.Signed.Version == 0 {
			return errors.New("there is no system to sign yet: kiosk bundle system packs one")
		}
		_, err = c.system.Sign(signer)
	default:
		_, err = c.roles[role].Sign(signer)
	}
	if h.err != nil {
		err = h.err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", role, err)
	}
	return c.save()
}

// heard keeps what a signer said was wrong, which go-tuf does not tell.
type heard struct {
	Signer
	err error
}

// SignMessage implements [Signer].
func (h *heard) SignMessage(message io.Reader, o ...signature.SignOption) (sig []byte, err error) {
	sig, h.err = h.Signer.SignMessage(message, o...)
	return sig, h.err
}

func (c *Coalition) maySign(role string, signer Signer) bool {
	public, err := signer.PublicKey()
	if err != nil {
		return false
	}
	key, err := metadata.KeyFromPublicKey(public)
	if err != nil {
		return false
	}
	return c.May(role, key)
}

func (c *Coalition) keyIDs(role string) []string {
	if r := c.root.Signed.Roles[role]; r != nil {
		return r.KeyIDs
	}
	for _, r := range c.targets.Signed.Delegations.Roles {
		if r.Name == role {
			return r.KeyIDs
		}
	}
	return nil
}

// Lacks is how many signatures role still needs.
func (c *Coalition) Lacks(role string) int {
	if role == System {
		return c.lacksSystem()
	}
	return c.Missing()[role]
}

// Missing says, by role, how many signatures are still to be added before a
// bundle can be finished. Members that packed nothing yet are not asked, nor
// is [System], which has no part in a bundle.
func (c *Coalition) Missing() map[string]int {
	out := map[string]int{}
	lacks := func(role string, have, need int) {
		if have < need {
			out[role] = need - have
		}
	}
	lacks(metadata.ROOT, 0, c.lacksRoot())
	lacks(metadata.TARGETS, len(c.targets.Signatures), c.root.Signed.Roles[metadata.TARGETS].Threshold)
	for role, m := range c.roles {
		if m.Signed.Version > 0 || role == bundle.Consortium {
			lacks(role, len(m.Signatures), 1)
		}
	}
	return out
}

// Finish writes snapshot and timestamp of the next edition, signed with the
// two signers, and returns the bundle's zip, opened once with the coalition's
// first root to be sure of it.
func (c *Coalition) Finish(snapshot, timestamp Signer) ([]byte, error) {
	if missing := c.Missing(); len(missing) > 0 {
		return nil, fmt.Errorf("still to be signed: %s", words(missing))
	}
	if err := c.dropEmpty(); err != nil {
		return nil, err
	}
	if len(c.snap.Signatures) > 0 {
		c.snap.Signed.Version++
		c.stamp.Signed.Version++
	}
	c.snap.Signed.Expires, c.stamp.Signed.Expires = c.until(metadata.SNAPSHOT), c.until(metadata.TIMESTAMP)
	c.snap.Signed.Meta = map[string]*metadata.MetaFiles{}
	for role, m := range c.all() {
		if err := describe(c.snap.Signed.Meta, role, m.Signed.Version, m); err != nil {
			return nil, err
		}
	}
	c.snap.ClearSignatures()
	if err := c.Sign(metadata.SNAPSHOT, snapshot); err != nil {
		return nil, err
	}
	c.stamp.Signed.Meta = map[string]*metadata.MetaFiles{}
	if err := describe(c.stamp.Signed.Meta, metadata.SNAPSHOT, c.snap.Signed.Version, c.snap); err != nil {
		return nil, err
	}
	c.stamp.ClearSignatures()
	if err := c.Sign(metadata.TIMESTAMP, timestamp); err != nil {
		return nil, err
	}
	return c.zip()
}

// dropEmpty refuses members that have packed nothing: a delegation without a
// part would be left out of every kiosk with a complaint.
func (c *Coalition) dropEmpty() error {
	var empty []string
	for role, m := range c.roles {
		if m.Signed.Version == 0 {
			empty = append(empty, role)
		}
	}
	if len(empty) > 0 {
		slices.Sort(empty)
		return fmt.Errorf("nothing packed yet for %s", strings.Join(empty, ", "))
	}
	return nil
}

// all are targets and the delegated roles by name.
func (c *Coalition) all() map[string]*metadata.Metadata[metadata.TargetsType] {
	out := maps.Clone(c.roles)
	out[metadata.TARGETS] = c.targets
	return out
}

func describe[T metadata.Roles](in map[string]*metadata.MetaFiles, role string, version int64, m *metadata.Metadata[T]) error {
	data, err := m.ToBytes(false)
	if err != nil {
		return err
	}
	file, err := metadata.TargetFile().FromBytes(role, data, "sha256")
	if err != nil {
		return err
	}
	meta := metadata.MetaFile(version)
	meta.Length, meta.Hashes = file.Length, file.Hashes
	in[role+".json"] = meta
	return nil
}

func words(missing map[string]int) string {
	var out []string
	for _, role := range slices.Sorted(maps.Keys(missing)) {
		out = append(out, fmt.Sprintf("%s (%d more)", role, missing[role]))
	}
	return strings.Join(out, ", ")
}

// writeFile puts data at path by way of a temporary file, making folders.
func writeFile(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, data, 0o644); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return os.Rename(temporary, path)
}

// May tells whether key may sign role.
func (c *Coalition) May(role string, key *metadata.Key) bool {
	id, err := key.ID()
	if role == metadata.ROOT {
		// Who could sign the root before signs its successor too.
		if old := c.before(); err == nil && old != nil && slices.Contains(old.Signed.Roles[role].KeyIDs, id) {
			return true
		}
	}
	return err == nil && slices.Contains(c.keyIDs(role), id)
}

// Root returns the coalition's first root.json: what a kiosk is given once.
func (c *Coalition) Root() ([]byte, error) { return os.ReadFile(c.file("1.root.json")) }
