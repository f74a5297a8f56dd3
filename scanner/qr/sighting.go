package qr

import "math"

// A sighting is a code that was seen and not read.
type sighting struct {
	seen        bool
	corners     [4]point // in the frame
	module      float64  // pixels of the frame
	flatness    float64  // the shorter side as a share of the longer
	lost        float64  // share of modules in glare
	light, dark float64  // mean brightness of light and dark modules
	near        float64
	outside     bool // part of it is not in the frame
}

// A finder so like the template, and so large, is one.
const (
	likeClear   = .8
	clearModule = 2.5 // pixels
	maxNoted    = 8
	turnStep    = math.Pi / 16
	// cutWithin is how far from the frame's edge, in modules, a finder of a
	// symbol is that does not fit into the frame.
	cutWithin = 140
)

// noteFinders keeps the best finders of the whole frame for the hint.
func (r *Reader) noteFinders() {
	r.noted = append(r.noted[:0], r.finders[:min(len(r.finders), maxNoted)]...)
}

// clearFinders looks at the noted finders for those that are certainly some.
func (r *Reader) clearFinders(v *view) {
	for _, f := range r.noted {
		if f.module < clearModule {
			continue
		}
		like, ink := 0.0, 0.0
		for turn := 0.0; turn < math.Pi/2; turn += turnStep {
			sin, cos := math.Sincos(turn)
			var g grid
			r.frame.sample(g[:], finderSize, f.at, point{cos, sin}.mul(f.module), point{-sin, cos}.mul(f.module))
			if l := g.likeness(); l > like {
				like, ink = l, g.contrast()
			}
		}
		if like < likeClear {
			continue
		}
		v.clear++
		v.ink = max(v.ink, ink)
		edge := min(max(f.at.x, float64(r.frame.w)-f.at.x), max(f.at.y, float64(r.frame.h)-f.at.y))
		v.cut = v.cut || edge < cutWithin*f.module
	}
}

// contrast is how much lighter a finder pattern's light modules are than the
// others, in grey levels.
func (g *grid) contrast() float64 {
	sum, lights := 0, 0
	for _, c := range g {
		sum += int(c)
	}
	for _, i := range finderLight {
		lights += int(g[i])
	}
	nl, nd := float64(len(finderLight)), float64(len(g)-len(finderLight))
	return (float64(lights)/nl - float64(sum-lights)/nd) / 16
}

// sight remembers the code at m as the one that was not read, if nothing
// nearer to being read was seen in this frame.
func (r *Reader) sight(l *layout, m *homography, near float64, outside bool) {
	if r.sighting.seen && r.sighting.near > near {
		return
	}
	s := sighting{seen: true, near: near, outside: outside, module: finderModule(m) * float64(r.scale)}
	n := float64(l.dim)
	for i, c := range [4]point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		s.corners[i] = m.at(c.x, c.y).mul(float64(r.scale)).add(r.origin)
	}
	s.flatness = flatnessOf(s.corners[1].sub(s.corners[0]), s.corners[3].sub(s.corners[0]))
	r.sighting = s
}

// flatnessOf is the shorter by the longer axis of what a circle on a sheet
// looks like whose equal, square sides look like a and b.
func flatnessOf(a, b point) float64 {
	sum, area := a.dot(a)+b.dot(b), math.Abs(a.cross(b))
	root := math.Sqrt(max(0, sum*sum-4*area*area))
	return math.Sqrt(max(0, sum-root) / max(1, sum+root))
}

// measureLight adds to the sighting what the modules look like, after
// normalise.
func (r *Reader) measureLight(l *layout) {
	var lights, darks, light, dark, lost float64
	for i, v := range r.bright {
		if r.lost[i] {
			lost++
		}
		switch l.kind[i] {
		case lightModule:
			lights++
			light += float64(v)
		case darkModule:
			darks++
			dark += float64(v)
		}
	}
	s := &r.sighting
	s.light, s.dark, s.lost = light/lights, dark/darks, lost/float64(len(r.bright))
}

// minSightLike is how like finder patterns three finders must look to be
// taken for those of a code, of which nothing else is seen.
const minSightLike = .65

// sightPose remembers a code of which only the finders were seen.
func (r *Reader) sightPose(p pose) {
	v := int((p.apart+finderSize-17)/4 + .5)
	if v < minVersion || v > maxVersion {
		return
	}
	l := r.layout(v)
	m := fromFinders(p.finders[0], p.finders[1], p.finders[2], float64(l.dim-finderSize), p.tilt)
	r.sight(l, &m, 0, false)
}
