package trust

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/xsd"
)

// The limits of a tree. What is over one is left out, and is a fault.
const (
	MaxFile    = 4 << 20  // bytes of one file
	MaxTotal   = 64 << 20 // bytes of all files together
	MaxMembers = 10_000
	MaxFaults  = 1_000 // kept; a tree of rubbish must not fill the memory
)

// Open reads a plain folder of files, laid out as DESIGN.md shows under
// "Trust". Every file but districts/*/issuers/*.json may be missing, and
// members of objects that are not known are ignored.
//
// A file, or a value in it, that cannot be used is left out, named in
// Set.Faults, and takes nothing else with it. The error is for a tree that
// cannot be read at all.
func Open(tree fs.FS) (*Set, error) {
	return openTree(tree, false, reason.BUnsealed)
}

// OpenSealed is [Open] for a tree whose signatures have been verified. Every
// report carries notes.
func OpenSealed(tree fs.FS, notes ...reason.Code) (*Set, error) {
	return openTree(tree, true, notes...)
}

func openTree(tree fs.FS, sealed bool, notes ...reason.Code) (*Set, error) {
	if _, err := fs.Stat(tree, "."); err != nil {
		return nil, fmt.Errorf("trust: %w", err)
	}
	r := &reader{tree: tree, sealed: sealed, left: MaxTotal, set: &Set{Policy: DefaultPolicy, Notes: notes, part: newPart()}}
	r.consortium()
	r.readContexts()
	for _, id := range r.list("districts", "") {
		if len(r.set.Members) == MaxMembers {
			r.fault("more than %d members", MaxMembers)
			break
		}
		r.member(id)
	}
	r.settle()
	r.tellApart()
	r.finish()
	return r.set, nil
}

// finish closes the part that was read.
func (r *reader) finish() { r.set.all, r.set.size = r.issuers, MaxTotal-r.left }

// Nothing is the set of a kiosk that believes nobody. Every report carries
// notes, which say why.
func Nothing(notes ...reason.Code) *Set { return &Set{Policy: DefaultPolicy, Notes: notes} }

// reader carries what is needed while a tree is read.
type reader struct {
	tree fs.FS
	set  *Set
	left int64  // bytes that may still be read
	file string // being read, for faults
	json ijson.Doc
	// faults counts all, also those beyond MaxFaults that are not kept.
	faults int

	sealed     bool // parts may be missing
	skipOwners bool // an index has them

	issuers []*Issuer              // in the order of their files
	owners  func(id string) string // member by same(identifier), as the consortium says; empty for none
}

func (r *reader) fault(format string, args ...any) {
	r.faults++
	if len(r.set.Faults) < MaxFaults {
		r.set.Faults = append(r.set.Faults, fmt.Errorf("%s: %w", r.file, fmt.Errorf(format, args...)))
	}
}

// list returns the sorted names in a folder that end in ext; none if there
// is no such folder.
func (r *reader) list(dir, ext string) (names []string) {
	r.file = dir
	entries, err := fs.ReadDir(r.tree, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.fault("%w", err)
	}
	for _, e := range entries {
		if e.IsDir() == (ext == "") && strings.HasSuffix(e.Name(), ext) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// read returns a file's bytes, nil if it is not there or cannot be used.
func (r *reader) read(name string) []byte {
	r.file = name
	f, err := r.tree.Open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.fault("%w", err)
		}
		return nil
	}
	defer f.Close()
	limit := min(MaxFile, r.left)
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		r.fault("%w", err)
	case int64(len(data)) > limit:
		r.fault("over the limit of %d bytes a file, %d in all", MaxFile, MaxTotal)
	default:
		r.left -= int64(len(data))
		return data
	}
	return nil
}

// object parses a file that holds one JSON object, Absent if it does not.
func (r *reader) object(name string) ijson.Value {
	data := r.read(name)
	if data == nil {
		return ijson.Value{}
	}
	v, err := r.json.Parse(trimBOM(data))
	if err == nil && v.Kind() != ijson.Object {
		err = fmt.Errorf("holds a JSON %s, want an object", v.Kind())
	}
	if err != nil {
		r.fault("%w", err)
		return ijson.Value{}
	}
	return v
}

// trimBOM cuts the mark that some editors put before a text.
func trimBOM(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }

func (r *reader) consortium() {
	v := r.object("consortium.json")
	r.set.Name = text(v.Get("name"))
	r.set.Serial, _ = integer(v.Get("serial"))
	r.set.Issued = r.time(v, "issued")
	r.set.Policy = r.readPolicy(v.Get("policy"))
	if !r.skipOwners {
		r.readOwners(v.Get("owners"))
	}
	r.set.general = r.settings(v.Get("settings"))
}

func (r *reader) member(id string) {
	dir := path.Join("districts", id)
	v := r.object(path.Join(dir, "district.json"))
	m := &Member{ID: id, Name: text(v.Get("name")), Kind: text(v.Get("kind")),
		Languages: texts(v.Get("languages")), MinorsByDefault: v.Get("minorsByDefault").Kind() == ijson.True}
	if m.Name == "" {
		m.Name = id
	}
	m.Help = r.help(v, Help{})
	m.at = len(r.set.Members)
	r.set.Members = append(r.set.Members, m)
	r.said(dir, v, m)
}

// said reads all that a member says.
func (r *reader) said(dir string, v ijson.Value, m *Member) {
	r.memberGroups(v, m)
	r.memberDocuments(dir, m)
	r.memberSealed(dir, m)
	r.memberConsents(dir, m)
	for _, name := range r.list(path.Join(dir, "issuers"), ".json") {
		r.issuer(path.Join(dir, "issuers", name), m)
	}
	r.memberWithdrawals(dir, m)
	for _, name := range r.list(path.Join(dir, "manifests"), ".json") {
		r.manifest(path.Join(dir, "manifests", name), m)
	}
}

// time reads an optional date; one that is none is a fault and zero.
func (r *reader) time(v ijson.Value, name string) time.Time {
	at := v.Get(name)
	if !at.Exists() || at.Kind() == ijson.Null {
		return time.Time{}
	}
	t, err := xsd.Time(at.Str())
	if err != nil {
		r.fault("%s: %w", name, err)
	}
	return t
}

// text is a string, or the English or else the first of a language map.
func text(v ijson.Value) string {
	if v.Kind() == ijson.Object {
		if en := v.Get("en"); en.Exists() {
			return en.Str()
		}
		return v.First().Str()
	}
	return v.Str()
}

func integer(v ijson.Value) (int64, bool) {
	if v.Kind() != ijson.Number {
		return 0, false
	}
	n, err := strconv.ParseInt(string(v.Raw()), 10, 64)
	return n, err == nil
}
