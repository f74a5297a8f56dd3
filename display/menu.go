package display

import "image"

// maxParts is the most parts that a bar draws one by one.
const maxParts = 20

// bar draws how much is done: a box for each part, filled when it is there;
// of very many parts, one long box.
func (p *page) bar(c *column) {
	done, of := p.screen.Done, p.screen.Of
	if of <= 0 {
		return
	}
	done = min(max(done, 0), of)
	if of > maxParts {
		done, of = done*maxParts/of, maxParts
	}
	c.gap(.4)
	h, gap := c.px(.8), max(2, int(c.u*.2))
	r := image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+h)
	for i := range of {
		left, right := r.Min.X+(r.Dx()+gap)*i/of, r.Min.X+(r.Dx()+gap)*(i+1)/of-gap
		part := image.Rect(left, r.Min.Y, right, r.Max.Y)
		if i < done {
			c.boxes = append(c.boxes, part)
		} else {
			c.boxes = append(c.boxes, outline(part, max(1, h/10))...)
		}
	}
	c.Min.Y = r.Max.Y
}

// outline is a frame inside r.
func outline(r image.Rectangle, line int) []image.Rectangle {
	return []image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+line), image.Rect(r.Min.X, r.Max.Y-line, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y+line, r.Min.X+line, r.Max.Y-line), image.Rect(r.Max.X-line, r.Min.Y+line, r.Max.X, r.Max.Y-line),
	}
}

// menu sets the choices, the chosen one white on black. Where not all fit,
// those around the chosen one stay.
func (p *page) menu(c *column, choices []*para) {
	if len(choices) == 0 {
		return
	}
	c.gap(.4)
	chosen := min(max(p.screen.Chosen, 0), len(choices)-1)
	px := c.px(plainSize)
	h, pad := 0, max(3, px/3)
	for _, t := range choices {
		h = max(h, t.height(px)+pad)
	}
	first, shown := 0, len(choices)
	if room := c.Dy() / h; c.squeeze && room < shown {
		shown = max(room, 1)
		first = min(max(chosen-shown/2, 0), len(choices)-shown)
	}
	for i := first; i < first+shown; i++ {
		at := image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+h)
		shade := p.black
		if i == chosen {
			c.boxes = append(c.boxes, at)
			shade = p.ramp(ink, paper)
		}
		inner := image.Rect(at.Min.X+pad, at.Min.Y+pad/2, at.Max.X-pad, at.Max.Y)
		c.add(item{lines: choices[i].lines(px, inner.Dx(), 1), px: px, shade: shade, at: inner})
		c.Min.Y += h
	}
}
