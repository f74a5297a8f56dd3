// Package bundle opens the sealed file that carries everything a kiosk
// believes: a TUF repository in one zip, or the same tree as a folder.
//
// Signatures are checked with go-tuf's metadata/trustedmetadata, all in
// memory and before anything is written. Freshness is not its business: an
// expired bundle opens and says so, because a kiosk without a network must go
// on with what it has.
//
// Source: The Update Framework 1.0.33, section 5 (client workflow), with the
// further rules of [Open].
package bundle

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/trustedmetadata"

	"badgekiosk/provision/tree"
	"badgekiosk/verify/reason"
)

// Limits of a bundle. Each is far above what 500 districts need.
const (
	MaxRoots    = 256        // steps from the anchor to the newest root
	MaxMetadata = 5 << 20    // bytes of one metadata file
	MaxFile     = 16 << 20   // bytes of one target
	MaxTotal    = 64 << 20   // bytes of all of them
	MaxRoles    = 4096       // delegated roles
	MaxDepth    = 4          // roles below roles
	metaDir     = "metadata" // where a TUF repository keeps its metadata
	targetDir   = "targets"
)

// Files are a bundle's files in memory.
type Files = tree.Files

// Consortium is the role that owns consortium.json and contexts/; every other
// first-level role but [SystemRole] is a member and owns districts/NAME/.
const Consortium = "consortium"

// A Bundle is a sealed set of files of which every signature, version, length
// and hash has been checked.
type Bundle struct {
	Version int64     // of the timestamp: the bundle's own counter
	Expires time.Time // of the timestamp: the date the bundle gives itself
	Root    []byte    // the newest root.json, reached from the anchor

	// LeftOut are the members whose part failed, in the order of their names.
	LeftOut []LeftOut
	// Floors are what this bundle was checked at, to be kept with it.
	Floors Floors

	system    *metadata.Metadata[metadata.TargetsType] // who may sign one; nil: nobody
	parts     map[string]*Part                         // by member, or Consortium
	lazy      *later                                   // where further parts come from, nil if all are here
	timestamp [sha256.Size]byte                        // of timestamp.json: which bundle it is
}

// LeftOut says whose part is not used, why, and what stands in its place.
type LeftOut struct {
	Member string
	Why    error
	Kept   bool // its last good part stays
}

// A Part is one first-level role's verified files.
type Part struct {
	Role  string
	Files map[string][]byte // by path in the unsealed tree
	Meta  map[string][]byte // signed metadata of the role and those below it, by role
}

// Parts returns the parts, also those kept from an earlier bundle, by role.
// Of a reopened bundle that reads all of it.
func (b *Bundle) Parts() map[string]*Part {
	if b.lazy != nil {
		return b.all()
	}
	return b.parts
}

// Tree returns the files as the unsealed tree that trust.Open reads.
func (b *Bundle) Tree() fs.FS {
	files := Files{}
	for _, p := range b.Parts() {
		for name, data := range p.Files {
			files[name] = data
		}
	}
	return files.Index()
}

// Before is what a kiosk already has when it opens a bundle. The zero Before
// is a kiosk with nothing.
type Before struct {
	Floors Floors           // what it may not fall below
	Parts  map[string]*Part // the last good part of each role
}

// Open checks the bundle in src against anchor, a TUF root.json that came
// with the kiosk and not with the bundle.
//
// Root, targets, snapshot, timestamp and the consortium's part are all or
// nothing; a member's part that fails is left out as a whole and the one in
// before stays in its place, if its keys still may sign it. Beyond TUF:
//   - every root from the anchor's on is in src;
//   - targets delegates and lists no files of its own;
//   - a role below another begins with the other's name and a hyphen, and no
//     two roles have the same name;
//   - a path belongs to exactly one role, in that role's folder;
//   - files are named by SHA-256 alone;
//   - a zip, which comes as [Files], holds nothing else. A folder may, since
//     people publish repositories with their history.
//
// Expiry never refuses a bundle. Errors carry [reason.BBroken], [reason.BSign]
// or [reason.BRollback].
func Open(src fs.FS, anchor []byte, before Before) (*Bundle, error) {
	o := &opener{src: src, before: before, parent: map[string]string{}, used: map[string]bool{}}
	if err := o.top(anchor); err != nil {
		return nil, err
	}
	b := o.bundle()
	delegated := o.tm.Targets[metadata.TARGETS].Signed.Delegations
	for _, role := range delegated.Roles {
		if role.Name == SystemRole {
			continue // it has no part in a bundle
		}
		part, err := o.part(role.Name)
		if err == nil {
			b.parts[role.Name] = part
			continue
		}
		if role.Name == Consortium {
			return nil, err
		}
		out := LeftOut{Member: role.Name, Why: err}
		if kept := o.keep(role.Name); kept != nil {
			out.Kept = true
			b.parts[role.Name] = kept
		}
		b.LeftOut = append(b.LeftOut, out)
	}
	if files, ok := src.(Files); ok {
		if extra := o.unasked(files, b); extra != "" {
			return nil, reason.Errorf(reason.BBroken, "the file holds %q, which nobody signed: copy the bundle as it was made", extra)
		}
	}
	slices.SortFunc(b.LeftOut, func(x, y LeftOut) int { return strings.Compare(x.Member, y.Member) })
	b.Floors = o.floors(b)
	return b, nil
}

