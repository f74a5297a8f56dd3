package display

import (
	"image"
	"image/color"
)

// A livery is how a verdict's band is painted.
type livery struct {
	colour color.RGBA // on panels with colours
	dark   bool       // the text on colour is white
	solid  bool       // on panels without: white on black; else black in a frame
}

// An answer that the kiosk stands behind has a solid band; one that leaves it
// to a person has an open one. This can be seen before a letter is read.
var liveries = map[Mark]livery{
	Verified:    {green, true, true},
	NotVerified: {red, true, true},
	Check:       {amber, false, false},
	CannotTell:  {blue, true, false},
	Demo:        {slate, true, false},
}

// MarkShare is the least share of the panel's height that a mark takes.
const MarkShare = .25

// band draws the mark with its word, and returns what is left below. It is
// made of the screen's own words alone: nothing that a badge says comes here.
func (p *page) band() image.Rectangle {
	if p.screen.Mark == NoMark {
		return image.Rectangle{Max: p.format.Size}
	}
	b := p.planBand()
	l := liveries[p.screen.Mark]
	bg, fg := p.paintBand(b.frame, l)
	s := p.sign(p.screen.Mark, b.sign.Dx(), p.hard)
	p.stamp(s.shape, b.sign.Min, b.frame, p.ramp(bg, fg))
	p.stamp(s.glyph, b.sign.Min, b.frame, p.ramp(fg, bg))
	p.word(b, p.ramp(bg, fg))
	p.bandCode(b, p.ramp(bg, fg))
	p.bandEnd = b.frame.Max.Y
	return image.Rectangle{Min: image.Pt(0, p.bandEnd), Max: p.format.Size}
}

func (p *page) paintBand(r image.Rectangle, l livery) (bg, fg uint8) {
	if !p.hard {
		bg, fg = p.nearest(l.colour), ink
		if l.dark {
			fg = paper
		}
		p.fill(r, bg)
		return bg, fg
	}
	p.fill(r, ink)
	if l.solid {
		return ink, paper
	}
	p.fill(r.Inset(p.rule()), paper)
	return paper, ink
}

// rule is the thickness of a frame.
func (p *page) rule() int { return max(2, p.format.Size.Y/80) }

// A bandPlan is where mark and word go.
type bandPlan struct {
	frame, sign, word image.Rectangle
	lines             []line
	px                int
	align             align
}

// planBand sets the word beside the mark or, on tall glass where that lets
// it be larger, below it.
func (p *page) planBand() bandPlan {
	word := p.words(p.screen.Word, bold)
	if size := p.format.Size; size.Y > size.X*11/10 {
		if below := p.below(word); below.px > p.beside(word).px*5/4 {
			return below
		}
	}
	return p.beside(word)
}

// side is the mark's size.
func (p *page) side() int {
	return int(float64(p.format.Size.Y)*MarkShare+.999) + 1
}

func (p *page) beside(word *para) bandPlan {
	size, pad := p.format.Size, p.bandPad()
	side, left := p.side(), max(pad, p.margin())
	b := bandPlan{frame: image.Rect(0, 0, size.X, side+2*pad)}
	b.sign = image.Rect(left, pad, left+side, pad+side)
	b.word = image.Rect(b.sign.Max.X+left*3/4, 0, size.X-left, b.frame.Max.Y)
	if p.rtl {
		b.sign, b.word = mirror(b.sign, size.X), mirror(b.word, size.X)
	}
	b.fit(word, side*7/10, side)
	return b
}

func (p *page) below(word *para) bandPlan {
	size, pad := p.format.Size, p.bandPad()
	side := p.side()
	left := (size.X - side) / 2
	b := bandPlan{sign: image.Rect(left, pad, left+side, pad+side), align: centre}
	b.word = image.Rect(pad, b.sign.Max.Y+pad/2, size.X-pad, b.sign.Max.Y+side*7/10)
	b.fit(word, side*7/10, b.word.Dy())
	b.word.Max.Y = b.word.Min.Y + wordHeight(word, len(b.lines), b.px) + em2px(.25, b.px)
	b.frame = image.Rect(0, 0, size.X, b.word.Max.Y+pad)
	return b
}

// bandPad is the space around the mark, frame included.
func (p *page) bandPad() int { return p.rule() + max(2, p.format.Size.Y/50) }

func mirror(r image.Rectangle, width int) image.Rectangle {
	return image.Rect(width-r.Max.X, r.Min.Y, width-r.Min.X, r.Max.Y)
}

// wordLine is the distance of the word's lines, in em: it has no descenders
// to speak of.
const wordLine = 1.08

func wordHeight(p *para, lines, px int) int {
	if p.tall {
		return p.height(px) * lines
	}
	return em2px(wordLine*float64(lines), px)
}

// fit finds the largest size, up to most, at which the word stands whole in
// its place, in at most three lines, no line ending inside a word.
func (b *bandPlan) fit(word *para, most, height int) {
	const least = 9
	for b.px = most; ; b.px-- {
		b.lines = word.lines(b.px, b.word.Dx(), 3)
		whole := len(b.lines) == 0 || b.lines[len(b.lines)-1].to == len(word.text)
		if b.px <= least || whole && word.widest(b.px) <= b.word.Dx() && wordHeight(word, len(b.lines), b.px) <= height {
			return
		}
	}
}

// bandCode writes the reason code and the page's number behind the word, or
// one of them, where there is room and the rest of the glass has none. A code
// must look like one.
func (p *page) bandCode(b bandPlan, shade *ramp) {
	if !p.crowded() || len(b.lines) == 0 {
		return
	}
	at, room := 0, 0 // the line with most room behind it
	for i, l := range b.lines {
		if free := b.word.Dx() - l.width - b.px/2; free > room {
			at, room = i, free
		}
	}
	isCode := looksLikeCode(p.screen.Code)
	for _, try := range []struct{ code, number bool }{{isCode, true}, {false, true}, {isCode, false}} {
		text := p.corner(try.code, try.number)
		lines := p.para(text, regular).lines(smallest, b.word.Dx(), 1)
		if text == "" || room < lines[0].width {
			continue
		}
		p.codeInBand, p.pageInBand = try.code, try.number
		p.line(lines[0], smallest, image.Pt(p.place(b.word, lines[0].width, end), b.baseline(at)), b.frame, shade)
		return
	}
}

// baseline is that of the word's n-th line: its capitals are centred on the
// mark's height.
func (b *bandPlan) baseline(n int) int {
	step := wordHeight(b.lines[0].p, 1, b.px)
	block := step*(len(b.lines)-1) + em2px(capHeight, b.px)
	return b.word.Min.Y + (b.word.Dy()-block)/2 + em2px(capHeight, b.px) + n*step
}

// looksLikeCode tells whether s is spelt as reason codes are: "R-STALE".
func looksLikeCode(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 16
}

// word draws the word.
func (p *page) word(b bandPlan, shade *ramp) {
	for i, l := range b.lines {
		p.line(l, b.px, image.Pt(p.place(b.word, l.width, b.align), b.baseline(i)), b.frame, shade)
	}
}
