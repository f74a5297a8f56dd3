package scanner

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
	"slices"
)

// A fountain of parts never ends: after each fragment once, every part is
// the exclusive or of some fragments. Which ones follows from the part's
// number and the message's checksum alone.
//
// Source: BCR-2024-001, and its reference implementation's arithmetic.

// fragments lists, in order, which of total fragments part number, from 1
// on, is made of.
func fragments(number uint32, total int, checksum uint32) []int {
	if int64(number) <= int64(total) {
		return []int{int(number - 1)}
	}
	var seed [8]byte
	binary.BigEndian.PutUint32(seed[:], number)
	binary.BigEndian.PutUint32(seed[4:], checksum)
	rng := newXoshiro(sha256.Sum256(seed[:]))
	degree := newSampler(total).next(rng) + 1
	rest := make([]int, total)
	for i := range rest {
		rest[i] = i
	}
	out := make([]int, 0, degree)
	for range degree {
		i := rng.below(len(rest))
		out = append(out, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	slices.Sort(out)
	return out
}

// A xoshiro is the generator xoshiro256** of Blackman and Vigna.
type xoshiro [4]uint64

func newXoshiro(seed [sha256.Size]byte) *xoshiro {
	var x xoshiro
	for i := range x {
		x[i] = binary.BigEndian.Uint64(seed[8*i:])
	}
	return &x
}

func (x *xoshiro) next() uint64 {
	out := bits.RotateLeft64(x[1]*5, 7) * 9
	t := x[1] << 17
	x[2] ^= x[0]
	x[3] ^= x[1]
	x[1] ^= x[2]
	x[0] ^= x[3]
	x[2] ^= t
	x[3] = bits.RotateLeft64(x[3], 45)
	return out
}

// fraction returns a number from 0 to 1.
func (x *xoshiro) fraction() float64 { return float64(x.next()) / (1 << 64) }

// below returns an integer from 0 to n-1.
func (x *xoshiro) below(n int) int { return min(int(x.fraction()*float64(n)), n-1) }

// A sampler draws how many fragments a part has, less one: k+1 of them with
// a probability as 1/(k+1) (Walker's alias method, as Vose builds it).
type sampler struct {
	odds  []float64
	alias []int
}

func newSampler(n int) sampler {
	sum := 0.0
	for i := range n {
		sum += 1 / float64(i+1)
	}
	s := sampler{make([]float64, n), make([]int, n)}
	var small, large []int
	p := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		p[i] = 1 / float64(i+1) * float64(n) / sum
		if p[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		a, g := small[len(small)-1], large[len(large)-1]
		small, large = small[:len(small)-1], large[:len(large)-1]
		s.odds[a], s.alias[a] = p[a], g
		p[g] += p[a] - 1
		if p[g] < 1 {
			small = append(small, g)
		} else {
			large = append(large, g)
		}
	}
	for _, i := range append(small, large...) {
		s.odds[i] = 1
	}
	return s
}

func (s sampler) next(x *xoshiro) int {
	r1, r2 := x.fraction(), x.fraction()
	i := min(int(float64(len(s.odds))*r1), len(s.odds)-1)
	if r2 < s.odds[i] {
		return i
	}
	return s.alias[i]
}

// A mixture is the exclusive or of some fragments.
type mixture struct {
	of   [MaxParts / 64]uint64 // one bit a fragment
	data []byte
}

// first is the lowest fragment in the mixture, or -1.
func (x *mixture) first() int {
	for i, w := range x.of {
		if w != 0 {
			return 64*i + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// add adds another mixture to x.
func (x *mixture) add(o *mixture) {
	for i := range x.of {
		x.of[i] ^= o.of[i]
	}
	subtle.XORBytes(x.data, x.data, o.data)
}

// mix takes a part of a fountain in, as a row of a triangular system of
// equations, and tells whether it was news. With as many rows as fragments
// the system is solved.
func (m *message) mix(p part) bool {
	x := mixture{data: slices.Clone(p.data)}
	for _, i := range p.sums {
		x.of[i/64] |= 1 << (i % 64)
	}
	if m.rows == nil {
		m.rows = make([]*mixture, p.total)
	}
	for {
		i := x.first()
		if i < 0 || len(x.data) != len(p.data) {
			return false
		}
		if m.rows[i] == nil {
			m.rows[i] = &x
			m.have++
			break
		}
		x.add(m.rows[i])
	}
	if m.have == p.total {
		m.solve()
	}
	return true
}

// solve works through the triangle from its end.
func (m *message) solve() {
	for i := len(m.rows) - 1; i >= 0; i-- {
		x := *m.rows[i]
		for k := i + 1; k < len(m.rows); k++ {
			if x.of[k/64]>>(k%64)&1 == 1 {
				x.add(&mixture{data: m.parts[k]})
			}
		}
		m.parts[i] = x.data
	}
}
