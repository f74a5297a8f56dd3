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

	"badgekiosk/scanner"
)

// maxSymbols is how many codes of one picture are read.
const maxSymbols = 256

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
