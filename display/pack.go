package display

import "image"

// A Turn is how far a picture is turned clockwise to lie on the glass as its
// controller counts pixels.
type Turn int

// The turns.
const (
	Upright Turn = iota
	Quarter
	Half
	ThreeQuarters
)

// Size is how large a picture of size is once turned.
func (t Turn) Size(size image.Point) image.Point {
	if t == Quarter || t == ThreeQuarters {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// Rotate returns img turned; Upright returns img itself.
func Rotate(img *image.Paletted, t Turn) *image.Paletted {
	if t == Upright {
		return img
	}
	size := img.Rect.Size()
	out := image.NewPaletted(image.Rectangle{Max: t.Size(size)}, img.Palette)
	for y := range size.Y {
		row := img.Pix[y*img.Stride:][:size.X]
		at, step := y*out.Stride, 1
		switch t {
		case Quarter:
			at, step = size.Y-1-y, out.Stride
		case Half:
			at, step = (size.Y-1-y)*out.Stride+size.X-1, -1
		case ThreeQuarters:
			at, step = (size.X-1)*out.Stride+y, -out.Stride
		}
		for _, ink := range row {
			out.Pix[at] = ink
			at += step
		}
	}
	return out
}

// Pack puts img, whose inks are 0 for paper and 1 for ink, into one bit a
// pixel, eight to a byte, the leftmost in the highest bit, rows padded with
// paper to whole bytes. A set bit is ink.
func Pack(img *image.Paletted) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stride := (w + 7) / 8
	out := make([]byte, stride*h)
	for y := range h {
		from, to := img.Pix[y*img.Stride:][:w], out[y*stride:][:stride]
		x := 0
		for ; x+8 <= w; x += 8 {
			p := from[x : x+8 : x+8]
			to[x/8] = p[0]<<7 | p[1]<<6 | p[2]<<5 | p[3]<<4 | p[4]<<3 | p[5]<<2 | p[6]<<1 | p[7]
		}
		for ; x < w; x++ {
			to[x/8] |= from[x] << (7 - x%8)
		}
	}
	return out
}
