package qr

import (
	"encoding/binary"
	"image"
)

const (
	// maxLight is how many crossings in reversed colours are kept.
	maxLight   = 4096
	leastLight = 3 // finders of a code
)

// keepLight keeps a crossing of light runs for readInverted.
func (r *Reader) keepLight(c crossing) {
	if len(r.light) < maxLight {
		r.light = append(r.light, c)
	}
}

// lightFinders returns the crossings of r.light that several rows and the
// column bear out.
func (r *Reader) lightFinders() []crossing {
	list := r.chained(r.light)
	kept := list[:0]
	for _, c := range list {
		if len(kept) == maxFinders || !r.spend(columnCost*c.width) {
			break
		}
		if y, _, ok := r.crossedDown(c, false); ok && r.moat(point{c.mid, y}, float64(c.width), -1) {
			kept = append(kept, c)
		}
	}
	return kept
}

// readInverted looks for light codes on dark where the frame has something
// like three finders in reversed colours. The frame was looked at just now:
// its thresholds are still there.
func (r *Reader) readInverted() {
	light := r.lightFinders()
	if len(light) < leastLight {
		return
	}
	w, h, in := r.w, r.h, r.raster
	if !r.spend(w * h / pixelsResampled) {
		return
	}
	r.inverted = resize(r.inverted, w*h)
	r.set(&image.Gray{Pix: r.inverted, Stride: w, Rect: image.Rect(0, 0, w, h)})
	for y := range h {
		invert(r.row(y), in.row(y))
	}
	for i, t := range r.limits {
		r.limits[i] = -max(t, 1) // what was at or above is now below
	}
	r.finders = r.finders[:0]
	for _, c := range light {
		r.crossed(c)
	}
	r.solve(1)
}

// invert turns light to dark and dark to light.
func invert(out, in []byte) {
	for ; len(in) >= 8 && len(out) >= 8; in, out = in[8:], out[8:] {
		binary.LittleEndian.PutUint64(out, ^word(in))
	}
	for x, v := range in {
		out[x] = ^v
	}
}
