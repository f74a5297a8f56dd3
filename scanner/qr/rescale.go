package qr

import (
	"encoding/binary"
	"image"
)

// maxHalvings is how often a picture is halved: large modules with fine
// noise or patterns on them are read when that has been averaged away.
const maxHalvings = 2

// minHalvable is the least side, in pixels, of a picture that is halved.
var minHalvable = [maxHalvings]int{160, 300}

// readScaled looks at the picture at half and quarter size.
func (r *Reader) readScaled(m *image.Gray) {
	from := *m
	for i := range maxHalvings {
		w, h := from.Rect.Dx(), from.Rect.Dy()
		if min(w, h) < minHalvable[i] {
			return
		}
		r.scaled[i] = resize(r.scaled[i], w/2*(h/2))
		half := image.Gray{Pix: r.scaled[i], Stride: w / 2, Rect: image.Rect(0, 0, w/2, h/2)}
		halve(&half, &from)
		r.set(&half)
		r.measure()
		r.findFinders(rowStep(r.h), false)
		if r.solve(2 << i); len(r.symbols) > 0 {
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

// readInverted looks for light codes on dark, where rows crossed something
// like three finders in reversed colours.
func (r *Reader) readInverted(m *image.Gray) {
	if len(r.light) < 3 {
		return
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	r.inverted = resize(r.inverted, w*h)
	for y := range h {
		in, out := m.Pix[y*m.Stride:y*m.Stride+w], r.inverted[y*w:y*w+w]
		x := 0
		for ; x+8 <= w; x += 8 {
			binary.LittleEndian.PutUint64(out[x:], ^word(in[x:]))
		}
		for ; x < w; x++ {
			out[x] = ^in[x]
		}
	}
	r.set(&image.Gray{Pix: r.inverted, Stride: w, Rect: image.Rect(0, 0, w, h)})
	r.measure()
	r.finders = r.finders[:0]
	for _, c := range r.light {
		r.crossed(c)
	}
	r.solve(1)
}
