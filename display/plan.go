package display

import "image"

// A plan is where everything goes, were the screen read from left to right.
type plan struct {
	items  []item
	foot   int // how many of items and rules belong to the foot of the page
	rules  []image.Rectangle
	boxes  []image.Rectangle // filled with ink, behind the items
	beside image.Rectangle   // picture or QR code
	room   int               // pixels left free above the foot
	u      float64           // plain size
	least  int               // of any text, in pixels
	fits   bool              // sentences, title and notes have room
	whole  bool              // and nothing was cut or left out
}

type item struct {
	lines []line
	px    int
	at    image.Rectangle
	align align
	shade *ramp
}

// settle gives the free room to the white above the text: a little under a
// verdict, most of it on a page of its own.
func (l *plan) settle(alone bool) {
	down := min(l.room*2/5, int(l.u*.7))
	if alone {
		down = l.room * 2 / 5
	}
	if down <= 0 {
		return
	}
	for i := range l.items[l.foot:] {
		at := &l.items[l.foot+i].at
		*at = at.Add(image.Pt(0, down))
	}
	for i := range l.boxes {
		l.boxes[i] = l.boxes[i].Add(image.Pt(0, down))
	}
}

// crowded is the height of glass on which no line can be spared.
const crowded = 200

func (p *page) crowded() bool { return p.format.Size.Y <= crowded }

// plan sets c at k times the usual size. When it squeezes, what has no room is
// left out or cut.
func (p *page) plan(r image.Rectangle, t copyText, k float64, illustrated, squeeze bool) plan {
	out := plan{u: p.unit() * k, least: p.smallest(), whole: true}
	c := column{&out, r, squeeze}
	tall := r.Dx() <= r.Dy()*5/4
	if illustrated && !tall {
		p.reserveBeside(&c)
	}
	p.foot(&c, t)
	if illustrated && tall {
		p.reserveBelow(&c)
	}
	out.foot = len(out.items)
	c.gap(.35)
	switch {
	case squeeze && p.forCode():
		c.put(t.head, plainSize, 2, p.black)
	case len(t.head.text) <= headline:
		c.put(t.head, c.wholeWords(t.head, headSize, titleSize), 3, p.black)
	default:
		c.put(t.head, titleSize, 6, p.black)
	}
	if p.leads() {
		lead := leadSize
		if squeeze && (p.crowded() || p.forCode()) {
			lead = lastLead
		}
		c.put(t.say, lead, 8, p.black)
		c.gap(.35)
		if p.screen.Mark == NoMark && !p.forCode() { // the date, the digit or the words that the page is for
			c.put(t.title, c.oneLine(t.title, titleSize), 3, p.black)
		} else {
			c.put(t.title, c.oneLine(t.title, underSize), p.titleLines(), p.black)
		}
	} else {
		c.put(t.say, plainSize, 3, p.black)
		c.gap(.3)
		c.put(t.title, c.oneLine(t.title, titleSize), 3, p.black)
	}
	p.bar(&c)
	p.menu(&c, t.choices)
	out.fits = out.whole && c.Min.Y <= c.Max.Y
	c.gap(.3)
	if set := p.table(&c, t.rows); set < len(t.rows) {
		out.whole = false
	}
	out.room = c.Max.Y - c.Min.Y
	out.whole = out.whole && out.fits && out.room >= 0
	return out
}

// forCode tells whether a QR code is what the page is for.
func (p *page) forCode() bool { return p.screen.QR != "" && p.screen.Mark == NoMark }

// ample is the width of glass on which two fifths are enough for any code: more
// would leave its words too little.
const ample = 560

// titleLines is how many lines a title under its sentence may have: what
// stands beside a code is narrow, and may be the address that is in it.
func (p *page) titleLines() int {
	if p.forCode() {
		return 4
	}
	return 2
}

