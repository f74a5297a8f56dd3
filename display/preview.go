package display

import (
	"image"
	"image/color"
)

// preview draws what the camera sees into r, in a frame and as in a mirror:
// people move a code the right way only if their left is the picture's. The
// nearest pixel of the frame is taken, so that a frame costs no more than the
// pixels it is drawn on.
func (p *page) preview(r image.Rectangle) {
	frame := p.rule()
	p.fill(r, ink)
	r = r.Inset(frame).Intersect(p.img.Rect)
	from := p.screen.Preview
	size := from.Rect.Size()
	if r.Empty() || from.Rect.Empty() {
		return
	}
	inks := p.greysOf()
	columns := make([]int, r.Dx())
	for x := range columns {
		columns[x] = size.X - 1 - x*size.X/r.Dx()
	}
	for y := range r.Dy() {
		row := from.Pix[y*size.Y/r.Dy()*from.Stride:][:size.X]
		to := p.img.Pix[(r.Min.Y+y)*p.img.Stride+r.Min.X:][:r.Dx()]
		shift := &inks[y%2]
		for x, at := range columns {
			to[x] = shift[x%2][row[at]]
		}
	}
}

// A greyTable is the ink of each grey, for each pixel of a two by two pattern.
type greyTable struct {
	of    color.Palette
	table *[2][2][256]uint8
}

// greysOf is greys, worked out once for the inks of one panel.
func (p *page) greysOf() *[2][2][256]uint8 {
	g := &p.Renderer.greyTable
	if len(g.of) != len(p.format.Inks) || &g.of[0] != &p.format.Inks[0] {
		table := p.greys()
		*g = greyTable{p.format.Inks, &table}
	}
	return g.table
}

// greys are the inks of each grey, for the four pixels of a two by two
// pattern: a fixed pattern keeps a picture that moves from seething.
//
// Source: Bayer 1973, the matrix of order 2.
func (p *page) greys() (out [2][2][256]uint8) {
	var near [256]uint8
	for v := range near {
		near[v] = p.nearest(color.Gray{uint8(v)})
	}
	step := 17 // about what is between two greys of Colours
	if p.hard {
		step = 255
	}
	for i, rank := range [4]int{0, 2, 3, 1} {
		off := (2*rank - 3) * step / 8
		for v := range near {
			out[i/2][i%2][v] = near[min(max(v+off, 0), 255)]
		}
	}
	return out
}