// bundle is what the top says of itself.
func (o *opener) bundle() *Bundle {
	return &Bundle{
		Version:   o.tm.Timestamp.Signed.Version,
		Expires:   o.tm.Timestamp.Signed.Expires,
		Root:      o.root,
		system:    systemOf(o.tm.Targets[metadata.TARGETS].Signed.Delegations),
		parts:     map[string]*Part{},
		timestamp: o.stamp,
	}
}

// An opener holds what one Open has verified so far.
type opener struct {
	src    fs.FS
	before Before
	tm     *trustedmetadata.TrustedMetadata
	root   []byte
	stamp  [sha256.Size]byte // of timestamp.json
	parent map[string]string // of each delegated role
	total  int64
	used   map[string]bool // files that were read
}

// top verifies root, timestamp, snapshot and targets.
func (o *opener) top(anchor []byte) error {
	tm, err := trustedmetadata.New(anchor)
	if err != nil {
		return reason.Errorf(reason.BRoot, "root.json of this kiosk: %w", err)
	}
	tm.RefTime = time.Time{} // before every expiry: freshness is judged elsewhere
	o.tm, o.root = tm, anchor
	if err := o.rotate(); err != nil {
		return err
	}
	timestamp, err := o.read("timestamp.json")
	if err != nil {
		return err
	}
	if _, err := tm.UpdateTimestamp(timestamp); err != nil {
		return refusal("timestamp.json", err)
	}
	o.stamp = sha256.Sum256(timestamp)
	meta := tm.Timestamp.Signed.Meta["snapshot.json"]
	if meta == nil {
		return reason.Errorf(reason.BBroken, "timestamp.json names no snapshot.json")
	}
	snapshot, err := o.read(fmt.Sprintf("%d.snapshot.json", meta.Version))
	if err != nil {
		return err
	}
	if _, err := tm.UpdateSnapshot(snapshot, false); err != nil {
		return refusal("snapshot.json", err)
	}
	if _, err := o.role(metadata.TARGETS, metadata.ROOT); err != nil {
		return err
	}
	if err := o.delegations(); err != nil {
		return err
	}
	return o.checkFloors()
}

// rotate walks the chain of roots from the anchor to the newest in src.
func (o *opener) rotate() error {
	for range MaxRoots {
		next := fmt.Sprintf("%d.root.json", o.tm.Root.Signed.Version+1)
		data, err := o.read(next)
		if errors.Is(err, fs.ErrNotExist) {
			return o.noHole()
		}
		if err != nil {
			return err
		}
		if _, err := o.tm.UpdateRoot(data); err != nil {
			return refusal(next, err)
		}
		o.root = data
	}
	return reason.Errorf(reason.BBroken, "more than %d roots", MaxRoots)
}

// noHole refuses a chain that goes on after a missing root: a kiosk would
// silently stay on the old one.
func (o *opener) noHole() error {
	names, err := fs.Glob(o.src, metaDir+"/*.root.json")
	if err != nil {
		return reason.Errorf(reason.BBroken, "%w", err)
	}
	for _, name := range names {
		var n int64
		if _, err := fmt.Sscanf(path.Base(name), "%d.root.json", &n); err == nil && n > o.tm.Root.Signed.Version {
			return reason.Errorf(reason.BBroken, "%s is there but %d.root.json before it is missing", name, o.tm.Root.Signed.Version+1)
		}
	}
	return nil
}

// role reads and verifies one role's targets metadata.
func (o *opener) role(name, parent string) ([]byte, error) {
	meta := o.tm.Snapshot.Signed.Meta[name+".json"]
	if meta == nil {
		return nil, reason.Errorf(reason.BBroken, "snapshot.json does not name %s.json", name)
	}
	file := fmt.Sprintf("%d.%s.json", meta.Version, name)
	data, err := o.read(file)
	if err != nil {
		return nil, err
	}
	if _, err := o.tm.UpdateDelegatedTargets(data, name, parent); err != nil {
		return nil, refusal(file, err)
	}
	return data, nil
}

