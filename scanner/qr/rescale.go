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
		a := in.Pix[2*y*in.Stride:][:2*w]
		b := in.Pix[(2*y+1)*in.Stride:][:2*w]
		o := out.Pix[y*out.Stride:][:w]
		for len(o) >= 4 && len(a) >= 8 && len(b) >= 8 {
			p, q := word(a), word(b)
			s := p&pairs + p>>8&pairs + q&pairs + q>>8&pairs + 0x0002000200020002
			s = s >> 2 & pairs
			s |= s >> 8 // two bytes in each half
			binary.LittleEndian.PutUint32(o, uint32(s&0xffff|s>>16&0xffff0000))
			a, b, o = a[8:], b[8:], o[4:]
		}
		for x := range o {
			o[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
		}
	}
}
