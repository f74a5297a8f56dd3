package qr

import (
	"math"

	"badgekiosk/scanner"
)

// readTriple reads the symbol of a triple and tells whether there is one.
func (r *Reader) readTriple(t triple, scale int) bool {

	p := r.poseOf(t)
	c := r.versionsOf(&p)
	for _, v := range c.version[:c.n] {
		tilts := []point{p.tilt, {}}
		if math.Abs(p.tilt.x) < flat && math.Abs(p.tilt.y) < flat {
			tilts = tilts[:1]
		}
		for _, tilt := range tilts {
			p.tilt = tilt
			if y, m, ok := r.readVersionAt(r.layout(v), p); ok {
				t.topLeft.used, t.topRight.used, t.bottomLeft.used = true, true, true
				y.Corners = corners(&m, dimension(v), scale, r.origin)
				r.symbols = append(r.symbols, y)
				return true
			}
		}
	}
	if t.like > minSightLike {
		r.sightPose(p)
	}
	return false
}

// flat is the tilt below which there is none worth a second look without it.
const flat = .02

func (r *Reader) layout(version int) *layout {
	if r.layouts[version] == nil {
		r.layouts[version] = newLayout(version)
	}
	return r.layouts[version]
}

// Least likeness of the patterns at a pose, which most false triples miss.
const (
	minPoseFinder = .2
	minPoseMean   = .45
	minPoseTiming = 1.05 // mean likeness of finders plus the better timing pattern's
)

// plausible tells whether finder and timing patterns are where m puts them.
func (r *raster) plausible(m *homography, dim int, finders [3]point) bool {
	sum := 0.0
	for _, c := range finderMatches(dim, finders) {
		right, down := m.steps(c.u, c.v)
		like := r.finderLikeness(c.p, right, down)
		if like < minPoseFinder {
			return false
		}
		sum += like
	}
	mean := sum / 3
	if mean < minPoseMean {
		return false
	}
	return mean+max(r.timingLikeness(m, dim, false), r.timingLikeness(m, dim, true)) >= minPoseTiming
}

// readVersionAt reads the symbol of a pose as one of layout l.
func (r *Reader) readVersionAt(l *layout, p pose) (y scanner.Symbol, m homography, ok bool) {
	m = fromFinders(p.finders[0], p.finders[1], p.finders[2], float64(l.dim-finderSize), p.tilt)
	if !r.plausible(&m, l.dim, p.finders) {
		return y, m, false
	}
	r.release()
	if !r.spend(quickCost*l.dim*l.dim) || r.attempted(l.version, p, finderModule(&m)) {
		return y, m, false
	}
	r.align(l, &m, p.finders)
	if !r.locate(l, &m, r.mesh.n > 0) {
		r.sight(l, &m, 0, true)
		return y, m, false
	}
	r.sampleQuickly()
	if y, ok = r.decodeQuickly(l); ok {
		return y, m, true
	}
	right, _ := m.steps(float64(l.dim)/2, float64(l.dim)/2)
	y, ok = r.decodeCarefully(l, &m, right.length())
	return y, m, ok
}

// An attempt is a pose that was sampled with care, in vain.
type attempt struct {
	version, scale int
	pose
}

// attempted tells whether much the same pose was tried before; if not it is
// entered.
func (r *Reader) attempted(version int, p pose, module float64) bool {
	const same = .05 // of a module
	near := same * module
next:
	for _, a := range r.attempts {
		if a.version != version || a.scale != r.scale || a.tilt.sub(p.tilt).length() > flat {
			continue
		}
		for i, p := range p.finders {
			if p.sub(a.finders[i]).length() > near {
				continue next
			}
		}
		return true
	}
	r.attempts = append(r.attempts, attempt{version, r.scale, p})
	return false
}
