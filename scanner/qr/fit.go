package qr

import "math"

// A frame is the centre of a finder pattern and how far one module reaches to
// its right and down, in pixels: two sides of it, whichever they are.
type frame struct{ at, right, down point }

// Likeness of a finder pattern that is fitted.
const (
	minHalfTurned = .3  // worth trying all turns, of half of them
	minTurned     = .35 // worth fitting, of the best of them
	minWeak       = .42 // the same, of a crossing alone
	minNearly     = .5  // worth fitting further
	minNearlyWeak = .55 // the same, of a crossing alone
	minFitted     = .68 // accepted
)

// turns are the angles at which a finder is looked for; a quarter turn makes
// the same pattern.
var turns = newTurns()

func newTurns() (out [6]point) {
	for i := range out {
		s, c := math.Sincos((float64(i) - float64(len(out)-1)/2) * math.Pi / 2 / float64(len(out)))
		out[i] = point{c, s}
	}
	return
}

// turned finds the turn at which the picture around c is most like a finder
// pattern with modules of that size, or, slanting, of which a row crosses
// seven such modules.
func (r *raster) turned(c point, module float64, slanting bool) (f frame, like float64) {
	size := module
	for i := range turns {
		// every other turn first: one of them is near enough to say whether
		// the rest is worth while
		if i == len(turns)/2 && like < minHalfTurned {
			return f, like
		}
		t := turns[2*i%len(turns)+2*i/len(turns)]
		if module = size; slanting {
			module *= t.x
		}
		right := t.mul(module)
		down := point{-right.y, right.x}
		if l := r.finderLikeness(c, right, down); l > like {
			like, f = l, frame{c, right, down}
		}
	}
	return f, like
}

// fit moves, turns and stretches a frame until the picture there is most like
// a finder pattern; it stops early where that is less than nearly one.
func (r *raster) fit(f frame, like, nearly float64) (frame, float64) {
	for i, step := range [...]float64{.5, .3, .15} { // modules
		if i == 1 && like < nearly {
			break
		}
		for i := range 6 {
			for _, s := range [...]float64{step, -step} {
				g := f
				reach := s / (finderSize / 2.)
				switch i {
				case 0:
					g.at = f.at.add(f.right.mul(s))
				case 1:
					g.at = f.at.add(f.down.mul(s))
				case 2:
					g.right = f.right.add(f.down.mul(reach))
				case 3:
					g.down = f.down.add(f.right.mul(reach))
				case 4:
					g.right = f.right.mul(1 + reach)
				case 5:
					g.down = f.down.mul(1 + reach)
				}
				if l := r.finderLikeness(g.at, g.right, g.down); l > like {
					like, f = l, g
					break
				}
			}
		}
	}
	return f, like
}

// fitFinder fits f, once.
func (r *raster) fitFinder(f *finder) {
	if f.like > 0 {
		return
	}
	t, like := r.turned(f.at, f.module, false)
	if like >= minTurned {
		t, like = r.fit(t, like, minNearly)
	}
	f.right, f.down, f.like = t.right, t.down, max(like, 1e-6)
}

// in returns d in modules to the right and down of f.
func (f *finder) in(d point) (right, down float64) {
	area := f.right.cross(f.down)
	if area == 0 {
		return 0, 0
	}
	return d.cross(f.down) / area, f.right.cross(d) / area
}

// moat tells whether dark is surrounded by light at c, and that by dark, as
// in a finder pattern of which a row crosses width pixels; or light by dark by
// light where sign is -1 instead of 1. On a circle of 2.2 modules it is light
// whichever way the pattern is turned, on one of 3.1 half dark at least.
func (r *raster) moat(c point, width, sign float64) bool {
	core := sign * r.luma(c)
	for _, chord := range [...]float64{7.2, 8.6} {
		module := width / chord
		least, light := 255., 0.
		r.effort -= lumaCost * len(compass)
		for _, d := range compass {
			v := sign * r.luma(c.add(d.mul(moatRadius*module)))
			if v < core+moatDepth {
				least = v
				break
			}
			light += v
		}
		if least < core+moatDepth {
			continue
		}
		r.effort -= lumaCost * len(compass)
		dark := 0.
		for _, d := range compass {
			dark += sign * r.luma(c.add(d.mul(ringRadius*module)))
		}
		n := float64(len(compass))
		if light-dark > max(n*moatDepth/2, moatShare*(light-n*core)) {
			return true
		}
	}
	return false
}

const (
	moatRadius, ringRadius = 2.2, 3.1 // modules
	// moatDepth is how many grey levels lighter the ring is than the middle,
	// at least, and moatShare how much lighter than the ring around, as a
	// share of that.
	moatDepth = 4
	moatShare = .2
)

// compass are eight directions.
var compass = [8]point{{1, 0}, {math.Sqrt2 / 2, math.Sqrt2 / 2}, {0, 1}, {-math.Sqrt2 / 2, math.Sqrt2 / 2},
	{-1, 0}, {-math.Sqrt2 / 2, -math.Sqrt2 / 2}, {0, -1}, {math.Sqrt2 / 2, -math.Sqrt2 / 2}}

// core tells where the middle of the dark around a crossing is in its column,
// if it is about as high as wide.
func (r *raster) core(c crossing) (middle float64, ok bool) {
	if r.pix[c.y*r.stride+c.x] >= r.limit(c.x, c.y) {
		return 0, false
	}
	most := 2 * c.core
	below, above := r.run(c.x, c.y, 1, true, most), r.run(c.x, c.y-1, -1, true, most)
	high := below + above
	r.effort -= high
	return float64(c.y) + float64(below-above)/2, below > 0 && above >= 0 && high <= most && most <= 4*high
}

// weakFinders adds what is like a finder pattern as a whole, though its rows,
// columns and diagonals are blurred.
func (r *Reader) weakFinders(list []crossing) {
	r.dull = r.dull[:0]
	for _, c := range list {
		if len(r.finders) == maxFinders || !r.spend(lookCost+len(r.finders)/2) {
			return
		}
		y, ok := r.core(c)
		if !ok {
			continue
		}
		at, width := point{c.mid, y}, float64(c.width)
		if r.found(at) || r.isDull(at, width) || !r.moat(at, width, 1) {
			continue
		}
		f, like := r.turned(at, width/finderSize, true)
		if like >= minWeak {
			f, like = r.fit(f, like, minNearlyWeak)
		}
		if like < minFitted || !r.inside(f.at) {
			r.dull = append(r.dull, finder{at: at, module: width / finderSize})
			continue
		}
		r.addFinder(finder{at: f.at, module: (f.right.length() + f.down.length()) / 2, rows: 1, unlike: 2 * (1 - like), right: f.right, down: f.down, like: like})
	}
}

// found tells whether there is a finder at a place.
func (r *Reader) found(at point) bool {
	for i := range r.finders {
		f := &r.finders[i]
		if d := f.at.sub(at); d.dot(d) < 6*f.module*f.module {
			return true
		}
	}
	return false
}

// isDull tells whether a row close above was fitted in vain at much the same
// place.
func (r *Reader) isDull(at point, width float64) bool {
	const same = .5 * .5
	for _, o := range r.dull {
		if d := o.at.sub(at); d.dot(d) < same*o.module*o.module {
			return true
		}
	}
	return false
}

// maxWeak is how many crossings that are no finder at once are kept.
const maxWeak = 4096
