package display

import "image"

// sizes are tried from the largest: text grows into free space and shrinks
// before anything is left out.
var sizes = []float64{1.3, 1.2, 1.1, 1, .93, .86, .8, .74}

// A copyText is the screen's text, shaped once.
type copyText struct {
	head, say, title, code *para
	rows                   []row
	notes                  []*para
}

type row struct{ label, value *para }

// shapeAll shapes all of the screen but the word.
func (p *page) shapeAll() copyText {
	s := p.screen
	strong := regular
	if p.hard && p.unit() < 19 || p.leads() {
		strong = bold // thin strokes vanish on coarse glass
	}
	var c copyText
	if s.Mark == NoMark {
		c.head = p.para(s.Word, bold)
	}
	c.say, c.title, c.code = p.para(s.Say, strong), p.para(s.Title, bold), p.para(s.Code, regular)
	for _, f := range s.Fields {
		text, w := f.Text, bold
		if f.Quoted {
			text, w = "“"+text+"”", regular
		}
		c.rows = append(c.rows, row{p.para(f.Label, regular), p.para(text, w)})
	}
	for _, n := range s.Notes {
		c.notes = append(c.notes, p.para(n, regular))
	}
	return c
}

// leads tells whether the sentence matters more than the badge: whenever the
// answer is not a plain yes.
func (p *page) leads() bool {
	return p.screen.Mark != Verified && p.screen.Mark != Demo
}

// A plan is where everything goes, were the screen read from left to right.
type plan struct {
	items  []item
	rules  []image.Rectangle
	beside image.Rectangle // picture or QR code
	fits   bool            // what is in it has room
	whole  bool            // and no field was left out
}

type item struct {
	lines []line
	px    int
	at    image.Rectangle
	align align
	shade *ramp
}

// body sets everything but the band into r.
func (p *page) body(r image.Rectangle) {
	c := p.shapeAll()
	r.Min.X, r.Max.X = r.Min.X+p.margin(), r.Max.X-p.margin()
	r.Max.Y -= p.margin() * 2 / 3
	best := p.best(r, c)
	for _, i := range best.items {
		if p.rtl {
			i.at = mirror(i.at, p.format.Size.X)
		}
		p.text(i.lines, i.px, i.at, i.align, i.shade)
	}
	for _, l := range best.rules {
		if p.rtl {
			l = mirror(l, p.format.Size.X)
		}
		p.fill(l, p.quiet[shades-1])
	}
	if !best.beside.Empty() {
		if p.rtl {
			best.beside = mirror(best.beside, p.format.Size.X)
		}
		p.illustrate(best.beside)
	}
}

// best is the largest plan that fits. At the least size fields are left out
// from the last, then the picture, notes but the first, and title.
func (p *page) best(r image.Rectangle, c copyText) plan {
	least := p.plan(r, c, sizes[len(sizes)-1], true, true)
	if least.whole {
		return p.largest(r, c, least)
	}
	illustrated := true
	for !least.fits {
		switch {
		case illustrated && p.illustrated():
			illustrated = false
		case len(c.notes) > 1:
			c.notes = c.notes[:len(c.notes)-1]
		case len(c.title.text) > 0:
			c.title = &para{}
		default:
			return least
		}
		least = p.plan(r, c, sizes[len(sizes)-1], illustrated, true)
	}
	return least
}

// largest searches the sizes above the least, which fits.
func (p *page) largest(r image.Rectangle, c copyText, best plan) plan {
	low, high := 0, len(sizes)-1 // high fits
	for low < high {
		mid := (low + high) / 2
		if try := p.plan(r, c, sizes[mid], true, false); try.whole {
			best, high = try, mid
		} else {
			low = mid + 1
		}
	}
	return best
}

// A column is where text is being set, from the top down.
type column struct {
	*plan
	image.Rectangle
	u float64
}

func (c *column) px(size float64) int {
	return max(smallest, int(size*c.u+.5))
}

// smallest is the least size of any text in pixels: below, hinted DejaVu
// loses its counters.
const smallest = 10

func (c *column) gap(em float64) { c.Min.Y += int(em*c.u + .5) }

// put sets text at the top of what is left of c.
func (c *column) put(t *para, size float64, most int, shade *ramp) {
	if t == nil || len(t.text) == 0 {
		return
	}
	px := c.px(size)
	lines := t.balanced(px, c.Dx(), most)
	h := heightOf(lines, px)
	at := image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+h)
	c.items = append(c.items, item{lines: lines, px: px, at: at, shade: shade})
	c.Min.Y += h
}

