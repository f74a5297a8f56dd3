package qr

import (
	"encoding/binary"
	"image"
	"slices"
)

// maxHalvings is how often a picture is halved: large modules with fine
// noise or patterns on them are read when that has been averaged away.
const maxHalvings = 2

// minHalvable is the least side, in pixels, of a picture that is halved.
var minHalvable = [maxHalvings]int{160, 300}

// fineModule is the size of a module in pixels below which there is nothing to
// be averaged away: halved, it could hardly be read.
const fineModule = 3.5

// fine tells whether a code was seen of which the modules are that small.
func (s *sighting) fine() bool { return s.seen && s.module > 0 && s.module < fineModule }

// readScaled looks at the picture at half and quarter size.
func (r *Reader) readScaled(m *image.Gray) {
	from := *m
	for i := range maxHalvings {
		w, h := from.Rect.Dx(), from.Rect.Dy()
		if min(w, h) < minHalvable[i] {
			return
		}
		if !r.spend(w * h / pixelsResampled) {
			return
		}
		r.scaled[i] = resize(r.scaled[i], w/2*(h/2))
		half := image.Gray{Pix: r.scaled[i], Stride: w / 2, Rect: image.Rect(0, 0, w/2, h/2)}
		halve(&half, &from)
		r.set(&half)
		if r.look(2<<i, false); len(r.symbols) > 0 {
			return
		}
		from = half
	}
}

// halve averages squares of four pixels, four at a time.
func halve(out, in *image.Gray) {
	const pairs = 0x00ff00ff00ff00ff
	w := out.Rect.Dx()
	for y := range out.Rect.Dy() {
		a := in.Pix[2*y*in.Stride : 2*y*in.Stride+2*w]
		b := in.Pix[(2*y+1)*in.Stride : (2*y+1)*in.Stride+2*w]
		o := out.Pix[y*out.Stride : y*out.Stride+w]
		x := 0
		for ; x+4 <= w; x += 4 {
			p, q := word(a[2*x:]), word(b[2*x:])
			s := p&pairs + p>>8&pairs + q&pairs + q>>8&pairs + 0x0002000200020002
			s = s >> 2 & pairs
			s |= s >> 8 // two bytes in each half
			binary.LittleEndian.PutUint32(o[x:], uint32(s&0xffff|s>>16&0xffff0000))
		}
		for ; x < w; x++ {
			o[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
		}
	}
}

// maxLight is how many crossings in reversed colours are kept.
const maxLight = 4096

// keepLight keeps a crossing of light runs for readInverted.
func (r *Reader) keepLight(c crossing) {
	if len(r.light) < maxLight {
		r.light = append(r.light, c)
	}
}

// lightFinders drops crossings that the column does not bear out, and all
// but one of each finder.
func (r *Reader) lightFinders() []crossing {
	borne := r.light[:0] // before they are sorted: few are
	for _, c := range r.light {
		if !r.spend(columnCost * c.width) {
			break
		}
		if _, _, ok := r.crossedDown(c, false); ok {
			borne = append(borne, c)
		}
	}
	if len(borne) < leastLight*minLightRows {
		return nil
	}
	slices.SortFunc(borne, func(a, b crossing) int { return a.y - b.y })
	kept := borne[:0]
next:
	for _, c := range borne {
		for i := len(kept) - 1; i >= 0 && c.y-kept[i].y < c.width/2; i-- {
			o := &kept[i]
			if max(o.x-c.x, c.x-o.x) < c.width/3 {
				o.rows++
				continue next
			}
		}
		if len(kept) < maxFinders {
			kept = append(kept, c)
		}
	}
	return slices.DeleteFunc(kept, func(c crossing) bool { return c.rows < minLightRows })
}

const (
	// minLightRows is how many scanned rows cross a finder in reversed
	// colours, leastLight how many such finders a code has.
	minLightRows = 2
	leastLight   = 3
)

// readInverted looks for light codes on dark where the frame has something
// like three finders in reversed colours. The frame was looked at just now:
// its thresholds are still there.
func (r *Reader) readInverted() {
	if r.light = r.lightFinders(); len(r.light) < leastLight {
		return
	}
	w, h := r.w, r.h
	if !r.spend(w * h / pixelsResampled) {
		return
	}
	r.inverted = resize(r.inverted, w*h)
	for y := range h {
		invert(r.inverted[y*w:y*w+w], r.row(y))
	}
	for i, t := range r.limits {
		r.limits[i] = -max(t, 1) // what was at or above is now below
	}
	r.set(&image.Gray{Pix: r.inverted, Stride: w, Rect: image.Rect(0, 0, w, h)})
	r.finders = r.finders[:0]
	for _, c := range r.light {
		r.crossed(c)
	}
	r.solve(1)
}

func invert(out, in []byte) {
	x := 0
	for ; x+8 <= len(in); x += 8 {
		binary.LittleEndian.PutUint64(out[x:], ^word(in[x:]))
	}
	for ; x < len(in); x++ {
		out[x] = ^in[x]
	}
}
