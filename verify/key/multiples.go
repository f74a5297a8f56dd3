package key

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"sync"

	"filippo.io/edwards25519"
)

// Multiples of a point, with which it is multiplied by additions alone: a
// scalar is cut into digits of some bits, from -2^(bits-1) to 2^(bits-1), and
// for each place of a digit the point's multiples by every such digit stand
// ready. All arithmetic is the library's.
type multiples struct {
	bits int                    // of a digit
	rows [][]edwards25519.Point // row r holds 1, 2, 3, … times 2^(bits·r) times the point
}

// How many bits a digit has: more make fewer additions and more memory.
const (
	keyDigit  = 5 // 51 additions, 130 kB
	baseDigit = 6 // 43 additions, 220 kB, once
	// scalarBits is how many bits a scalar takes: the order of the group is a
	// little above 2^252.
	scalarBits = 253
)

// base are the multiples of the base point, made when a key is first prepared.
var base = sync.OnceValue(func() *multiples {
	return newMultiples(edwards25519.NewGeneratorPoint(), baseDigit)
})

func newMultiples(p *edwards25519.Point, bits int) *multiples {
	count, row := scalarBits/bits+1, 1<<(bits-1)
	all := make([]edwards25519.Point, count*row)
	m := &multiples{bits: bits, rows: make([][]edwards25519.Point, count)}
	unit := new(edwards25519.Point).Set(p)
	for r := range m.rows {
		own := all[r*row : (r+1)*row]
		own[0].Set(unit)
		for i := 1; i < row; i++ {
			own[i].Add(&own[i-1], unit)
		}
		unit.Add(&own[row-1], &own[row-1]) // 2^bits times what it was
		m.rows[r] = own
	}
	return m
}

// addTo adds s times the point to sum. It takes time that depends on s, which
// must be public.
func (m *multiples) addTo(sum *edwards25519.Point, s *edwards25519.Scalar) {
	b, carry := s.Bytes(), 0
	for r, row := range m.rows {
		digit := bitsAt(b, r*m.bits, m.bits) + carry
		if carry = 0; digit > len(row) {
			digit, carry = digit-1<<m.bits, 1
		}
		switch {
		case digit > 0:
			sum.Add(sum, &row[digit-1])
		case digit < 0:
			sum.Subtract(sum, &row[-digit-1])
		}
	}
}

// bitsAt are n bits of a little-endian number from bit at on, at most 9.
func bitsAt(b []byte, at, n int) int {
	word := int(b[at/8])
	if at/8+1 < len(b) {
		word |= int(b[at/8+1]) << 8
	}
	return word >> (at % 8) & (1<<n - 1)
}

// verify checks an Ed25519 signature; m are the multiples of the key's point,
// negated. It accepts what crypto/ed25519 accepts and nothing else.
//
// Source: RFC 8032, section 5.1.7, without the cofactor.
func (m *multiples) verify(public, msg, sig []byte) bool {
	if len(sig) != ed25519.SignatureSize {
		return false
	}
	s, err := new(edwards25519.Scalar).SetCanonicalBytes(sig[32:])
	if err != nil {
		return false
	}
	hash := sha512.New()
	hash.Write(sig[:32])
	hash.Write(public)
	hash.Write(msg)
	var sum [sha512.Size]byte
	h, err := new(edwards25519.Scalar).SetUniformBytes(hash.Sum(sum[:0]))
	if err != nil {
		return false // never: there are 64 bytes
	}
	r := edwards25519.NewIdentityPoint()
	base().addTo(r, s)
	m.addTo(r, h)
	return bytes.Equal(r.Bytes(), sig[:32])
}
