package edwards

import (
	"encoding/binary"
	"math/bits"
)

// An element is a number modulo p = 2^255-19: the sum of its limbs, limb i
// times 2^(51i). It has more than one form: see weak.
//
// How large limbs may be is part of what each method promises. "Weak" limbs
// are below 2^51+2^18; the sum of two weak elements may be multiplied or
// taken from another without a carry, and nothing here does more than that.
type element [5]uint64

const low51 = 1<<51 - 1

// weak makes the limbs weak again. They may be anything below 2^64.
func (e *element) weak() {
	c0, c1, c2, c3, c4 := e[0]>>51, e[1]>>51, e[2]>>51, e[3]>>51, e[4]>>51
	e[0] = e[0]&low51 + 19*c4
	e[1] = e[1]&low51 + c0
	e[2] = e[2]&low51 + c1
	e[3] = e[3]&low51 + c2
	e[4] = e[4]&low51 + c3
}

// add sets e to a+b, limb by limb: twice as large as weak ones.
func (e *element) add(a, b *element) {
	e[0], e[1], e[2], e[3], e[4] = a[0]+b[0], a[1]+b[1], a[2]+b[2], a[3]+b[3], a[4]+b[4]
}

// Limbs of 4p: above those of any sum of two weak elements.
const (
	fourP0 = 4 * (1<<51 - 19)
	fourP  = 4 * (1<<51 - 1)
)

// sub sets e to a-b, weak. b may be a sum of two weak elements, a too.
func (e *element) sub(a, b *element) {
	e[0] = a[0] + fourP0 - b[0]
	e[1] = a[1] + fourP - b[1]
	e[2] = a[2] + fourP - b[2]
	e[3] = a[3] + fourP - b[3]
	e[4] = a[4] + fourP - b[4]
	e.weak()
}

// A wide is a number of 128 bits.
type wide struct{ hi, lo uint64 }

func product(a, b uint64) (w wide) {
	w.hi, w.lo = bits.Mul64(a, b)
	return w
}

// plus is w + a*b.
func (w wide) plus(a, b uint64) wide {
	hi, lo := bits.Mul64(a, b)
	lo, c := bits.Add64(lo, w.lo, 0)
	hi, _ = bits.Add64(hi, w.hi, c)
	return wide{hi, lo}
}

// over51 is w / 2^51, which must be below 2^64.
func (w wide) over51() uint64 { return w.hi<<13 | w.lo>>51 }

// mul sets e to a*b, weak. Both may be sums of two weak elements: limbs below
// 2^53 make sums below 5 * 19 * 2^106 < 2^113.
func (e *element) mul(a, b *element) {
	a0, a1, a2, a3, a4 := a[0], a[1], a[2], a[3], a[4]
	b0, b1, b2, b3, b4 := b[0], b[1], b[2], b[3], b[4]
	// 2^255 is 19 modulo p, which folds what lies above back down.
	a1x, a2x, a3x, a4x := 19*a1, 19*a2, 19*a3, 19*a4
	r0 := product(a0, b0).plus(a1x, b4).plus(a2x, b3).plus(a3x, b2).plus(a4x, b1)
	r1 := product(a0, b1).plus(a1, b0).plus(a2x, b4).plus(a3x, b3).plus(a4x, b2)
	r2 := product(a0, b2).plus(a1, b1).plus(a2, b0).plus(a3x, b4).plus(a4x, b3)
	r3 := product(a0, b3).plus(a1, b2).plus(a2, b1).plus(a3, b0).plus(a4x, b4)
	r4 := product(a0, b4).plus(a1, b3).plus(a2, b2).plus(a3, b1).plus(a4, b0)
	c0, c1, c2, c3, c4 := r0.over51(), r1.over51(), r2.over51(), r3.over51(), r4.over51()
	s0, s1, s2, s3, s4 := r0.lo&low51+19*c4, r1.lo&low51+c0, r2.lo&low51+c1, r3.lo&low51+c2, r4.lo&low51+c3
	e[0], e[1], e[2], e[3], e[4] = s0&low51+19*(s4>>51), s1&low51+s0>>51, s2&low51+s1>>51, s3&low51+s2>>51, s4&low51+s3>>51
}

