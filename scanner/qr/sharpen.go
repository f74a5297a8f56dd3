package qr

import "image"

// Finders that are as small and as like make it worth while to look for
// more of them in a sharpened picture.
const (
	smallModule = 2.4 // pixels
	smallUnlike = .5
	smallEnough = 1
	smallSure   = 2 // in every frame of a camera
)

// smallFinders counts such finders in the present picture.
func (r *Reader) smallFinders() int {
	n := 0
	for i := range r.finders {
		if f := &r.finders[i]; f.module < smallModule && f.unlike < smallUnlike && f.rows > 1 {
			n++
		}
	}
	return n
}

// readSharpened looks once more for small finders, whose light ring blur has
// filled, in a picture with its finest detail raised.
func (r *Reader) readSharpened(m *image.Gray) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if !r.spend(w * h / pixelsSharpened) {
		return
	}
	r.sharp = resize(r.sharp, w*h)
	for y := range h {
		sharpenRow(r.sharp[y*w:y*w+w], m.Pix[max(0, y-1)*m.Stride:], m.Pix[y*m.Stride:], m.Pix[min(h-1, y+1)*m.Stride:])
	}
	r.set(&image.Gray{Pix: r.sharp, Stride: w, Rect: image.Rect(0, 0, w, h)})
	r.look(1, false)
}

// sharpenRow subtracts from each pixel half of what the four around it are
// above it.
func sharpenRow(out, above, row, below []byte) {
	n := len(out)
	above, row, below = above[:n], row[:n], below[:n]
	out[0], out[n-1] = row[0], row[n-1]
	for x := 1; x < n-1; x++ {
		v := int(row[x])
		around := int(above[x]) + int(below[x]) + int(row[x-1]) + int(row[x+1])
		v += (4*v - around) * 3 / 4
		if uint(v) > 255 {
			v = 255 &^ (v >> 31)
		}
		out[x] = byte(v)
	}
}
