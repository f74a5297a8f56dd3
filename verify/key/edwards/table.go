package edwards

// A scalar is cut into parts of 32 bits, and a table holds multiples of the
// point for each: so it takes 32 doublings to add up all of them, not 253.
const (
	partBits = 32
	parts    = 256 / partBits
)

// A table holds, for each part i, the odd multiples 1, 3, 5, … of 2^(32i)
// times a point.
type table [parts][]affine

// newTable makes a table for digits of so many bits.
func newTable(c *constants, p *point, width uint) *table {
	n := 1 << (width - 2) // odd multiples below half of 2^width
	all := make([]point, parts*n)
	at := *p
	for part := range parts {
		own := all[part*n : (part+1)*n]
		own[0] = at
		var twice point
		twice.twice(&at)
		for i := 1; i < n; i++ {
			own[i].sum(c, &own[i-1], &twice)
		}
		for range partBits {
			at.twice(&at)
		}
	}
	return normalize(c, all, n)
}

func (p *point) twice(a *point) {
	var r doubled
	r.double(a)
	p.set(&r)
}

// normalize divides all points by their Z with one inversion.
func normalize(c *constants, all []point, n int) *table {
	before := make([]element, len(all)) // the product of all Z before this one
	product := one
	for i := range all {
		before[i] = product
		product.mul(&product, &all[i].z)
	}
	var inverse element
	inverse.invert(&product)
	ready := make([]affine, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		var x, y, z element
		z.mul(&inverse, &before[i])
		inverse.mul(&inverse, &all[i].z)
		x.mul(&all[i].x, &z)
		y.mul(&all[i].y, &z)
		ready[i].sum.add(&y, &x)
		ready[i].sum.weak()
		ready[i].diff.sub(&y, &x)
		ready[i].xy2d.mul(&x, &y)
		ready[i].xy2d.mul(&ready[i].xy2d, &c.d2)
	}
	t := new(table)
	for part := range parts {
		t[part] = ready[part*n : (part+1)*n]
	}
	return t
}

// addUp sets p to a times the point of one table plus b times that of the
// other.
func (p *point) addUp(a *digits, first *table, b *digits, second *table) {
	*p = point{y: one, z: one}
	var r doubled
	for bit := partBits - 1; bit >= 0; bit-- {
		r.double(p)
		for part := range parts {
			if d := a[part*partBits+bit]; d != 0 {
				p.set(&r)
				r.digit(p, first[part], d)
			}
			if d := b[part*partBits+bit]; d != 0 {
				p.set(&r)
				r.digit(p, second[part], d)
			}
		}
		p.setProjective(&r)
	}
	// The last T was not made, and encoding needs none.
}

func (r *doubled) digit(p *point, multiples []affine, d int8) {
	if d > 0 {
		r.add(p, &multiples[d/2], false)
	} else {
		r.add(p, &multiples[-d/2], true)
	}
}
