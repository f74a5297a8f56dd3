// Package qr finds and reads QR codes (ISO/IEC 18004, model 2, versions 1
// to 40) in grey pictures.
//
// The steps, a file each: thresholds divide dark from light; scan lines look
// for 1:1:3:1:1; finders are measured below a pixel; triples of them make a
// pose; version information and alignment patterns make it a homography and
// a mesh; modules are sampled, first quickly, then carefully with blur taken
// out; format information, codewords, Reed-Solomon and the bit stream make
// it a text. What the standard names is named as there.
package qr

import (
	"image"
	"math"

	"badgekiosk/scanner"
)

// maxSymbols is how many codes of one picture are read.
const maxSymbols = 32

// A Reader reads codes. The zero value is ready; it serves one goroutine,
// reuses its memory, and allocates nothing for a frame without a code.
type Reader struct {
	// Live says that frames come from one camera in turn: where a code was
	// seen and not read, the next frames look first, and each may cost but
	// some four times what an ordinary one does. A still picture may cost
	// several times more.
	Live bool

	raster
	frame       raster // the whole frame; without thresholds
	origin      point  // of the present picture in the frame
	sighting    sighting
	texture     texture
	noted       []finder // of the whole frame
	tracked     int      // frames in a row
	turn        int      // in the rota
	size        image.Point
	seen        bool // a code, in the frame before
	cross, keep func(crossing)
	edges       []int32
	finders     []finder
	weak        []crossing // like a finder in their row only
	dull        []finder   // of these, what was fitted in vain
	light       []crossing // like a finder in reversed colours
	chains      []chain
	borne       []crossing // by several rows, see chained
	triples     []triple
	partners    []partner
	pairs       []pair
	layouts     [maxVersion + 1]*layout

	mesh    mesh
	matches []match
	places  []place
	line    []place

	bright, soft, guess, work, halves, fine []float32
	boxA, boxB, boxC                        []float32
	middle, swing, gain                     []float32
	lost                                    []bool
	known                                   []moduleKind // what is certain of each module
	meanSwing                               float32

	codewords, data []byte
	sure            []float32
	block, saved    [maxBlock]byte
	blockSure       [maxBlock]float32
	doubts          [maxBlock]doubt
	erasures        [maxECC]int
	rs              corrector
	errors          int // codewords repaired
	tried           int // triples in vain
	reserve         int // effort kept for where a code is seen
	small           int // finders too small to be seen well
	scale           int // how much smaller than the frame the present picture is
	attempts        []attempt

	scaled   [maxHalvings][]byte
	inverted []byte
	sharp    []byte
	symbols  []scanner.Symbol
}

// maxBlock is the longest block of codewords, data and error correction.
const maxBlock = 155

// Read returns the codes of a frame, the best first; none if there is none.
func (r *Reader) Read(f *scanner.Frame) []scanner.Symbol {
	r.symbols = r.symbols[:0]
	if f.Rect.Dx() < minSide || f.Rect.Dy() < minSide {
		return nil
	}
	if r.cross == nil {
		r.cross = r.crossed
		r.keep = r.keepLight
	}
	r.light = r.light[:0]
	last := r.sighting
	r.sighting = sighting{}
	r.frame.set(&f.Gray)
	r.set(&f.Gray)
	r.takeTurn(f.Rect.Size(), last.seen)
	r.allow()
	if r.Live {
		r.readTracked(f, last)
	}
	if len(r.symbols) == 0 {
		r.set(&f.Gray)
		r.look(1, true)
	}
	r.small = r.smallFinders()
	r.noteFinders()
	if len(r.symbols) == 0 && r.may(inverting) {
		r.readInverted()
	}
	if len(r.symbols) == 0 && r.may(scaling) && !r.sighting.fine() {
		r.readScaled(&f.Gray)
	}
	if len(r.symbols) == 0 && r.small >= smallEnough && (r.small >= smallSure || r.may(sharpening)) {
		r.readSharpened(&f.Gray)
	}
	if len(r.symbols) == 0 {
		return nil
	}
	return r.symbols
}

// parts are those in which the rows of a picture are scanned, in steps: from
// which on, and every how many.
var parts = [...]struct{ first, every int }{{0, 4}, {2, 4}, {1, 2}}