// plan sets c at k times the usual size. When it squeezes, fields that have no
// room are left out.
func (p *page) plan(r image.Rectangle, c copyText, k float64, illustrated, squeeze bool) plan {
	var out plan
	col := column{&out, r, p.unit() * k}
	p.foot(&col, c)
	if illustrated {
		p.reserve(&col)
	}
	col.gap(.35)
	col.put(c.head, 1.9, 3, p.black)
	if p.leads() {
		col.put(c.say, 1.3, 5, p.black)
		col.gap(.35)
		col.put(c.title, 1.1, 2, p.black)
		col.gap(.3)
	} else {
		col.put(c.say, 1, 3, p.black)
		col.gap(.3)
		col.put(c.title, 1.55, 2, p.black)
		col.gap(.3)
	}
	out.fits = col.Min.Y <= col.Max.Y
	set := p.table(&col, c.rows, squeeze)
	out.whole = out.fits && set == len(c.rows) && col.Min.Y <= col.Max.Y
	return out
}

// foot sets notes, one after the other, and the code at the bottom of c.
func (p *page) foot(c *column, t copyText) {
	if len(t.notes) == 0 && len(t.code.text) == 0 {
		return
	}
	px := c.px(.76)
	gap := px
	code := t.code.measure(0, len(t.code.text), px)
	x, rows := 0, 1
	var set []item
	for _, n := range t.notes {
		w := n.measure(0, len(n.text), px)
		if x > 0 && x+gap+w > c.Dx() {
			x, rows = 0, rows+1
		}
		if x > 0 {
			x += gap
		}
		w = min(w, c.Dx()-x)
		set = append(set, item{lines: n.lines(px, w, 1), px: px, shade: p.quiet, at: image.Rect(x, rows-1, x+w, rows)})
		x += w
	}
	if code > 0 && x > 0 && x+gap+code > c.Dx() {
		rows++
	}
	h := em2px(lineHeight, px)
	top := c.Max.Y - rows*h
	for _, i := range set {
		i.at = image.Rect(c.Min.X+i.at.Min.X, top+i.at.Min.Y*h, c.Min.X+i.at.Max.X, top+i.at.Max.Y*h)
		c.items = append(c.items, i)
	}
	if code > 0 {
		c.items = append(c.items, item{lines: t.code.lines(px, c.Dx(), 1), px: px, shade: p.quiet, align: end,
			at: image.Rect(c.Min.X, c.Max.Y-h, c.Max.X, c.Max.Y)})
	}
	c.Max.Y = top - em2px(.3, px)
	c.rules = append(c.rules, image.Rect(c.Min.X, c.Max.Y, c.Max.X, c.Max.Y+p.hairline()))
	c.Max.Y -= em2px(.2, px)
}

func (p *page) hairline() int { return max(1, p.format.Size.Y/320) }

// table sets labels in one column and their texts in the next, and returns how
// many rows it set: with squeeze, those that fit.
func (p *page) table(c *column, rows []row, squeeze bool) int {
	px, small := c.px(1), c.px(.82)
	label := 0
	for _, r := range rows {
		label = max(label, r.label.measure(0, len(r.label.text), small))
	}
	label = min(label, c.Dx()*2/5)
	x := c.Min.X + label
	if label > 0 {
		x += px * 3 / 4
	}
	for i, r := range rows {
		lines := r.value.lines(px, c.Max.X-x, 2)
		h := heightOf(lines, px)
		if squeeze && c.Min.Y+h > c.Max.Y {
			return i
		}
		drop := em2px(ascent, px) - em2px(ascent, small) // to a common baseline
		c.items = append(c.items,
			item{lines: r.label.lines(small, label, 1), px: small, shade: p.quiet, at: image.Rect(c.Min.X, c.Min.Y+drop, c.Min.X+label, c.Min.Y+h)},
			item{lines: lines, px: px, shade: p.black, at: image.Rect(x, c.Min.Y, c.Max.X, c.Min.Y+h)})
		c.Min.Y += h
		c.gap(.15)
	}
	return len(rows)
}

func (p *page) illustrated() bool { return p.screen.Picture != nil || p.screen.QR != "" }

// reserve keeps a place for the picture or the code.
func (p *page) reserve(c *column) {
	if !p.illustrated() {
		return
	}
	gap := p.margin()
	if c.Dx() > c.Dy()*5/4 {
		side := min(c.Dy()-gap, c.Dx()*2/5)
		c.beside = image.Rect(c.Max.X-side, c.Max.Y-side, c.Max.X, c.Max.Y)
		c.Max.X -= side + gap
		return
	}
	side := min(c.Dx(), c.Dy()*2/5)
	left := c.Min.X + (c.Dx()-side)/2
	c.beside = image.Rect(left, c.Max.Y-side, left+side, c.Max.Y)
	c.Max.Y -= side + gap
}