// reserveBeside keeps a place beside the text for the picture or the code, if
// that leaves enough for text.
func (p *page) reserveBeside(c *column) {
	gap := p.margin()
	side := min(c.Dy()-gap, c.Dx()*2/5)
	if p.forCode() && c.Dx() < ample {
		side = min(c.Dy()-gap, c.Dx()*11/20)
	}
	size := image.Pt(side, side)
	switch {
	case p.screen.Preview != nil:
		size = within(image.Pt(c.Dx()/2, c.Dy()-gap), p.screen.Preview.Rect.Size())
	case p.screen.QR == "" && (p.screen.Picture == nil || float64(c.Dx()-side) < 13*p.unit()):
		return
	}
	top := c.Min.Y + (c.Dy()-size.Y+gap)/2
	c.beside = image.Rect(c.Max.X-size.X, top, c.Max.X, top+size.Y)
	c.Max.X -= size.X + gap
}

// within is the largest size of the proportions of a picture that fits room.
func within(room, picture image.Point) image.Point {
	if picture.X <= 0 || picture.Y <= 0 {
		return image.Point{}
	}
	if h := room.X * picture.Y / picture.X; h <= room.Y {
		return image.Pt(room.X, h)
	}
	return image.Pt(room.Y*picture.X/picture.Y, room.Y)
}

// reserveBelow keeps a place below the text.
func (p *page) reserveBelow(c *column) {
	side := min(c.Dx(), c.Dy()/2)
	switch {
	case p.forCode() && p.crowded():
		side = min(c.Dx(), c.Dy()*2/3)
	case p.forCode():
		side = min(c.Dx(), c.Dy()*3/5)
	}
	size := image.Pt(side, side)
	switch {
	case p.screen.Preview != nil:
		size = within(image.Pt(c.Dx(), c.Dy()*3/5), p.screen.Preview.Rect.Size())
	case p.screen.QR == "" && (p.screen.Picture == nil || side < p.format.Size.Y/6):
		return
	}
	left := c.Min.X + (c.Dx()-size.X)/2
	c.beside = image.Rect(left, c.Max.Y-size.Y, left+size.X, c.Max.Y)
	c.Max.Y -= size.Y + p.margin()/2
}

// hairline is how thick a thin line is.
func (p *page) hairline() int { return max(1, p.format.Size.Y/320) }

// foot sets notes and the code at the bottom of c, under a line.
func (p *page) foot(c *column, t copyText) {
	if len(t.notes) == 0 && len(t.code.text) == 0 {
		return
	}
	px := c.px(noteSize)
	h := t.code.height(px)
	for _, n := range t.notes {
		h = max(h, n.height(px))
	}
	y, last := 0, 0 // last is how far the last line reaches
	for _, n := range t.notes {
		lines := n.lines(px, c.Dx(), 3)
		if len(lines) == 0 {
			continue
		}
		end := lines[len(lines)-1].width
		if last > 0 && len(lines) == 1 && last+px+end <= c.Dx() {
			c.add(item{lines: lines, px: px, shade: p.quiet, at: image.Rect(last+px, y-h, last+px+end, y)})
			last += px + end
			continue
		}
		before := len(lines) - 1
		c.add(item{lines: lines[:before], px: px, shade: p.quiet, at: image.Rect(0, y, c.Dx(), y+before*h)})
		y += len(lines) * h
		c.add(item{lines: lines[before:], px: px, shade: p.quiet, at: image.Rect(0, y-h, min(end, c.Dx()), y)})
		last = end
	}
	if lines := t.code.lines(px, c.Dx(), 1); len(lines) > 0 {
		if y == 0 || last+px+lines[0].width > c.Dx() {
			y += h
		}
		c.add(item{lines: lines, px: px, shade: p.quiet, align: end, at: image.Rect(c.Dx()-lines[0].width, y-h, c.Dx(), y)})
	}
	if y == 0 {
		return
	}
	for i := range c.items {
		at := &c.items[i].at
		*at = at.Add(image.Pt(c.Min.X, c.Max.Y-y))
	}
	above, below := em2px(.2, px), em2px(.3, px) // the line
	switch tall := len(t.notes) > 0 && t.notes[0].tall; {
	case c.squeeze && p.crowded() && tall:
		above, below = 0, em2px(.2, px) // where signs stand above the letters
	case c.squeeze && p.crowded():
		above, below = 1, em2px(.1, px) // where tails hang
	}
	c.Max.Y -= y + below
	c.rules = append(c.rules, image.Rect(c.Min.X, c.Max.Y, c.Max.X, c.Max.Y+p.hairline()))
	c.Max.Y -= above
}
