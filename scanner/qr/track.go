package qr

import (
	"image"
	"math"

	"badgekiosk/scanner"
)

// trackMargin is how much of a code's size around where it was seen is
// looked at in the next frame.
const trackMargin = .3

// trackFor is how many frames in a row look first where a code was seen.
const trackFor = 30

// readTracked looks first where the frame before showed a code that could
// not be read: a part of the frame is read at a part of the cost, and more
// rows of it are scanned.
func (r *Reader) readTracked(f *scanner.Frame, last sighting) {
	if !last.seen || r.tracked >= trackFor {
		r.tracked = 0
		return
	}
	r.tracked++
	box := trackBox(last.corners, f.Rect.Dx(), f.Rect.Dy())
	if box.Dx() < minSide || box.Dy() < minSide {
		return
	}
	part := image.Gray{Pix: f.Pix[box.Min.Y*f.Stride+box.Min.X:], Stride: f.Stride, Rect: image.Rect(0, 0, box.Dx(), box.Dy())}
	r.origin = point{float64(box.Min.X), float64(box.Min.Y)}
	r.set(&part)
	r.look(1, false)
	r.origin = point{}
}

// trackBox is the part of a frame around corners.
func trackBox(corners [4]point, w, h int) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range corners {
		x0, y0, x1, y1 = min(x0, c.x), min(y0, c.y), max(x1, c.x), max(y1, c.y)
	}
	mx, my := (x1-x0)*trackMargin, (y1-y0)*trackMargin
	at := func(v float64, n int) int { return int(clamp(v, 0, float64(n))) }
	return image.Rect(at(x0-mx, w), at(y0-my, h), at(x1+mx, w), at(y1+my, h))
}
