package scansim

import "image"

// Dark and Light are the greys of a printed module and of the paper.
const (
	Dark  = 0
	Light = 255
)

// QuietZone is the light margin that a symbol needs, in modules (6.3.8).
const QuietZone = 4

// Print draws a symbol upright with its quiet zone, scale pixels a module.
func (m Modules) Print(scale int) *image.Gray {
	n := (len(m) + 2*QuietZone) * scale
	out := image.NewGray(image.Rect(0, 0, n, n))
	for i := range out.Pix {
		out.Pix[i] = Light
	}
	for y, row := range m {
		for x, dark := range row {
			if dark {
				m.module(out, (x+QuietZone)*scale, (y+QuietZone)*scale, scale)
			}
		}
	}
	return out
}

func (Modules) module(out *image.Gray, x0, y0, scale int) {
	for y := range scale {
		for x := range scale {
			out.Pix[(y0+y)*out.Stride+x0+x] = Dark
		}
	}
}

// Turned is a picture turned clockwise by that many quarters.
func Turned(m *image.Gray, quarters int) *image.Gray {
	for range quarters & 3 {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.Pix[x*out.Stride+h-1-y] = m.Pix[y*m.Stride+x]
			}
		}
		m = out
	}
	return m
}

// Mirrored is a picture seen from behind.
func Mirrored(m *image.Gray) *image.Gray {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.Pix[y*out.Stride+w-1-x] = m.Pix[y*m.Stride+x]
		}
	}
	return out
}

// Inverted swaps light and dark.
func Inverted(m *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy()))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			out.Pix[y*out.Stride+x] = 255 - m.Pix[y*m.Stride+x]
		}
	}
	return out
}
