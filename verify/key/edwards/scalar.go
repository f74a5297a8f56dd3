package edwards

import (
	"encoding/binary"
	"math/bits"
)

// A scalar is a number below the order of the base point,
// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
type scalar [4]uint64

var order = scalar{0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 1 << 60}

// below tells a number below L.
func (s *scalar) below() bool {
	for i := 3; i >= 0; i-- {
		if s[i] != order[i] {
			return s[i] < order[i]
		}
	}
	return false
}

func (s *scalar) setBytes(b []byte) {
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
}

// reduce sets s to a number of 64 bytes modulo L, 32 bits at a time: of
// v = s*2^32 + bits, v/2^252 times L is taken away, which leaves a number
// below 2^252 less at most 2^33 times L-2^252.
func (s *scalar) reduce(b *[64]byte) {
	*s = scalar{}
	for at := 60; at >= 0; at -= 4 {
		v := scalar{s[0]<<32 | uint64(binary.LittleEndian.Uint32(b[at:])), s[1]<<32 | s[0]>>32, s[2]<<32 | s[1]>>32, s[3]<<32 | s[2]>>32}
		q := s[3]>>32<<4 | v[3]>>60
		v[3] &= 1<<60 - 1
		h0, l0 := bits.Mul64(q, order[0])
		h1, l1 := bits.Mul64(q, order[1])
		l1, c := bits.Add64(l1, h0, 0)
		h1 += c
		var borrow uint64
		s[0], borrow = bits.Sub64(v[0], l0, 0)
		s[1], borrow = bits.Sub64(v[1], l1, borrow)
		s[2], borrow = bits.Sub64(v[2], h1, borrow)
		s[3], borrow = bits.Sub64(v[3], 0, borrow)
		if borrow != 0 {
			var carry uint64
			for i := range s {
				s[i], carry = bits.Add64(s[i], order[i], carry)
			}
		}
	}
}

// digits is a scalar as a sum of odd digits times powers of two, most of them
// 0: digits of width w are below 2^(w-1) either way, with w-1 zeros between
// any two.
type digits [256]int8

func (d *digits) set(s *scalar, width uint) {
	*d = digits{}
	var x [5]uint64 // room to look beyond the end
	copy(x[:], s[:])
	carry := uint64(0)
	for at := uint(0); at < 256; {
		word, bit := at/64, at%64
		next := x[word] >> bit
		if bit > 0 {
			next |= x[word+1] << (64 - bit)
		}
		// A carry goes on where bits are 1, and ends where one is 0.
		if skip := uint(bits.TrailingZeros64(next ^ -carry)); skip > 0 {
			at += skip
			continue
		}
		window := next&(1<<width-1) + carry
		carry = window >> (width - 1) & 1
		d[at] = int8(int64(window) - int64(carry<<width))
		at += width
	}
}