// look reads what the present picture, reduced by scale, shows. It scans as
// few rows as will do: the next part only where nothing was read, or there
// may be more; the last part only where a finder is seen, or where rows are
// so far apart that all may have been missed. What is blurred is worth
// fitting only where something is clear.
func (r *Reader) look(scale int, keepLight bool) {
	r.scale = scale
	if !r.spend(r.w * r.h / pixelsMeasured) {
		return
	}
	r.measure()
	r.finders, r.weak = r.finders[:0], r.weak[:0]
	step := rowStep(r.h)
	for i, p := range parts {
		if i == len(parts)-1 && (len(r.symbols) > 0 || len(r.finders) == 0 && step < farApart) ||
			!r.spend(r.w*r.h/(p.every*step*pixelsScanned)) {
			return
		}
		r.scan(step/2+p.first*step, p.every*step, keepLight)
		if r.solve(scale); len(r.symbols) > 0 && !r.more() {
			return
		}
	}
	if len(r.symbols) == 0 && len(r.finders) > 0 && r.may(fitting) {
		r.fitFinders(scale)
	}
}

// likeAnother is how like a finder pattern one must seem that may be of
// another code than was read.
const likeAnother = .6

// more tells whether there is such a finder.
func (r *Reader) more() bool {
	for i := range r.finders {
		if r.seem(&r.finders[i]) > likeAnother {
			return true
		}
	}
	return false
}

// farApart is the step of rows at which small finders are missed by every
// other one.
const farApart = 5

// fitFinders reads what the finders can be that are fitted as a whole: what
// several rows cross, and of a still picture what only one does.
func (r *Reader) fitFinders(scale int) {
	if scale == 1 {
		r.addWeak(r.chained(r.weak))
	}
	if len(r.symbols) == 0 {
		r.readPairs(scale)
	}
	if n := len(r.finders); len(r.symbols) == 0 && scale == 1 && !r.Live {
		if r.addWeak(r.weak); len(r.finders) > n && len(r.symbols) == 0 {
			r.readPairs(scale)
		}
	}
}

// addWeak reads what the finders can be with those of a list that are fitted.
func (r *Reader) addWeak(list []crossing) {
	n := len(r.finders)
	if r.weakFinders(list); len(r.finders) > n {
		r.solve(1)
	}
}

// rowStep is which rows are scanned: a finder's middle is three modules high.
func rowStep(height int) int { return minRowStep + height/500 }

const minRowStep = 2

// solve reads what the finders of the present picture, which is reduced by
// scale, can be.
func (r *Reader) solve(scale int) {
	if len(r.finders) < 3 {
		return
	}
	r.tried = 0
	for _, joined := range [...]int{fewJoined, maxJoined} {
		r.findTriples(joined, false)
		r.solveTriples(scale)
		if r.dropUsed(); len(r.finders) < 3 || len(r.finders) <= joined && len(r.symbols) == 0 {
			return
		}
	}
	r.findTriples(len(r.finders), true)
	r.solveTriples(scale)
	r.dropUsed()
}

// dropUsed drops the finders that belong to a symbol that was read, or lie
// in one.
func (r *Reader) dropUsed() {
	kept := r.finders[:0]
	for _, f := range r.finders {
		if !f.used && !r.inSymbol(f.at) {
			kept = append(kept, f)
		}
	}
	r.finders = kept
}

// inSymbol tells whether a place in the present picture is in a symbol that
// was read.
func (r *Reader) inSymbol(p point) bool {
	p = p.mul(float64(r.scale)).add(r.origin)
	for i := range r.symbols {
		left, right := true, true // of all sides: mirrored symbols turn the other way
		for k, c := range r.symbols[i].Corners {
			d := r.symbols[i].Corners[(k+1)%4]
			side := point{float64(d.X - c.X), float64(d.Y - c.Y)}
			turn := side.cross(p.sub(point{float64(c.X), float64(c.Y)}))
			left, right = left && turn <= 0, right && turn >= 0
		}
		if left || right {
			return true
		}
	}
	return false
}

