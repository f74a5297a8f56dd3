package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
	"sync/atomic"

	"badgekiosk/verify/envelope"
	"badgekiosk/verify/reason"
)

// MaxHeld is how many bytes of members' files are kept read, beside the last
// that was asked for: a kiosk that has met badges of five hundred districts
// does not hold them all.
const MaxHeld = 8 << 20

// OpenIndexed opens a set without reading its members' parts. consortium is
// the tree with the consortium's own files, index what [Set.Index] wrote for
// the same set, and open gives one member's verified files when it is first
// asked about; it may be called again, and by several goroutines.
//
// What the set answers is what one read as a whole answers. A part that open
// refuses counts as missing, and [Set.Lost] says so.
func OpenIndexed(consortium fs.FS, index []byte, open func(member string) (fs.FS, error), notes ...reason.Code) (*Set, error) {
	x, err := readIndex(index)
	if err != nil {
		return nil, err
	}
	r := &reader{tree: consortium, left: MaxTotal, set: &Set{Policy: DefaultPolicy, Notes: notes}, skipOwners: true}
	r.consortium()
	r.readContexts()
	s := r.set
	s.Faults = nil
	for _, f := range x.head.Faults {
		s.Faults = append(s.Faults, errors.New(f))
	}
	for i, m := range x.head.Members {
		s.Members = append(s.Members, &Member{ID: m.ID, Name: m.Name, Kind: m.Kind, Languages: m.Languages,
			MinorsByDefault: m.Minors, Help: Help{m.Contact, m.Codes}, at: i})
	}
	s.lazy = newLazy(x, s.Members, open)
	return s, nil
}

// Lost tells whether a part could not be read when it was asked for.
func (s *Set) Lost() bool { return s != nil && s.lazy != nil && s.lazy.lost.Load() }

// lazy reads parts when they are first asked for.
type lazy struct {
	index     *index
	members   []*Member
	open      func(member string) (fs.FS, error)
	unitOf    [][]int // the members heard together with each, in their order
	ambiguous map[string]bool
	lost      atomic.Bool

	mu    sync.Mutex
	limit int64         // MaxHeld
	units map[int]*unit // by the first of their members
	held  int64         // bytes of what is read
}

// A unit is a part, read once.
type unit struct {
	once sync.Once
	part *part // nil if it could not be read
}

func newLazy(x *index, members []*Member, open func(string) (fs.FS, error)) *lazy {
	l := &lazy{index: x, members: members, open: open, unitOf: make([][]int, len(members)), ambiguous: map[string]bool{}, units: map[int]*unit{}, limit: MaxHeld}
	for i := range members {
		l.unitOf[i] = []int{i}
	}
	for _, u := range x.head.Units {
		for _, m := range u {
			l.unitOf[m] = u
		}
	}
	for _, name := range x.head.Ambiguous {
		l.ambiguous[name] = true
	}
	return l
}

// part is what the member at this place says, and who is heard with it; nil
// if it cannot be read.
func (l *lazy) part(member int) *part {
	if member < 0 || member >= len(l.members) {
		return nil
	}
	of := l.unitOf[member]
	l.mu.Lock()
	u := l.units[of[0]]
	if u == nil {
		u = &unit{}
		l.units[of[0]] = u
	}
	l.mu.Unlock()
	u.once.Do(func() {
		part, err := l.read(of)
		if err != nil {
			l.lost.Store(true)
			return
		}
		u.part = part
		l.keep(of[0], u)
	})
	return u.part
}

// keep counts what was read, and lets go of the rest when it is too much.
// Who still uses a part keeps it until done.
func (l *lazy) keep(at int, u *unit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held += u.part.size; l.held > l.limit {
		l.units, l.held = map[int]*unit{at: u}, u.part.size
	}
}

// parts are those of several members, each once, in their order.
func (l *lazy) parts(members []int) (all []*part) {
	var units []int
	for _, m := range members {
		if m < 0 || m >= len(l.members) || slices.Contains(units, l.unitOf[m][0]) {
			continue
		}
		units = append(units, l.unitOf[m][0])
		if p := l.part(m); p != nil {
			all = append(all, p)
		}
	}
	return all
}

// read reads members as a set of their own.
func (l *lazy) read(of []int) (*part, error) {
	r := &reader{sealed: true, left: MaxTotal, owners: l.owner, set: &Set{Policy: DefaultPolicy, part: newPart()}}
	for _, at := range of {
		m := l.members[at]
		tree, err := l.open(m.ID)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.ID, err)
		}
		r.tree = tree
		dir := path.Join("districts", m.ID)
		r.said(dir, r.object(path.Join(dir, "district.json")), m)
	}
	r.settle()
	for _, i := range r.issuers {
		if l.ambiguous[i.skeleton] {
			i.Name += " (" + i.Member.Name + ")"
		}
	}
	r.finish()
	return r.set.part, nil
}

// owner is the member that speaks for an identifier by the consortium's word.
func (l *lazy) owner(id string) string {
	switch owner := l.index.find(byOwner, id); {
	case len(owner) == 0:
		return ""
	case owner[0] < len(l.members):
		return l.members[owner[0]].ID
	}
	return "-" // of nobody here; no member's id is that
}

// document are the copies of what stands at url that anybody holds.
func (l *lazy) document(url string) []*Document {
	members := l.index.find(byDocument, page(url))
	if name, err := envelope.Name([]byte(page(url))); err == nil {
		members = append(members, l.index.find(byEnvelope, name)...)
	}
	slices.Sort(members)
	var sealed, plain []*Document
	for _, p := range l.parts(slices.Compact(members)) {
		sealed = append(sealed, p.unseal(url)...)
		plain = append(plain, p.documents[page(url)]...)
	}
	inOrder := func(a, b *Document) int { return a.Member.at - b.Member.at }
	slices.SortStableFunc(sealed, inOrder)
	slices.SortStableFunc(plain, inOrder)
	slices.SortStableFunc(plain, func(a, b *Document) int { return b.Fetched.Compare(a.Fetched) })
	return append(sealed, plain...)
}
