package qr

import (
	"math"

	"badgekiosk/scanner"
)

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