// solveTriples reads r.triples, some at a time: those most like a symbol's
// are compared with the picture, and the best of these tried.
func (r *Reader) solveTriples(scale int) {
	const some = 24
	for rest := r.triples; len(rest) > 0 && r.tried < maxTried && r.effort > 0; {
		n := min(some, len(rest))
		for _, t := range r.compareTriples(rest[:n]) {
			if t.topLeft.used || t.topRight.used || t.bottomLeft.used {
				continue
			}
			before := len(r.attempts)
			if r.effort <= 0 {
				return
			}
			if r.readTriple(t, scale) {
				r.tried = 0
				if len(r.symbols) == maxSymbols {
					return
				}
			} else if len(r.attempts) > before {
				if r.tried++; r.tried == maxTried {
					return
				}
			}
		}
		rest = rest[n:]
	}
}

// maxTried is how many plausible triples in a row are sampled in vain.
const maxTried = 8

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

// Full values in reading format information: grey levels when sampled
// quickly, shares of the local contrast when carefully.
const (
	fullQuick   = 30
	fullCareful = 1
)

// decodeQuickly turns r.soft into a message.
func (r *Reader) decodeQuickly(l *layout) (scanner.Symbol, bool) {
	f, ok := r.readFormat(l, fullQuick)
	if !ok {
		return scanner.Symbol{}, false
	}
	r.readCodewords(l, f)
	if r.correctBlocks(l, f, false) < l.blocks(f.level).n {
		return scanner.Symbol{}, false
	}
	return r.message(l)
}

// outlineOnly is how near a code is to being read of which the patterns are
// seen and no block can be repaired.
const outlineOnly = .05

// decodeCarefully samples the modules, which are so many pixels large, takes
// blur out and decodes. Blocks that can be repaired tell what their modules
// are; with that, blur is estimated better and further blocks are tried.
func (r *Reader) decodeCarefully(l *layout, m *homography, module float64) (scanner.Symbol, bool) {
	if !r.spend(carefulCost * l.dim * l.dim) {
		r.sight(l, m, outlineOnly, false)
		return scanner.Symbol{}, false
	}
	r.sampleCarefully(module)
	r.sampleBetween(l.dim)
	r.known = append(r.known[:0], l.kind...)
	for before := 0; ; {
		r.normalise(l)
		r.normaliseBetween(l.dim)
		if before == 0 {
			r.sight(l, m, outlineOnly, false)
			r.measureLight(l)
		}
		good, all := r.decodeEqualised(l)
		if good == all {
			return r.message(l)
		}
		r.sighting.near = max(r.sighting.near, float64(good)/float64(all))
		if good <= before || !r.spend(againCost*l.dim*l.dim) {
			return scanner.Symbol{}, false
		}
		before = good
	}
}

// decodeEqualised takes blur out of r.soft, in rounds, until all blocks can be
// repaired, and tells how many of all are in the end. Only the last round
// looks closer at each block.
func (r *Reader) decodeEqualised(l *layout) (good, all int) {
	for round := 1; ; round++ {
		last := !r.equalise(l) || round == rounds || r.effort <= 0
		r.insist(l)
		f, ok := r.readFormat(l, fullCareful)
		if all = l.blocks(f.level).n; ok {
			if r.readCodewords(l, f); last {
				r.rateCodewords(l, f)
			}
			good = r.correctBlocks(l, f, last)
		}
		if last || ok && good == all {
			return good, all
		}
		good = 0
	}
}

// finderModule is the size of a module in pixels at the top left finder.
func finderModule(m *homography) float64 {
	right, down := m.steps(finderMid, finderMid)
	return (right.length() + down.length()) / 2
}

// message parses r.data.
func (r *Reader) message(l *layout) (scanner.Symbol, bool) {
	m, err := parse(r.data, l.version)
	if err != nil {
		return scanner.Symbol{}, false
	}
	return scanner.Symbol{Text: m.text, Bytes: m.bytes, Append: m.append, Version: l.version}, true
}

// corners are a symbol's outer corners in the frame, of which the picture
// that was read is at origin and was reduced by scale.
func corners(m *homography, dim, scale int, origin point) (out [4]image.Point) {
	n := float64(dim)
	for i, c := range [4]point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		p := m.at(c.x, c.y).mul(float64(scale)).add(origin)
		out[i] = image.Pt(int(math.Round(p.x)), int(math.Round(p.y)))
	}
	return out
}
