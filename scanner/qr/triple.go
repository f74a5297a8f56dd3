package qr

import (
	"cmp"
	"math"
	"slices"
)

const (
	// maxFinders is how many finders of a camera's frame are kept, and
	// stillFinders of a still picture: those of maxSymbols, and some.
	maxFinders   = 256
	stillFinders = 4 * maxSymbols
	// fewJoined and maxJoined are how many finders, the best, are joined each
	// with each, first and then.
	fewJoined = 12
	maxJoined = 28
	// maxPartners is how many of its nearest neighbours of like size a
	// finder is joined with where there are more.
	maxPartners = 10
	// maxTriples is how many triples are compared with the picture.
	maxTriples = 400
	// sizeRatio is how much larger one finder of a symbol may look.
	sizeRatio = 2.2
)

// A triple is three finders that may belong to one symbol.
type triple struct {
	topLeft, topRight, bottomLeft *finder
	// unlike is how far it is from what three finders of one symbol look
	// like; the least is tried first.
	unlike float64
	// like is how like finder patterns the three look, in the mean.
	like float64
}

// A partner is a finder near another.
type partner struct {
	index    int
	distance float64
}

func (r *Reader) mostFinders() int {
	if r.Live {
		return maxFinders
	}
	return stillFinders
}

// quality ranks finders: less is better.
func (f *finder) quality() float64 { return f.unlike - .05*float64(min(f.rows, 6)) }

func byQuality(a, b finder) int { return cmp.Compare(a.quality(), b.quality()) }

// findTriples lists triples of the best finders, best first, in r.triples:
// each joined with each, or with its nearest neighbours only.
func (r *Reader) findTriples(best int, nearest bool) {
	r.triples = r.triples[:0]
	slices.SortFunc(r.finders, byQuality)
	fs := r.finders[:min(len(r.finders), best)]
	for i := range fs {
		if fs[i].used || r.seem(&fs[i]) < minSeems {
			continue
		}
		near := r.partnersOf(fs, i)
		if nearest && len(near) > maxPartners {
			slices.SortFunc(near, func(a, b partner) int { return cmp.Compare(a.distance, b.distance) })
			near = near[:maxPartners]
		}
		for j, p := range near {
			for _, q := range near[j+1:] {
				r.effort -= joinCost
				if t, ok := newTriple(&fs[i], &fs[p.index], &fs[q.index]); ok {
					r.triples = append(r.triples, t)
				}
			}
		}
	}
	slices.SortFunc(r.triples, func(a, b triple) int { return cmp.Compare(a.unlike, b.unlike) })
	if len(r.triples) > maxTriples {
		r.triples = r.triples[:maxTriples]
	}
}

// minSeems is how like a finder pattern a finder must seem that is joined.
const minSeems = .3

// seem says how like a finder pattern f is, turned as it is most like one.
func (r *raster) seem(f *finder) float64 {
	if f.seems == 0 {
		_, like := r.turned(f.at, f.module, false)
		f.seems = max(like, 1e-6)
	}
	return f.seems
}

// partnersOf lists the finders that can be in a symbol with i, which is the
// one at the top left: so no triple is listed twice.
func (r *Reader) partnersOf(fs []finder, i int) []partner {
	f := &fs[i]
	near := r.partners[:0]
	for j := range fs {
		o := &fs[j]
		if i == j || o.used || o.module > sizeRatio*f.module || f.module > sizeRatio*o.module || r.seem(o) < minSeems {
			continue
		}
		d := o.at.sub(f.at).length()
		apart := d / (f.module + o.module) * 2
		if apart < 9 || apart > 260 {
			continue
		}
		near = append(near, partner{j, d})
	}
	r.partners = near[:0]
	return near
}

// newTriple makes a triple with its corner at a, if the angle there and the
// sides can be a symbol's as a camera sees it.
func newTriple(a, p, q *finder) (triple, bool) {
	u, v := p.at.sub(a.at), q.at.sub(a.at)
	uu, vv := u.dot(u), v.dot(v)
	if uu > 6.25*vv || vv > 6.25*uu {
		return triple{}, false
	}
	if w := p.at.sub(q.at); w.dot(w) < .55*max(uu, vv) {
		return triple{}, false // the corner is elsewhere
	}
	small, large := min(a.module, p.module, q.module), max(a.module, p.module, q.module)
	if large > sizeRatio*small {
		return triple{}, false
	}
	lu, lv := math.Sqrt(uu), math.Sqrt(vv)
	angle := math.Abs(u.dot(v)) / (lu * lv) // its cosine
	if angle > .8 {
		return triple{}, false
	}
	apart := (lu + lv) / 2 / ((a.module + p.module + q.module) / 3)
	if u.cross(v) < 0 {
		p, q = q, p
	}
	rows := min(a.rows, 8) + min(p.rows, 8) + min(q.rows, 8)
	unlike := 1.5*angle + 2*math.Abs(lu-lv)/(lu+lv) + large/small - 1 +
		.7*(a.unlike+p.unlike+q.unlike) - .03*float64(rows) + .002*apart
	return triple{topLeft: a, topRight: p, bottomLeft: q, unlike: unlike}, true
}

// Least likeness of a triple's finders to the template, each and in sum.
const (
	minFinderLike = .2
	minTripleLike = 1.2
)

// compareTriples returns the triples whose finders look like finder patterns
// along the triple's own axes, best first, in ts.
func (r *raster) compareTriples(ts []triple) []triple {
	kept := ts[:0]
	for _, t := range ts {
		right, down := t.topRight.at.sub(t.topLeft.at), t.bottomLeft.at.sub(t.topLeft.at)
		right, down = right.mul(1/right.length()), down.mul(1/down.length())
		sum := 0.0
		for _, f := range [...]*finder{t.topLeft, t.topRight, t.bottomLeft} {
			like := r.finderLikeness(f.at, right.mul(f.module), down.mul(f.module))
			if like < minFinderLike {
				sum = 0
				break
			}
			sum += like
		}
		if sum >= minTripleLike {
			t.like = sum / 3
			t.unlike = .12*t.unlike - t.like
			kept = append(kept, t)
		}
	}
	slices.SortFunc(kept, func(a, b triple) int { return cmp.Compare(a.unlike, b.unlike) })
	return kept
}
