package qr

import (
	"cmp"
	"math"
	"slices"
)

// Of a small, blurred or damaged symbol often only two finders are seen.
// Where two look like finders of one symbol, the third is searched where it
// must be.

const (
	// maxPairs is how many pairs of one picture are completed.
	maxPairs = 4
	// minPairLike is how like a finder each of the two must look, and
	// minThirdLike how like one the third.
	minPairLike  = .6
	minThirdLike = .55
	// aslant is how far the line between two may be off the direction that
	// each of them shows, as a share of its length.
	aslant = .3
	// alongSlack and acrossSlack are how far off its place the third may be,
	// as a share of the distance between the two: what perspective does.
	alongSlack  = .25
	acrossSlack = .12
)

// A pair is two finders that may be of one symbol.
type pair struct {
	a, b *finder
	like float64
}

// readPairs completes the best pairs of finders that are in no symbol yet.
func (r *Reader) readPairs(scale int) {
	n := min(len(r.finders), maxJoined) // they are sorted by quality
	r.pairs = r.pairs[:0]
	for i := range n {
		if !r.spend(lookCost) {
			return
		}
		a := &r.finders[i]
		if a.used {
			continue
		}
		if r.fitFinder(a); a.like < minPairLike {
			continue
		}
		for j := range i {
			b := &r.finders[j]
			if !b.used && b.like >= minPairLike && a.module < 1.5*b.module && b.module < 1.5*a.module {
				r.pairs = append(r.pairs, pair{a, b, a.like + b.like})
			}
		}
	}
	slices.SortFunc(r.pairs, func(a, b pair) int { return cmp.Compare(b.like, a.like) })
	tried := 0
	for _, p := range r.pairs {
		if r.readPair(p.a, p.b, scale, &tried) || tried == maxPairs || r.effort <= 0 {
			return
		}
	}
}

// readPair reads a symbol of which a and b are two finders: on one side, or
// across from each other.
func (r *Reader) readPair(a, b *finder, scale int, tried *int) bool {
	d := b.at.sub(a.at)
	s, t := a.in(d)
	if math.Abs(s) < math.Abs(t) { // name the sides so that b is to the right of a
		a.right, a.down = a.down, a.right
		s, t = t, s
	}
	if math.Abs(b.right.dot(a.right))*b.down.length() < math.Abs(b.down.dot(a.right))*b.right.length() {
		b.right, b.down = b.down, b.right // as a's are
	}
	u, v := b.in(d)
	apart := (math.Abs(s) + math.Abs(u)) / 2
	if apart < minVersionApart || apart > maxModules {
		return false
	}
	switch {
	case math.Abs(t) < aslant*math.Abs(s) && math.Abs(v) < aslant*math.Abs(u):
		*tried++
		for _, f := range [...]*finder{a, b} {
			for _, way := range [...]float64{1, -1} {
				at := f.at.add(f.down.mul(way * apart))
				if r.readThird(a, b, at, f.right, f.down, acrossSlack*apart, alongSlack*apart, scale) {
					return true
				}
			}
		}
	case math.Abs(t) > (1-2*aslant)*math.Abs(s) && math.Abs(v) > (1-2*aslant)*math.Abs(u):
		*tried++
		// one corner is to the right of a and above or below b, the other the
		// other way round
		for _, at := range [...]point{
			a.at.add(a.right.mul(s)).add(b.at.sub(b.down.mul(v))).mul(.5),
			a.at.add(a.down.mul(t)).add(b.at.sub(b.right.mul(u))).mul(.5),
		} {
			if r.readThird(a, b, at, a.right, a.down, acrossSlack*apart, acrossSlack*apart, scale) {
				return true
			}
		}
	}
	return false
}

// minVersionApart is a little less than what the finders of version 1 are
// apart.
const minVersionApart = 12

// readThird looks for a finder within so many modules of a place and reads
// the symbol of it, a and b, whichever is the corner between the others.
func (r *Reader) readThird(a, b *finder, at, right, down point, across, along float64, scale int) bool {
	f, like := r.searchFinder(frame{at, right, down}, across, along)
	if like < minThirdLike || r.effort <= 0 {
		return false
	}
	third := finder{at: f.at, module: (f.right.length() + f.down.length()) / 2, rows: 1, right: f.right, down: f.down, like: like}
	for _, t := range [3][3]*finder{{&third, a, b}, {a, b, &third}, {b, a, &third}} {
		if y, ok := newTriple(t[0], t[1], t[2]); ok && r.readTriple(y, scale) {
			return true
		}
	}
	return false
}

// searchFinder looks for a finder around f.
func (r *raster) searchFinder(f frame, across, along float64) (frame, float64) {
	best, at := 0.0, f.at
	m, n := int(across+.5), int(along+.5)
	for i := -m; i <= m; i++ {
		for j := -n; j <= n; j++ {
			p := f.at.along(f.right, f.down, float64(i), float64(j))
			if !r.inside(p) || !r.ringed(p, f.right, f.down) {
				continue
			}
			if like := r.finderLikeness(p, f.right, f.down); like > best {
				best, at = like, p
			}
		}
	}
	f.at = at
	if best < minTurned {
		return f, best
	}
	return r.fit(f, best, minNearly)
}

// ringed tells whether it is lighter around c than there, as a finder's light
// ring is.
func (r *raster) ringed(c, right, down point) bool {
	r.effort -= 5 * lumaCost
	around := 0.0
	for _, d := range [4]point{{2, 0}, {-2, 0}, {0, 2}, {0, -2}} {
		around += r.luma(c.along(right, down, d.x, d.y))
	}
	return around/4 > r.luma(c)+moatDepth
}
