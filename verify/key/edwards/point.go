package edwards

import "sync"

// A point of the curve -x²+y² = 1+dx²y² in extended coordinates: x = X/Z,
// y = Y/Z, xy = T/Z. Its formulas hold for any two points.
//
// Source: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited",
// section 3; RFC 8032, section 5.1.4.
type point struct{ x, y, z, t element }

// A doubled is what doubling and adding give: x = X/Z, y = Y/T. It costs
// three or four multiplications to become a point again.
type doubled struct{ x, y, z, t element }

// An affine is a point ready to be added: y+x, y-x and 2dxy.
type affine struct{ sum, diff, xy2d element }

var (
	zero = element{}
	one  = element{1}
)

// The curve's constants follow from its definition.
type constants struct {
	d, d2, rootMinus1 element
	base              point
}

var curve = sync.OnceValue(func() *constants {
	c := new(constants)
	var t element
	t.invert(&element{121666})
	c.d.mul(&t, &element{121665})
	c.d.sub(&zero, &c.d)
	c.d2.add(&c.d, &c.d)
	c.d2.weak()
	// 2 is no square, so 2^((p-1)/4) is a root of -1. (p-1)/4 = 2(p-5)/8 + 1.
	two := element{2}
	c.rootMinus1.root(&two)
	c.rootMinus1.square(&c.rootMinus1)
	c.rootMinus1.mul(&c.rootMinus1, &two)
	t.invert(&element{5})
	t.mul(&t, &element{4}) // the base point's y is 4/5, its x even
	bytes := t.bytes()
	c.base.decode(c, &bytes)
	return c
})

// decode reads an encoded point: RFC 8032, section 5.1.3. It is false if y is
// that of no point. As in Go's standard library, y may be p or more, and the
// sign of 0 counts for nothing.
func (p *point) decode(c *constants, b *[32]byte) bool {
	var yy, u, v, v3, r, check element
	p.y.setBytes(b)
	p.z = one
	yy.square(&p.y)
	u.sub(&yy, &one)
	v.mul(&c.d, &yy)
	v.add(&v, &one)
	v.weak()
	// x = u v³ (u v⁷)^((p-5)/8) is a root of u/v, or of -u/v.
	v3.square(&v)
	v3.mul(&v3, &v)
	r.square(&v3)
	r.mul(&r, &v)
	r.mul(&r, &u)
	r.root(&r)
	r.mul(&r, &v3)
	r.mul(&r, &u)
	check.square(&r)
	check.mul(&check, &v)
	if !check.equal(&u) {
		var minus element
		minus.sub(&zero, &u)
		if !check.equal(&minus) {
			return false
		}
		r.mul(&r, &c.rootMinus1)
	}
	if r.negative() != (b[31]>>7 == 1) {
		r.sub(&zero, &r)
	}
	p.x = r
	p.t.mul(&p.x, &p.y)
	return true
}

// negate sets p to -p.
func (p *point) negate() {
	p.x.sub(&zero, &p.x)
	p.t.sub(&zero, &p.t)
}

// encode is the one encoding of a point.
func (p *point) encode() [32]byte {
	var inverse, x, y element
	inverse.invert(&p.z)
	x.mul(&p.x, &inverse)
	y.mul(&p.y, &inverse)
	b := y.bytes()
	if x.negative() {
		b[31] |= 0x80
	}
	return b
}

// set makes r a point.
func (p *point) set(r *doubled) {
	p.x.mul(&r.x, &r.t)
	p.y.mul(&r.y, &r.z)
	p.z.mul(&r.z, &r.t)
	p.t.mul(&r.x, &r.y)
}

// setProjective is set without T, which doubling does not need.
func (p *point) setProjective(r *doubled) {
	p.x.mul(&r.x, &r.t)
	p.y.mul(&r.y, &r.z)
	p.z.mul(&r.z, &r.t)
}

// double sets r to 2p.
func (r *doubled) double(p *point) {
	var xx, yy, zz2, sum element
	xx.square(&p.x)
	yy.square(&p.y)
	zz2.square(&p.z)
	zz2.add(&zz2, &zz2)
	sum.add(&p.x, &p.y)
	sum.square(&sum)
	r.y.add(&yy, &xx)
	r.z.sub(&yy, &xx)
	r.x.sub(&sum, &r.y)
	r.t.sub(&zz2, &r.z)
}

// add sets r to p+a, or to p-a.
func (r *doubled) add(p *point, a *affine, minus bool) {
	sum, diff := &a.sum, &a.diff
	if minus {
		sum, diff = diff, sum
	}
	var high, low, txy, zz element
	high.add(&p.y, &p.x)
	low.sub(&p.y, &p.x)
	high.mul(&high, sum)
	low.mul(&low, diff)
	txy.mul(&p.t, &a.xy2d)
	zz.add(&p.z, &p.z)
	r.x.sub(&high, &low)
	r.y.add(&high, &low)
	r.z.add(&zz, &txy)
	r.t.sub(&zz, &txy)
	if minus {
		r.z, r.t = r.t, r.z
	}
}

// sum sets p to a+b.
func (p *point) sum(c *constants, a, b *point) {
	var r doubled
	var high, low, other, txy, zz element
	high.add(&a.y, &a.x)
	other.add(&b.y, &b.x)
	high.mul(&high, &other)
	low.sub(&a.y, &a.x)
	other.sub(&b.y, &b.x)
	low.mul(&low, &other)
	txy.mul(&a.t, &b.t)
	txy.mul(&txy, &c.d2)
	zz.mul(&a.z, &b.z)
	zz.add(&zz, &zz)
	r.x.sub(&high, &low)
	r.y.add(&high, &low)
	r.z.add(&zz, &txy)
	r.t.sub(&zz, &txy)
	p.set(&r)
}