// square sets e to a*a, weak, under the same bounds.
func (e *element) square(a *element) {
	a0, a1, a2, a3, a4 := a[0], a[1], a[2], a[3], a[4]
	d0, d1, d2, a3x, a4x := 2*a0, 2*a1, 2*a2, 19*a3, 19*a4
	r0 := product(a0, a0).plus(d1, a4x).plus(d2, a3x)
	r1 := product(d0, a1).plus(d2, a4x).plus(a3, a3x)
	r2 := product(d0, a2).plus(a1, a1).plus(2*a3, a4x)
	r3 := product(d0, a3).plus(d1, a2).plus(a4, a4x)
	r4 := product(d0, a4).plus(d1, a3).plus(a2, a2)
	c0, c1, c2, c3, c4 := r0.over51(), r1.over51(), r2.over51(), r3.over51(), r4.over51()
	s0, s1, s2, s3, s4 := r0.lo&low51+19*c4, r1.lo&low51+c0, r2.lo&low51+c1, r3.lo&low51+c2, r4.lo&low51+c3
	e[0], e[1], e[2], e[3], e[4] = s0&low51+19*(s4>>51), s1&low51+s0>>51, s2&low51+s1>>51, s3&low51+s2>>51, s4&low51+s3>>51
}

// squares squares e n times.
func (e *element) squares(a *element, n int) {
	e.square(a)
	for range n - 1 {
		e.square(e)
	}
}

// powers sets e to a^(2^250-1), and eleven to a^11, from which the two powers
// below are made.
func (e *element) powers(a, eleven *element) {
	var two, nine, t, u element
	two.square(a)
	nine.squares(&two, 2)
	nine.mul(&nine, a)
	eleven.mul(&nine, &two)
	t.square(eleven)
	t.mul(&t, &nine) // 2^5-1
	u.squares(&t, 5)
	t.mul(&u, &t) // 2^10-1
	u.squares(&t, 10)
	u.mul(&u, &t) // 2^20-1
	e.squares(&u, 20)
	u.mul(e, &u) // 2^40-1
	u.squares(&u, 10)
	t.mul(&u, &t) // 2^50-1
	u.squares(&t, 50)
	u.mul(&u, &t) // 2^100-1
	e.squares(&u, 100)
	u.mul(e, &u) // 2^200-1
	u.squares(&u, 50)
	e.mul(&u, &t) // 2^250-1
}

// invert sets e to 1/a = a^(p-2), p-2 = 2^255-21; 0 gives 0.
func (e *element) invert(a *element) {
	var t, eleven element
	t.powers(a, &eleven)
	t.squares(&t, 5)
	e.mul(&t, &eleven)
}

// root sets e to a^((p-5)/8) = a^(2^252-3), of which square roots are made.
func (e *element) root(a *element) {
	var t, eleven, one element
	one = *a
	t.powers(a, &eleven)
	t.squares(&t, 2)
	e.mul(&t, &one)
}

// reduced is e in its one form below p.
func (e *element) reduced() element {
	r := *e
	r.weak()
	// r is below 2p. It is p or more exactly if r+19 reaches 2^255.
	q := (r[0] + 19) >> 51
	for i := 1; i < 5; i++ {
		q = (r[i] + q) >> 51
	}
	r[0] += 19 * q
	for i := range 4 {
		r[i+1] += r[i] >> 51
		r[i] &= low51
	}
	r[4] &= low51
	return r
}

func (e *element) equal(o *element) bool { return e.reduced() == o.reduced() }

func (e *element) negative() bool { r := e.reduced(); return r[0]&1 == 1 }

// bytes is e below p, little-endian.
func (e *element) bytes() (b [32]byte) {
	r := e.reduced()
	binary.LittleEndian.PutUint64(b[0:], r[0]|r[1]<<51)
	binary.LittleEndian.PutUint64(b[8:], r[1]>>13|r[2]<<38)
	binary.LittleEndian.PutUint64(b[16:], r[2]>>26|r[3]<<25)
	binary.LittleEndian.PutUint64(b[24:], r[3]>>39|r[4]<<12)
	return b
}

// setBytes reads 255 bits, little-endian; the last one is another's.
func (e *element) setBytes(b *[32]byte) {
	w := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	e[0] = w(0) & low51
	e[1] = w(6) >> 3 & low51
	e[2] = w(12) >> 6 & low51
	e[3] = w(19) >> 1 & low51
	e[4] = w(24) >> 12 & low51
}
