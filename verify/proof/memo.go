package proof

import (
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// A memo keeps the digest of one canonical form for each hash and edition of
// contexts, or why there is none. A document is canonicalised once for all
// of its proofs and all keys that they are tried with, so that many proofs
// cannot make it cost more than one.
type memo [2][2]struct {
	done   bool
	err    error
	digest []byte
}

// sum appends the digest that work gives the first time.
func (m *memo) sum(dst []byte, hash rdf.Hash, older bool, work func() ([]byte, error)) ([]byte, error) {
	edition := 0
	if older {
		edition = 1
	}
	one := &m[hash][edition]
	if !one.done {
		one.done = true
		one.digest, one.err = work()
	}
	return append(dst, one.digest...), one.err
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
