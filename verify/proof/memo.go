package proof

import (
	"crypto/sha512"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// A memo keeps the digest of one canonical form for each hash and edition of
// contexts, or why there is none. A document is canonicalised once for all
// of its proofs and all keys that they are tried with, so that many proofs
// cannot make it cost more than one.
type memo [2][2]remembered

type remembered struct {
	done bool
	err  error
	room [sha512.Size384]byte
	size int
}

// of is what is remembered for a hash and an edition.
func (m *memo) of(r reading) *remembered {
	edition := 0
	if r.older {
		edition = 1
	}
	return &m[r.hash][edition]
}

// keep remembers the digest of what is in c.buf, or why there is none.
func (m *remembered) keep(c *Checker, r reading, err error) {
	m.done, m.err = true, err
	m.size = len(c.sum(m.room[:0], r.key))
}

// append appends the digest to dst.
func (m *remembered) append(dst []byte) ([]byte, error) {
	return append(dst, m.room[:m.size]...), m.err
}

// refuses tells why no other canonical form of the same thing, with other
// names for its blank nodes, need be tried: it took too much work before.
func (m *memo) refuses(err error) error {
	one := &m[rdf.SHA256][0]
	if reason.CodeOf(err, "") == reason.QTooBig && !one.done {
		one.done, one.err = true, err
	}
	if one.done && reason.CodeOf(one.err, "") == reason.QTooBig {
		return one.err
	}
	return err
}
