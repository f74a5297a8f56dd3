package qr

import "math"

// minVersionLike is how like a version word the modules must be.
const minVersionLike = .62

// readVersion reads the version information beside the top right and bottom
// left finders, which are apart modules from the top left one. Its second
// result says how like a version word it is (7.10).
func (r *raster) readVersion(m *homography, apart float64) (int, float64) {
	r.effort -= 2 * versionBits * lumaCost
	var soft [versionBits]float64
	far := finderMid + apart
	topRight, bottomLeft := m.at(far, finderMid), m.at(finderMid, far)
	tr, td := m.steps(far, finderMid)
	br, bd := m.steps(finderMid, far)
	const full = 40 // grey levels; more says no more
	for i := range soft {
		along, across := float64(i/3)-3, float64(i%3)-7
		a := -r.contrast(topRight.along(tr, td, across, along))
		b := -r.contrast(bottomLeft.along(br, bd, along, across))
		soft[i] = clamp(a/full, -1, 1) + clamp(b/full, -1, 1)
	}
	return bestWord(versionWords[:], soft[:])
}

// A pose is what three finders say of a symbol's place before its version is
// known.
type pose struct {
	finders [3]point // top left, top right, bottom left
	apart   float64  // of finder centres, in modules
	tilt    point    // by how much modules are larger at the top left, less one
}

// limits of a credible tilt
const (
	minTilt = -.45
	maxTilt = .8
)

// poseOf measures a triple along its sides.
func (r *raster) poseOf(t triple) pose {
	p := pose{finders: [3]point{t.topLeft.at, t.topRight.at, t.bottomLeft.at}}
	right, down := p.finders[1].sub(p.finders[0]), p.finders[2].sub(p.finders[0])
	lu, lv := right.length(), down.length()
	right, down = right.mul(1/lu), down.mul(1/lv)
	a, b := r.moduleAlong(t.topLeft, right), r.moduleAlong(t.topRight, right)
	c, d := r.moduleAlong(t.topLeft, down), r.moduleAlong(t.bottomLeft, down)
	if t.topLeft.like+t.topRight.like+t.bottomLeft.like > 3*minPairLike {
		a, b = t.topLeft.side(right), t.topRight.side(right)
		c, d = t.topLeft.side(down), t.bottomLeft.side(down)
	}
	if a+b == 0 || c+d == 0 {
		a, b, c, d = t.topLeft.module, t.topRight.module, t.topLeft.module, t.bottomLeft.module
	}
	a, b = either(a, b)
	c, d = either(c, d)
	p.apart = (lu/math.Sqrt(a*b) + lv/math.Sqrt(c*d)) / 2
	p.tilt = point{clamp(math.Sqrt(a/b)-1, minTilt, maxTilt), clamp(math.Sqrt(c/d)-1, minTilt, maxTilt)}
	return p
}

// side is the size of a module along the side of a fitted finder that is
// nearest to direction d.
func (f *finder) side(d point) float64 {
	if math.Abs(f.right.dot(d)) > math.Abs(f.down.dot(d)) {
		return f.right.length()
	}
	return f.down.length()
}

// either replaces a measure that is missing with the other one.
func either(a, b float64) (float64, float64) {
	if a == 0 {
		a = b
	}
	if b == 0 {
		b = a
	}
	return a, b
}

// moduleAlong measures a module of a finder in one direction, or 0.
func (r *raster) moduleAlong(f *finder, d point) float64 {
	reach := 6 * f.module
	a, ok := r.ray(f.at, d, reach)
	if !ok {
		return 0
	}
	b, ok := r.ray(f.at, d.mul(-1), reach)
	if !ok {
		return 0
	}
	// the widths of 3, 5 and 7 modules; blur makes the second err against
	// the other two
	return ((a[2]+b[2]+a[0]+b[0])/2 + a[1] + b[1]) / 10
}

// candidates are the versions that a pose can be of, likeliest first.
type candidates struct {
	version [3]int
	n       int
}

func (c *candidates) add(v int) {
	if c.n < len(c.version) && v >= minVersion && v <= maxVersion {
		c.version[c.n] = v
		c.n++
	}
}

// versionsOf guesses from the size and, where the symbol has it, reads the
// version.
func (r *raster) versionsOf(p *pose) (c candidates) {
	size := (p.apart + finderSize - 17) / 4
	if size < .2 || size > 46 {
		return c
	}
	slack := .12 * size
	if size > 5.4 {
		for _, tilt := range [...]point{p.tilt, {}} {
			m := fromFinders(p.finders[0], p.finders[1], p.finders[2], p.apart, tilt)
			v, like := r.readVersion(&m, p.apart)
			if like > minVersionLike && math.Abs(float64(v)-size) < 2+slack {
				c.add(v)
				break
			}
		}
	}
	v := int(math.Round(size))
	if size >= 7.6 {
		if c.n == 0 {
			c.add(v)
		}
		return c
	}
	side := 1
	if size < float64(v) {
		side = -1
	}
	for _, v := range [...]int{v, v + side, v - side} {
		if v < firstVersionInfo && math.Abs(float64(v)-size) < .8+slack {
			c.add(v)
		}
	}
	return c
}