// delegations checks that targets only delegates, and to whom it may.
func (o *opener) delegations() error {
	signed := o.tm.Targets[metadata.TARGETS].Signed
	if n := len(signed.Targets); n > 0 {
		return reason.Errorf(reason.BBroken, "targets.json lists %d files of its own; it may only delegate", n)
	}
	d := signed.Delegations
	if d == nil || d.SuccinctRoles != nil {
		return reason.Errorf(reason.BBroken, "targets.json delegates to no named role")
	}
	if len(d.Roles) > MaxRoles {
		return reason.Errorf(reason.BBroken, "targets.json delegates to %d roles, the limit is %d", len(d.Roles), MaxRoles)
	}
	seen := map[string]bool{}
	for _, r := range d.Roles {
		if !plainName(r.Name) || seen[r.Name] {
			return reason.Errorf(reason.BBroken, "targets.json delegates to role %q, which is not a plain name of its own", r.Name)
		}
		for other := range seen {
			if strings.HasPrefix(r.Name, other+"-") || strings.HasPrefix(other, r.Name+"-") {
				return reason.Errorf(reason.BBroken, "members %q and %q could be taken for each other's roles", r.Name, other)
			}
		}
		if r.Name == SystemRole {
			if err := checkSystemRole(r); err != nil {
				return err
			}
		}
		seen[r.Name] = true
	}
	if !seen[Consortium] {
		return reason.Errorf(reason.BBroken, "targets.json does not delegate to role %q", Consortium)
	}
	return nil
}

// plainName tells whether s can be a role: lower-case letters, digits and
// hyphens, and not the name of a top-level role.
func plainName(s string) bool {
	if s == "" || len(s) > 64 || slices.Contains(metadata.TOP_LEVEL_ROLE_NAMES[:], s) {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// read returns a metadata file, whole. A missing one is [fs.ErrNotExist].
func (o *opener) read(name string) ([]byte, error) {
	data, err := o.file(metaDir+"/"+name, MaxMetadata)
	if err == nil {
		err = wholeJSON(name, data)
	}
	return data, err
}

// file returns a regular file of at most limit bytes, counting it.
func (o *opener) file(name string, limit int64) ([]byte, error) {
	if files, ok := o.src.(Files); ok && int64(len(files[name])) <= limit {
		if data, ok := files[name]; ok {
			return data, o.count(name, data)
		}
	}
	f, err := o.src.Open(name)
	if err != nil {
		return nil, reason.Errorf(reason.BBroken, "%w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, reason.Errorf(reason.BBroken, "%s is not a plain file", name)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, reason.Errorf(reason.BBroken, "%s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, reason.Errorf(reason.BBroken, "%s is larger than %d bytes", name, limit)
	}
	return data, o.count(name, data)
}

// count keeps that a file was read, and bounds all that is.
func (o *opener) count(name string, data []byte) error {
	if o.used != nil {
		o.used[name] = true
	}
	if o.total += int64(len(data)); o.total > MaxTotal {
		return reason.Errorf(reason.BBroken, "the bundle is larger than %d bytes", int64(MaxTotal))
	}
	return nil
}

// unasked is a file that nothing signed asks for, empty if there is none. The
// roots up to the anchor's are known without being read; of a member that was
// left out it is not known what it needs, and of one that left, the snapshot
// still speaks.
func (o *opener) unasked(files Files, b *Bundle) string {
	if len(o.used) == len(files) || len(b.LeftOut) > 0 {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !o.used[name] && !o.knownRoot(name) && !o.left(name, b) {
			return name
		}
	}
	return ""
}

// knownRoot tells the roots up to the newest.
func (o *opener) knownRoot(name string) bool {
	version, ok := strings.CutSuffix(strings.TrimPrefix(name, metaDir+"/"), ".root.json")
	n, err := strconv.ParseInt(version, 10, 64)
	return ok && err == nil && n > 0 && n <= o.tm.Root.Signed.Version
}

// left tells the files of a member that is one no more.
func (o *opener) left(name string, b *Bundle) bool {
	role := ""
	if rest, ok := strings.CutPrefix(name, targetDir+"/districts/"); ok {
		role, _, _ = strings.Cut(rest, "/")
	} else if rest, ok := strings.CutPrefix(name, metaDir+"/"); ok {
		_, rest, _ = strings.Cut(rest, ".")
		role = strings.TrimSuffix(rest, ".json")
	}
	return o.tm.Snapshot.Signed.Meta[role+".json"] != nil && b.parts[role] == nil && plainName(role) && role != SystemRole
}

// refusal puts a code to what go-tuf says.
func refusal(name string, err error) error {
	if reasonErr := (*reason.Error)(nil); errors.As(err, &reasonErr) {
		return err
	}
	code := reason.BBroken
	switch {
	case errors.Is(err, &metadata.ErrUnsignedMetadata{}):
		code = reason.BSign
	case errors.Is(err, &metadata.ErrBadVersionNumber{}):
		code = reason.BRollback
	}
	return reason.Errorf(code, "%s: %w", name, err)
}
