package display

import (
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// em is the size that text is shaped at, once; every size on the screen is
// scaled from it, so that trying a size costs no shaping.
const em = 2048

// A para is one text, shaped, ready to be broken into lines at any size.
type para struct {
	text    []rune
	base    uint8 // bidi level of the whole: 1 is right to left
	runs    []run // in logical order
	advance []int // per rune, in em units: that of the cluster it begins
	breaks  []breakKind
	weight  weight
	tall    bool // has letters that stack signs above and below
	square  bool // has Chinese letters, which fill their square
	ours    bool // the kiosk's own words
}

// A run is a stretch of one level, script and font.
type run struct {
	face     *typeface
	level    uint8
	from, to int     // of para.text
	glyphs   []glyph // from left to right
}

// A glyph is one shape, in em units.
type glyph struct {
	id      font.GID
	cluster int // first rune that it stands for
	advance int
	dx, dy  int // offset from the pen; dy grows upwards
}

type breakKind uint8

const (
	noBreak  breakKind = iota
	grapheme           // a character ends before this rune
	piece              // inside an address or a number, after a piece of it
	word               // a line may end before this rune
)

// A setter shapes text. It is not safe for concurrent use.
type setter struct {
	faces  [2]*typeface
	pack   pack
	shaper shaping.HarfbuzzShaper
	bidi   bidi.Paragraph
	seg    segmenter.Segmenter
}

// set shapes text of somebody else. lang is for the shaping rules that differ by
// language, rtl for the direction of a text that has none of its own.
func (s *setter) set(text string, w weight, lang language.Language, rtl bool) *para {
	return s.shaped(&para{text: clean(text), weight: w}, lang, rtl)
}

// setOurs shapes what is said in the screen's language, and goes its way,
// whatever name it begins with.
func (s *setter) setOurs(text string, w weight, lang language.Language, rtl bool) *para {
	return s.shaped(&para{text: clean(text), weight: w, ours: true}, lang, rtl)
}

func (s *setter) shaped(p *para, lang language.Language, rtl bool) *para {
	if len(p.text) == 0 {
		return p
	}
	switch {
	case !p.ours:
		p.base = baseLevel(p.text, rtl)
	case rtl:
		p.base = 1
	}
	p.advance = make([]int, len(p.text))
	s.itemise(p)
	for i := range p.runs {
		s.shape(p, &p.runs[i], lang)
	}
	s.findBreaks(p)
	return p
}

// baseLevel is the paragraph's level: that of the first strong character
// (UAX #9, P2 and P3), or else the screen's.
func baseLevel(text []rune, rtl bool) uint8 {
	for _, r := range text {
		switch sc := language.LookupScript(r); {
		case rightToLeft(sc) && !arabicDigit(r):
			return 1
		case sc.Strong():
			return 0
		}
	}
	if rtl {
		return 1
	}
	return 0
}

func rightToLeft(s language.Script) bool {
	switch s {
	case language.Arabic, language.Hebrew, language.Syriac, language.Thaana, language.Nko, language.Adlam:
		return true
	}
	return false
}

func arabicDigit(r rune) bool { return r >= 0x660 && r <= 0x669 || r >= 0x6F0 && r <= 0x6F9 }

// itemise cuts the text where level, script or font change.
func (s *setter) itemise(p *para) {
	direction := bidi.LeftToRight
	if p.base == 1 {
		direction = bidi.RightToLeft
	}
	levels := s.bidi.Segment(p.text, direction)
	for i := range levels.NumRuns() {
		r := levels.Run(i)
		s.itemiseLevel(p, r.Start, r.End, uint8(r.Level))
	}
}

func (s *setter) itemiseLevel(p *para, from, to int, level uint8) {
	var script language.Script
	var face *typeface
	start := from
	for i := from; i < to; i++ {
		sc, f := language.LookupScript(p.text[i]), face
		neutral := !sc.Strong()
		if neutral && script != 0 {
			sc = script
		}
		if face == nil || !neutral || !has(face, p.text[i]) {
			f = s.face(p.text[i], p.weight)
		}
		if script != 0 && !script.Strong() {
			script = sc // signs before the first letter go with it
		}
		if face != nil && (f != face || sc != script) {
			p.runs = append(p.runs, run{face: face, level: level, from: start, to: i})
			start = i
		}
		script, face = sc, f
	}
	p.runs = append(p.runs, run{face: face, level: level, from: start, to: to})
}

// face is the font that r is drawn with: the pack's for its script, else the
// built-in one, which draws a box for what it lacks.
func (s *setter) face(r rune, w weight) *typeface {
	script := language.LookupScript(r)
	if r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF {
		script = language.Han // its punctuation and full-width signs
	}
	if f := s.pack.face(script); f != nil && has(f, r) {
		return f
	}
	return s.faces[w]
}

func has(f *typeface, r rune) bool {
	_, ok := f.shape.NominalGlyph(r)
	return ok
}

func (s *setter) shape(p *para, r *run, lang language.Language) {
	in := shaping.Input{
		Text: p.text, RunStart: r.from, RunEnd: r.to,
		Direction: di.DirectionLTR, Face: r.face.shape, Size: fixed.I(em),
		Script: scriptOf(p.text[r.from:r.to]), Language: lang,
	}
	if r.level%2 == 1 {
		in.Direction = di.DirectionRTL
	}
	p.tall = p.tall || stacks(in.Script)
	p.square = p.square || in.Script == language.Han
	out := s.shaper.ShapeNoExtents(in)
	r.glyphs = make([]glyph, len(out.Glyphs))
	for i, g := range out.Glyphs {
		r.glyphs[i] = glyph{g.GlyphID, g.TextIndex(), g.Advance.Round(), g.XOffset.Round(), g.YOffset.Round()}
		p.advance[g.TextIndex()] += g.Advance.Round()
	}
}

func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if sc := language.LookupScript(r); sc.Strong() {
			return sc
		}
	}
	return language.Common
}

// stacks tells whether a script writes signs above and below its letters, so
// that its lines need more room.
func stacks(s language.Script) bool {
	switch s {
	case language.Arabic, language.Thai, language.Lao, language.Khmer, language.Myanmar, language.Devanagari, language.Bengali, language.Tamil:
		return true
	}
	return false
}

// findBreaks marks where a line may end (UAX #14) and, for words longer than
// a line, where a character ends (UAX #29).
func (s *setter) findBreaks(p *para) {
	p.breaks = make([]breakKind, len(p.text)+1)
	s.seg.Init(p.text)
	for it := s.seg.GraphemeIterator(); it.Next(); {
		p.breaks[it.Grapheme().Offset] = grapheme
	}
	for it := s.seg.LineIterator(); it.Next(); {
		p.breaks[it.Line().Offset] = word
	}
	p.keepAddresses()
	p.keepNumbers()
	p.keepHyphens()
	p.breaks[len(p.text)] = word
}
