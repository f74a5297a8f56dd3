package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/tree"
	"badgekiosk/verify/reason"
)

// A memo is what whoever installs a bundle keeps beside it, so that it can be
// opened again without reading all of it: which bundle it is of, whose part
// was left out, where its files lie, and the index of what it makes a kiosk
// believe (trust.Set.Index).
//
//	"BKM1", SHA-256 of timestamp.json, length of head uint32, head (JSON),
//	length of places uint32, places, index, SHA-256 of all that
type memo struct {
	timestamp [sha256.Size]byte
	LeftOut   []leftOut `json:"leftOut,omitempty"`
	places    []byte
	index     []byte
}

type leftOut struct {
	Member string      `json:"member"`
	Code   reason.Code `json:"code"`
	Why    string      `json:"why"`
	Kept   bool        `json:"kept,omitempty"`
}

const memoMark = "BKM1"

// Memo is the memo of a bundle that was opened as a whole from zipped.
func (b *Bundle) Memo(zipped, index []byte) ([]byte, error) {
	if b.lazy != nil {
		return nil, errors.New("a bundle that was opened by its memo has one")
	}
	places, err := places(zipped)
	if err != nil {
		return nil, err
	}
	m := memo{}
	for _, l := range b.LeftOut {
		m.LeftOut = append(m.LeftOut, leftOut{l.Member, reason.CodeOf(l.Why, reason.BBroken), l.Why.Error(), l.Kept})
	}
	head, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := append([]byte(memoMark), b.timestamp[:]...)
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(head))), head...)
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(places))), places...)
	out = append(out, index...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

// readMemo takes a memo apart.
func readMemo(data []byte) (m memo, err error) {
	damaged := errors.New("the memo beside the bundle is damaged")
	end := len(data) - sha256.Size
	if end < len(memoMark)+sha256.Size || !bytes.HasPrefix(data, []byte(memoMark)) || sha256.Sum256(data[:end]) != [sha256.Size]byte(data[end:]) {
		return m, damaged
	}
	rest := data[len(memoMark):end]
	rest = rest[copy(m.timestamp[:], rest):]
	var sized [2][]byte
	for i := range sized {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return m, damaged
		}
		n := 4 + int(binary.BigEndian.Uint32(rest))
		sized[i], rest = rest[4:n], rest[n:]
	}
	if json.Unmarshal(sized[0], &m) != nil || len(sized[1])%placeSize != 0 {
		return m, damaged
	}
	m.places, m.index = sized[1], rest
	return m, nil
}

// later verifies parts of a reopened bundle when they are asked for.
type later struct {
	index []byte
	roles []string // delegated by targets, but the consortium
	mu    sync.Mutex
	o     *opener
}

// Reopen opens a bundle that [Open] has verified before, by the memo that was
// made then. Root, targets, snapshot, timestamp and the consortium's part are
// verified now, each member's part when it is first asked for with
// [Bundle.Part]. before holds the parts that stay from an earlier bundle.
//
// The error is as of Open; that of a memo which is damaged or of another
// bundle has no code, and Open still opens the bundle.
func Reopen(zipped io.ReaderAt, anchor []byte, before Before, memo []byte) (*Bundle, error) {
	m, err := readMemo(memo)
	if err != nil {
		return nil, err
	}
	o := &opener{src: packed{zipped, m.places}, before: before, parent: map[string]string{}}
	if err := o.top(anchor); err != nil {
		return nil, err
	}
	if o.stamp != m.timestamp {
		return nil, errors.New("the memo is of another bundle")
	}
	b := o.bundle()
	if b.parts[Consortium], err = o.part(Consortium); err != nil {
		return nil, err
	}
	b.lazy = &later{index: m.index, o: o}
	for _, r := range o.tm.Targets[metadata.TARGETS].Signed.Delegations.Roles {
		if r.Name != Consortium && r.Name != SystemRole {
			b.lazy.roles = append(b.lazy.roles, r.Name)
		}
	}
	for _, l := range m.LeftOut {
		b.LeftOut = append(b.LeftOut, LeftOut{l.Member, reason.Errorf(l.Code, "%s", l.Why), l.Kept})
	}
	return b, nil
}

// Index is what [Bundle.Memo] was given, nil for a bundle that was opened as
// a whole.
func (b *Bundle) Index() []byte {
	if b.lazy == nil {
		return nil
	}
	return b.lazy.index
}

// Part is one role's verified part, or the last good one that stays in its
// place. It is verified anew each time when the bundle was reopened. The
// error has code B-PART.
func (b *Bundle) Part(role string) (*Part, error) {
	if p := b.parts[role]; p != nil {
		return p, nil
	}
	if b.lazy == nil {
		return nil, reason.Errorf(reason.BPart, "the bundle has no part of %s", role)
	}
	return b.lazy.part(role)
}

func (l *later) part(role string) (*Part, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.o.total = 0 // each part for itself: one is let go before the next
	p, err := l.o.part(role)
	for name := range l.o.tm.Targets {
		if name != metadata.TARGETS && name != Consortium {
			delete(l.o.tm.Targets, name)
		}
	}
	if err == nil {
		return p, nil
	}
	if kept := l.o.keep(role); kept != nil {
		return kept, nil
	}
	return nil, reason.Errorf(reason.BPart, "%s: %w", role, err)
}

// PartTree is a member's part as a tree, for trust.OpenIndexed.
func (b *Bundle) PartTree(member string) (fs.FS, error) {
	p, err := b.Part(member)
	if err != nil {
		return nil, err
	}
	return tree.Files(p.Files).Index(), nil
}

// ConsortiumTree is the consortium's part as a tree.
func (b *Bundle) ConsortiumTree() fs.FS { return tree.Files(b.parts[Consortium].Files).Index() }

// all are the parts of a reopened bundle that can be verified.
func (b *Bundle) all() map[string]*Part {
	out := map[string]*Part{Consortium: b.parts[Consortium]}
	for _, role := range b.lazy.roles {
		if p, err := b.Part(role); err == nil {
			out[role] = p
		}
	}
	return out
}
