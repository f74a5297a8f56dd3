package qr

import "math"

// Of a small or damaged symbol often only two finders are seen. Where two
// look like finders of one symbol, the third is searched where it must be.

const (
	// maxPairs is how many pairs of one picture are completed.
	maxPairs = 4
	// minPairLike is how like a finder each of the two must look.
	minPairLike = .6
	// minThirdLike is how like one the third must look.
	minThirdLike = .6
	// thirdSlack is how far off its place the third may be, as a share of
	// the distance between the two: what tilt does.
	thirdSlack = .12
)

// readPairs completes pairs of finders that are in no symbol yet.
func (r *Reader) readPairs(scale int) {
	n := min(len(r.finders), maxJoined) // they are sorted by quality
	pairs := 0
	for i := range n {
		for j := range i {
			a, b := &r.finders[i], &r.finders[j]
			if a.used || b.used || a.module > 1.4*b.module || b.module > 1.4*a.module {
				continue
			}
			if r.readPair(a, b, scale, &pairs) || pairs == maxPairs {
				return
			}
		}
	}
}

// readPair reads a symbol of which a and b are two finders: on one side, or
// across from each other.
func (r *Reader) readPair(a, b *finder, scale int, pairs *int) bool {
	d := b.at.sub(a.at)
	distance, module := d.length(), (a.module+b.module)/2
	if distance < 13*module || distance > 1.5*maxModules*module {
		return false
	}
	u := d.mul(1 / distance)
	v := point{-u.y, u.x}
	side := min(r.finderLikeness(a.at, u.mul(module), v.mul(module)), r.finderLikeness(b.at, u.mul(module), v.mul(module)))
	p, q := u.add(v).mul(math.Sqrt2/2), v.sub(u).mul(math.Sqrt2/2)
	across := min(r.finderLikeness(a.at, p.mul(module), q.mul(module)), r.finderLikeness(b.at, p.mul(module), q.mul(module)))
	if max(side, across) < minPairLike {
		return false
	}
	*pairs++
	reach := distance * thirdSlack / module
	if r.effort <= 0 {
		return false
	}
	down := v.mul(distance)
	if side >= across {
		for _, corner := range [...]*finder{a, b} {
			for _, way := range [...]float64{1, -1} {
				c, like := r.searchFinder(corner.at.add(down.mul(way)), u.mul(module), v.mul(module), reach)
				if like >= minThirdLike && r.readThird(a, b, c, module, scale) {
					return true
				}
			}
		}
		return false
	}
	middle := a.at.add(d.mul(.5))
	for _, way := range [...]float64{.5, -.5} {
		c, like := r.searchFinder(middle.add(down.mul(way)), p.mul(module), q.mul(module), reach)
		if like >= minThirdLike && r.readThird(a, b, c, module, scale) {
			return true
		}
	}
	return false
}

// searchFinder looks for a finder within reach modules of c.
func (r *raster) searchFinder(c, right, down point, reach float64) (point, float64) {
	best, at := 0.0, c
	n := int(reach) + 1
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			p := c.along(right, down, float64(i), float64(j))
			r.effort -= lumaCost
			if !r.inside(p) || r.contrast(p) >= 0 {
				continue
			}
			if like := r.finderLikeness(p, right, down); like > best {
				best, at = like, p
			}
		}
	}
	for _, s := range [...]float64{.5, .25, .12} {
		middle := at
		for i := range 9 {
			p := middle.along(right, down, float64(i%3-1)*s, float64(i/3-1)*s)
			if like := r.finderLikeness(p, right, down); like > best {
				best, at = like, p
			}
		}
	}
	return at, best
}

// readThird reads the symbol of a and b and a third finder at c, whichever
// is the corner between the others.
func (r *Reader) readThird(a, b *finder, c point, module float64, scale int) bool {
	third := finder{at: c, module: module, rows: 1}
	for _, t := range [3][3]*finder{{&third, a, b}, {a, b, &third}, {b, a, &third}} {
		if y, ok := newTriple(t[0], t[1], t[2]); ok && r.readTriple(y, scale) {
			return true
		}
	}
	return false
}
