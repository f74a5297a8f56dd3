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
// those around the chosen one stay, and arrows say that there are more.
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
	spare := (c.Dy() - shown*h) / h // lines that long choices may go on in
	for i := first; i < first+shown; i++ {
		more := p.arrow(px, i == first && first > 0, i == first+shown-1 && i < len(choices)-1)
		width := c.Dx() - 2*pad - widthOf(more)
		lines, tall := choices[i].lines(px, width, 1), h
		if c.squeeze && spare > 0 && len(lines) > 0 && lines[0].cut {
			spare--
			lines = choices[i].lines(px, width, 2)
			tall += choices[i].height(px)
		}
		at := image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+tall)
		shade := p.black
		if i == chosen {
			c.boxes = append(c.boxes, at)
			shade = p.ramp(ink, paper)
		}
		inner := image.Rect(at.Min.X+pad, at.Min.Y+pad/2, at.Max.X-pad, at.Max.Y)
		c.add(item{lines: lines, px: px, shade: shade, at: inner})
		c.add(item{lines: more, px: px, shade: shade, at: inner, align: end})
		c.Min.Y += tall
	}
}

// arrow is the sign of a row that others come before, or after.
func (p *page) arrow(px int, before, after bool) []line {
	switch {
	case before:
		return p.para("▲", bold).lines(px, 2*px, 1)
	case after:
		return p.para("▼", bold).lines(px, 2*px, 1)
	}
	return nil
}

// widthOf is the width of the longest line.
func widthOf(lines []line) (w int) {
	for _, l := range lines {
		w = max(w, l.width)
	}
	return w
}
