package qr

import "image"

// A way is one of those to go on where a first look read nothing.
type way int

const (
	fitting    way = iota // finders as a whole, and the third where two are seen
	inverting             // light codes on dark
	scaling               // at half and quarter size
	sharpening            // with the finest detail raised
)

// rota is which of them one frame after the other takes while a camera sees
// no code: all of them in every frame would cost several times the first
// look. Where a code is seen every frame takes them all.
var rota = [...]way{fitting, inverting, fitting, scaling, fitting, sharpening}

// takeTurn counts frames of one size, and keeps whether the last one showed a
// code.
func (r *Reader) takeTurn(size image.Point, seen bool) {
	if r.turn++; size != r.size || r.turn == len(rota) {
		r.turn = 0
	}
	r.size, r.seen = size, seen
}

// may tells whether this frame goes that way.
func (r *Reader) may(w way) bool {
	return !r.Live || r.seen || r.sighting.seen || rota[r.turn] == w
}
