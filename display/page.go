package display

import (
	"image"
	"math"

	"github.com/go-text/typesetting/language"
)

// A page is one picture being drawn.
type page struct {
	*Renderer
	*canvas
	screen Screen
	format Format
	lang   language.Language
	rtl    bool

	codeInBand, pageInBand bool // then the foot need not have it
	bandEnd                int  // the first row below the band

	shaped map[shapedKey]*para // nil to remember none

	black, quiet *ramp // ink on paper; labels and notes on paper
}

// unit is the size in pixels of plain text on this glass: larger on larger
// glass, but less than in proportion, and larger where pixels are small.
func (p *page) unit() float64 {
	u := 6 + .034*math.Sqrt(float64(p.format.Size.X*p.format.Size.Y))
	dense := float64(p.format.PPI) / 125
	return max(13, u*min(max(dense, 1), 1.4))
}

// margin is the white around everything.
func (p *page) margin() int {
	return max(5, min(p.format.Size.X, p.format.Size.Y)/20)
}

// Proportions of a line, in em: from its top to the baseline, to the next
// line, and how tall capitals are (DejaVu Sans: 0.729). Letters that stack
// signs need more.
const (
	ascent         = .96
	lineHeight     = 1.25
	smallHeight    = 1.2 // of text up to small pixels, where a pixel counts
	tallAscent     = 1.15
	tallLineHeight = 1.6
	overhang       = .12 // of signs into the white around our own words
	capHeight      = .729
)

// height is the distance of p's lines at px pixels an em.
func (p *para) height(px int) int {
	if p.tall {
		return em2px(tallLineHeight, tightened(px))
	}
	if px <= small {
		return em2px(smallHeight, px)
	}
	return em2px(lineHeight, px)
}

// small is the size of text, in pixels, that is set as tight as it can be read.
const small = 12

// tightened is the size whose lines letters of px that stack signs are set on.
func tightened(px int) int {
	if px < small {
		return min(px, smallest)
	}
	return px
}

// ascent is how far below its top a line of p has its baseline.
func (p *para) ascent(px int) int {
	if p.tall {
		return em2px(tallAscent, tightened(px))
	}
	if px == small { // at which tails hang three rows, not two
		return px - 1
	}
	return em2px(ascent, px)
}

func em2px(em float64, px int) int { return int(math.Round(em * float64(px))) }

// para is a text of somebody else, shaped; words is one of ours.
func (p *page) para(text string, w weight) *para  { return p.shape(text, w, p.set.set, false) }
func (p *page) words(text string, w weight) *para { return p.shape(text, w, p.set.setOurs, true) }

func (p *page) shape(text string, w weight, set func(string, weight, language.Language, bool) *para, ours bool) *para {
	if p.shaped == nil {
		return set(text, w, p.lang, p.rtl)
	}
	k := shapedKey{text, p.screen.Lang, w, ours}
	if p.shaped[k] == nil {
		p.shaped[k] = set(text, w, p.lang, p.rtl)
	}
	return p.shaped[k]
}

// An align is where in its width a line stands.
type align int

const (
	start align = iota // where the screen's language starts reading
	centre
	end
)

// place is the x at which something w wide begins in r.
func (p *page) place(r image.Rectangle, w int, a align) int {
	switch {
	case a == centre:
		return r.Min.X + (r.Dx()-w)/2
	case (a == start) == p.rtl:
		return r.Max.X - w
	}
	return r.Min.X
}

// text draws lines from the top of r, and returns where they end. Nothing is
// drawn outside r, but for signs above and below letters of our own words.
func (p *page) text(lines []line, px int, r image.Rectangle, a align, shade *ramp) int {
	y := r.Min.Y
	for _, l := range lines {
		clip := r
		if over := em2px(overhang, px); l.p.ours {
			clip.Min.Y, clip.Max.Y = max(r.Min.Y-over, p.bandEnd), r.Max.Y+over
		}
		p.line(l, px, image.Pt(p.place(r, l.width, a), y+l.p.ascent(px)), clip, shade)
		y += l.p.height(px)
	}
	return y
}

// line draws one line with its left end at pen.
func (p *page) line(l line, px int, at image.Point, clip image.Rectangle, shade *ramp) {
	if l.cut && l.p.base == 1 {
		at.X += p.ellipsis(l, px, at, clip, shade)
	}
	for _, r := range l.pieces() {
		thick := l.p.weight == bold && r.face == p.set.pack.faces[language.Han]
		for _, g := range r.glyphs {
			if g.cluster < r.from || g.cluster >= r.to {
				continue
			}
			m := p.cache.get(r.face, g.id, px, p.hard, thick)
			p.stamp(m, at.Add(image.Pt(scale(g.dx, px), -scale(g.dy, px))), clip, shade)
			at.X += scale(g.advance, px)
		}
	}
	if l.cut && l.p.base == 0 {
		p.ellipsis(l, px, at, clip, shade)
	}
}

func (p *page) ellipsis(l line, px int, at image.Point, clip image.Rectangle, shade *ramp) int {
	face := p.set.faces[l.p.weight]
	p.stamp(p.cache.get(face, face.ellipsis, px, p.hard, false), at, clip, shade)
	return l.p.ellipsis(px)
}

func heightOf(lines []line, px int) (h int) {
	for _, l := range lines {
		h += l.p.height(px)
	}
	return h
}
