package qr

import "badgekiosk/scanner"

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

// Hint says why the code in the last frame was not read.
func (r *Reader) Hint() scanner.Hint {
	if len(r.symbols) > 0 {
		return scanner.Hint{}
	}
	s := r.sighting
	if !s.seen {
		return r.unseen()
	}
	h := scanner.Hint{Near: s.near}
	weigh := func(a scanner.Advice, sure float64) {
		if sure = clamp(sure, 0, 1); sure > h.Sure {
			h.Advice, h.Sure = a, sure
		}
	}
	if s.outside {
		weigh(scanner.MoveBack, .9)
	}
	weigh(scanner.HoldCloser, (enoughPixels-s.module)/enoughPixels*2)
	weigh(scanner.TiltLess, (steep-s.flatness)/steep*3)
	weigh(scanner.Glare, s.lost/muchGlare)
	if s.light > 0 {
		weak := (fairContrast - (s.light - s.dark)) / fairContrast
		if r.meanLuma() < darkRoom {
			weigh(scanner.TooDark, weak)
		} else {
			weigh(scanner.BrighterScreen, weak)
		}
	}
	return h
}

// What a code should have to be read easily.
const (
	enoughPixels = 2.4 // a module
	steep        = .75 // a side foreshortened to that share
	muchGlare    = .15 // of all modules
	fairContrast = 50  // grey levels
	darkRoom     = 45  // mean brightness of the frame
	blackFrame   = 18
)

// sureOfSmall is how sure it is that a code should come closer of which only
// small finders were seen, that many of them.
const (
	sureOfSmall = .6
	fewFinders  = 2
)

// unseen is the hint for a frame in which no code was made out.
func (r *Reader) unseen() scanner.Hint {
	if r.small >= fewFinders {
		return scanner.Hint{Advice: scanner.HoldCloser, Sure: sureOfSmall}
	}
	if mean := r.meanLuma(); mean < blackFrame {
		return scanner.Hint{Advice: scanner.TooDark, Sure: clamp(1-mean/blackFrame, 0, 1)}
	}
	return scanner.Hint{}
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
	a, b := s.corners[1].sub(s.corners[0]).length(), s.corners[3].sub(s.corners[0]).length()
	s.flatness = min(a, b) / max(a, b)
	r.sighting = s
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
