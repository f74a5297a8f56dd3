package qr

// A frame may cost so much and no more, whatever it shows: the next one is
// a better use of the time than a tenth look at this one. Effort is counted
// in units of some thirty instructions of a PC, in the innermost steps
// themselves: a frame's own scan counts as well as what is tried on it.

// Reader.Live has the smaller budget, by the frame's size: some four times
// what an ordinary frame takes. Until the patterns of a code are seen in it, or
// were in the frame before, a frame has but a third of that, or if it is large
// half. A still picture is all there is: it may cost some twenty times
// as much as an ordinary one, so that a person who opens a file gets what can
// be got at once.
const (
	liveBase      = 550_000
	livePerPixel  = 1.05
	blindBase     = 150_000
	blindPerPixel = .6
	stillBase     = 4_000_000
	stillPerPixel = 10
)

// What the steps cost.
const (
	pixelsMeasured  = 10 // to a unit, for the thresholds
	pixelsScanned   = 1  // for a scanned row's edges
	pixelsResampled = 16 // halved or inverted
	pixelsSharpened = 1
	cellCost        = 3
	patchCost       = 6 // a place compared with an alignment pattern
	lumaCost        = 2
	lookCost        = 30
	joinCost        = 15 // to see whether three finders can be a triple
	quickCost       = 8  // a module located, sampled and corrected
	carefulCost     = 35 // a module sampled and equalised with care
	againCost       = 20 // equalised again with what was learnt
	equaliseCost    = 5  // a module equalised and read, each round
	trainCost       = 20 // a module that trains the equaliser, each round
	correctCost     = 1  // a codeword of a block and one for error correction
	columnCost      = 2  // a pixel of a finder's column
)

// allow sets what may be spent on a frame.
func (r *Reader) allow() {
	pixels := r.w * r.h
	r.reserve = 0
	r.effort = stillBase + stillPerPixel*pixels
	if r.Live {
		r.effort = liveBase + int(livePerPixel*float64(pixels))
		if !r.seen {
			blind := blindBase + int(blindPerPixel*float64(pixels))
			r.effort, r.reserve = blind, r.effort-blind
		}
	}
	r.attempts = r.attempts[:0]
}

// release lets a camera's frame cost what it may: a code is seen in it.
func (r *Reader) release() {
	r.effort += r.reserve
	r.reserve = 0
}

// spend counts n units and tells whether there was effort left.
func (r *Reader) spend(n int) bool {
	if r.effort > 0 {
		r.effort -= n
	}
	return r.effort > 0
}
