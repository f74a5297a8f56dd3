package qr

import (
	"encoding/binary"
	"image"
)

const (
	// maxLight is how many crossings in reversed colours are kept.
	maxLight = 4096
	// minLightRows is how many scanned rows cross a finder in reversed
	// colours, leastLight how many such finders a code has.
	minLightRows = 2
	leastLight   = 3
)

// A chain is a crossing with others close above each other.
type chain struct {
	crossing     // the last of them
	top      int // row of the first
}

// keepLight keeps a crossing of light runs for readInverted.
func (r *Reader) keepLight(c crossing) {
	if len(r.light) < maxLight {
		r.light = append(r.light, c)
	}
}

// lightFinders finds in r.light what rows close above each other cross, and
// of these, in r.borne, what the column bears out.
func (r *Reader) lightFinders() {
	r.chains, r.borne = r.chains[:0], r.borne[:0]
	var scans [len(parts)][]crossing // each from top to bottom
	n, from := 0, 0
	for i := range r.light {
		if i+1 == len(r.light) || r.light[i+1].y < r.light[i].y {
			scans[n] = r.light[from : i+1]
			n, from = n+1, i+1
		}
	}
	for y := 0; r.spend(1); {
		var next *[]crossing
		for i := range scans[:n] {
			if s := &scans[i]; len(*s) > 0 && (next == nil || (*s)[0].y < (*next)[0].y) {
				next = s
			}
		}
		if next == nil {
			break
		}
		c := (*next)[0]
		*next = (*next)[1:]
		if c.y > y {
			y = c.y
			r.endChains(y - 2*rowStep(r.h))
		}
		r.chain(c)
	}
	r.endChains(r.h)
}

// chain adds a crossing to what rows above cross, or begins a new chain.
func (r *Reader) chain(c crossing) {
	near := c.width / 3
	for i := range r.chains {
		o := &r.chains[i]
		if max(o.x-c.x, c.x-o.x) < near && max(o.width-c.width, c.width-o.width) < near {
			c.rows = o.rows + 1
			o.crossing = c
			return
		}
	}
	r.chains = append(r.chains, chain{c, c.y})
}

// endChains drops the chains that no row from y on crosses, and keeps those
// of enough rows in r.borne if their column is like a finder, too.
func (r *Reader) endChains(y int) {
	alive := r.chains[:0]
	for _, c := range r.chains {
		if c.y >= y {
			alive = append(alive, c)
		} else if c.rows >= minLightRows && len(r.borne) < maxFinders && r.spend(columnCost*c.width) {
			c.y = (c.top + c.y) / 2
			if y, _, ok := r.crossedDown(c.crossing, false); ok && r.moat(point{c.mid, y}, float64(c.width), -1) {
				r.borne = append(r.borne, c.crossing)
			}
		}
	}
	r.chains = alive
}

// readInverted looks for light codes on dark where the frame has something
// like three finders in reversed colours. The frame was looked at just now:
// its thresholds are still there.
func (r *Reader) readInverted() {
	if r.lightFinders(); len(r.borne) < leastLight {
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
	for _, c := range r.borne {
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
