package qr

import (
	"math"

	"badgekiosk/scanner"
)

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

// Hint says why the code in the last frame was not read, from what was seen
// of it: its corners if they were found, else the island that it is in the
// frame's texture, or single finders. It looks at the frame, which must still
// be there.
func (r *Reader) Hint() scanner.Hint {
	if len(r.symbols) > 0 || r.frame.w < 2*blockSide || r.frame.h < 2*blockSide {
		return scanner.Hint{}
	}
	mean := r.meanLuma()
	r.texture.survey(&r.frame, mean)
	v := view{sighting: r.sighting, island: r.texture.island(), mean: mean, height: float64(r.frame.h), shining: r.texture.shining()}
	r.clearFinders(&v)
	for _, c := range r.sighting.corners {
		v.beyond = v.beyond || r.sighting.seen && !r.frame.inside(c)
	}
	return v.hint()
}

// A view is all that is known of a frame's code.
type view struct {
	sighting
	island
	mean   float64 // brightness of the frame
	height float64 // of the frame
	clear  int     // finders that are certainly some
	cut    bool    // where others should be is the frame's edge
	beyond bool    // a corner of the code is not in the frame
	ink    float64 // contrast of the clear ones
	// shining is the share of tiles of nothing but light.
	shining float64
}

// What a code should have to be read easily.
const (
	enoughPixels = 2.4 // a module
	steep        = .72 // a side foreshortened to that share
	sureShape    = 100 // tiles from which on an island's shape is certain
	muchGlare    = .15 // of all modules
	someGlare    = .04 // of an island's tiles
	fairContrast = 50  // grey levels
	poorContrast = 45
	darkRoom     = 45 // mean brightness of the frame
	blackFrame   = 18
	nearEnough   = .65 // of the frame's height
	veryNear     = .90
)

// How sure what is less than measured is.
const (
	sureOutside = .9
	sureCut     = .8
	sureFar     = .6  // of an island like a code in all
	muchShine   = .01 // of the frame
	aCode       = 3   // clear finders make one
	almostACode = 2   // and so many where the modules were sampled
)

// hint weighs what can be advised.
func (v *view) hint() (h scanner.Hint) {
	weigh := func(a scanner.Advice, sure float64) {
		if sure = clamp(sure, 0, 1); sure > h.Sure {
			h.Advice, h.Sure = a, sure
		}
	}
	code := v.seen && (v.near > outlineOnly || v.clear >= aCode || v.like > 0 || v.near > 0 && v.clear >= almostACode)
	if code {
		v.weighSighting(weigh)
	}
	v.weighIsland(weigh)
	switch {
	case v.like > 0 || code || v.clear == 0: // its outline is in the frame
	case v.ink < poorContrast:
		weigh(v.dim(), sureCut)
	case v.shining > muchShine:
		weigh(scanner.Glare, sureCut)
	case v.cut:
		weigh(scanner.MoveBack, sureCut)
	}
	if h.Sure == 0 && v.mean < blackFrame {
		weigh(scanner.TooDark, 1-v.mean/blackFrame)
	}
	h.Near = v.nearness(code)
	return h
}

// weighSighting weighs what a code's corners and modules tell.
func (v *view) weighSighting(weigh func(scanner.Advice, float64)) {
	s := &v.sighting
	if s.outside {
		weigh(scanner.MoveBack, sureOutside)
	} else if v.beyond {
		weigh(scanner.MoveBack, sureCut)
	}
	weigh(scanner.HoldCloser, (enoughPixels-s.module)/enoughPixels*2)
	weigh(scanner.TiltLess, (steep-s.flatness)/steep*3)
	weigh(scanner.Glare, s.lost/muchGlare)
	if s.light > 0 {
		weigh(v.dim(), (fairContrast-(s.light-s.dark))/fairContrast)
	}
}

// weighIsland weighs what its texture tells.
func (v *view) weighIsland(weigh func(scanner.Advice, float64)) {
	i := &v.island
	tilted := 0.0
	if i.flatness < steep {
		tilted = min(1, float64(i.tiles)/sureShape)
	}
	weigh(scanner.TiltLess, i.like*i.like*tilted*(steep-i.flatness)/steep*4)
	weigh(scanner.Glare, i.like*i.glare/someGlare)
	if i.light < v.mean || v.mean < darkRoom {
		weigh(v.dim(), i.like*(poorContrast-(i.light-i.dark))/poorContrast*3)
	}
	weigh(scanner.HoldCloser, i.like*sureFar*(1-tilted/2)*clamp((veryNear-v.side())/(veryNear-nearEnough), 0, 1))
}

// side is that of the island as a share of the frame's height.
func (v *view) side() float64 { return math.Sqrt(float64(v.tiles)) * blockSide / v.height }

// dim is the advice against too little contrast.
func (v *view) dim() scanner.Advice {
	if v.mean < darkRoom {
		return scanner.TooDark
	}
	return scanner.BrighterScreen
}

// Shares of how near a code is to being read.
const (
	nearSeen   = .5 // by its size and circumstances
	nearBlocks = .5 // by the blocks repaired
	nearCut    = .2 // where only a finder is seen
)

// nearness is how near the code is to being read.
func (v *view) nearness(code bool) float64 {
	near := 0.0
	if v.like > 0 {
		near = min(1, v.side()/nearEnough) * min(1, v.island.flatness/steep) *
			min(1, (v.island.light-v.island.dark)/fairContrast) * max(.2, 1-2*v.island.glare)
		near *= nearSeen
	}
	if v.clear > 0 {
		near = max(near, nearCut)
	}
	if code {
		near = max(near, nearSeen*min(1, v.module/enoughPixels)*min(1, v.sighting.flatness/steep)*max(.2, 1-v.lost/muchGlare))
		near += nearBlocks * max(0, v.near-outlineOnly)
	}
	return min(1, near)
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
			r.frame.sample(&g, finderSize, f.at, point{cos, sin}.mul(f.module), point{-sin, cos}.mul(f.module))
			if l := g.likeness(finderSize, finderLight); l > like {
				like, ink = l, g.contrast(finderLight)
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

// contrast is how much lighter a grid's light cells are than the others, in
// grey levels.
func (g *grid) contrast(light []uint8) float64 {
	sum, lights := 0, 0
	for _, c := range g {
		sum += int(c)
	}
	for _, i := range light {
		lights += int(g[i])
	}
	nl, nd := float64(len(light)), float64(len(g)-len(light))
	return (float64(lights)/nl - float64(sum-lights)/nd) / 16
}

// meanLuma is the frame's mean brightness, from some of its pixels.
func (r *Reader) meanLuma() float64 {
	sum, n := 0, 0
	for y := 4; y < r.frame.h; y += 16 {
		for x := 4; x < r.frame.w; x += 16 {
			sum += int(r.frame.pix[y*r.frame.stride+x])
			n++
		}
	}
	return float64(sum) / float64(max(1, n))
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
