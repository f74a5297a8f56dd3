package display

import "image"

// narrow is the width, in plain sizes, below which labels get no column of
// their own.
const narrow = 21

// maxRowLines is the most lines of one field.
const maxRowLines = 6

// table sets the rows, and returns how many: all of them or, when c squeezes,
// those that fit.
func (p *page) table(c *column, rows []*row) int {
	px, small := c.px(plainSize), c.px(labelSize)
	labels, runIn := 0, float64(c.Dx()) < narrow*c.u || c.squeeze && p.crowded()
	if !runIn {
		for _, r := range rows {
			p.shapeLabel(r)
			labels = max(labels, r.label.measure(0, len(r.label.text), small))
		}
		runIn = labels > c.Dx()*2/5
	}
	for i, r := range rows {
		p.shapeLabel(r)
		p.shapeValue(r)
		top := c.Min.Y
		kept := len(c.items)
		if runIn {
			p.runIn(c, r, px, small)
		} else {
			p.inColumns(c, r, px, small, labels)
		}
		if c.squeeze && c.Min.Y > c.Max.Y {
			c.items, c.Min.Y = c.items[:kept], top
			return i
		}
		c.gap(.15)
	}
	return len(rows)
}

// inColumns sets the label in one column and the text in the next.
func (p *page) inColumns(c *column, r *row, px, small, labels int) {
	x := c.Min.X
	if labels > 0 {
		x += labels + px*3/4
	}
	lines := r.value.lines(px, c.Max.X-x, maxRowLines)
	h := max(heightOf(lines, px), r.label.height(small))
	p.label(c, r, px, small, labels)
	c.add(item{lines: lines, px: px, shade: p.black, at: image.Rect(x, c.Min.Y, c.Max.X, c.Min.Y+h)})
	c.Min.Y += h
}

// runIn sets the text after its label, and then below it.
func (p *page) runIn(c *column, r *row, px, small int) {
	indent := min(r.label.measure(0, len(r.label.text), small), c.Dx())
	p.label(c, r, px, small, indent)
	h := max(r.value.height(px), r.label.height(small))
	switch {
	case indent > c.Dx()*2/3: // too long to share a line
		c.Min.Y += h
		indent = 0
	case indent > 0:
		indent += px / 2
	}
	lines := r.value.indented(px, c.Dx(), maxRowLines, indent)
	if len(lines) == 0 {
		return
	}
	c.add(item{lines: lines[:1], px: px, shade: p.black, at: image.Rect(c.Min.X+indent, c.Min.Y, c.Max.X, c.Min.Y+h)})
	c.add(item{lines: lines[1:], px: px, shade: p.black, at: image.Rect(c.Min.X, c.Min.Y+h, c.Max.X, c.Min.Y+h*len(lines))})
	c.Min.Y += h * len(lines)
}

// label sets a row's label on the baseline of the text beside it.
func (p *page) label(c *column, r *row, px, small, width int) {
	top := c.Min.Y + max(r.value.ascent(px)-r.label.ascent(small), 0)
	c.add(item{lines: r.label.lines(small, width, 1), px: small, shade: p.quiet,
		at: image.Rect(c.Min.X, top, c.Min.X+width, top+r.label.height(small))})
}
