package display

import "github.com/go-text/typesetting/language"

// Fit names those of s's texts that f cannot show whole although a screen
// means nothing without them: the word, the sentence, the first note, the QR
// code of a page that is for it, too fine for a camera included. It is for tests of our own words; a badge's texts may be of any length.
func (r *Renderer) Fit(s Screen, f Format) (cut []string) {
	p := r.unseen(s, f)
	rest := p.band()
	if s.Mark != NoMark {
		word := p.planBand().lines
		if len(word) == 0 || !whole(word[len(word)-1]) || torn(word) {
			cut = append(cut, s.Word)
		}
	}
	c := p.shapeAll()
	best := p.best(p.bodyOf(rest), c)
	must := []*para{c.head, c.say}
	if len(c.notes) > 0 {
		must = append(must, c.notes[0])
	}
	for _, t := range must {
		if len(t.text) > 0 && !best.shows(t) {
			cut = append(cut, string(t.text))
		}
	}
	if p.forCode() && p.module(best.beside) < leastModule {
		cut = append(cut, s.QR)
	}
	return cut
}

// leastModule is the least side, in pixels, of a QR code's squares that a
// phone reads from a page which is for it.
const leastModule = 2

// comfort is the least size of text on a page that others follow, as a multiple
// of the plain one: what does not fit at that is better read on the next. On
// glass that is smaller than roomy, in squares of plain text's size, every
// size will do.
const (
	comfort = .8
	roomy   = 300
)

// Holds tells whether f shows all of s: every field whole and nothing left
// out, in a size that is read with ease where the glass has room for that.
// Who has more to say spreads it over pages.
func (r *Renderer) Holds(s Screen, f Format) bool { return r.Fitting(f)(s) }

// Fitting is Holds for many tries with the same texts: it shapes each once,
// and remembers it until the function it returns is forgotten.
func (r *Renderer) Fitting(f Format) (holds func(Screen) bool) {
	shaped := map[shapedKey]*para{}
	return func(s Screen) bool {
		p := r.unseen(s, f)
		p.shaped = shaped
		rest := p.bodyOf(p.band())
		least := comfort
		if float64(f.Size.X*f.Size.Y) < roomy*p.unit()*p.unit() {
			least = sizes[len(sizes)-1]
		}
		return p.plan(rest, p.shapeAll(), least, true, true).whole
	}
}

// A shapedKey is all that the shape of a text depends on.
type shapedKey struct {
	text, lang string
	weight     weight
	ours       bool
}

// unseen is a page of s that is measured but not drawn: its canvas has inks,
// and no room.
func (r *Renderer) unseen(s Screen, f Format) page {
	p := page{
		Renderer: r, canvas: newCanvas(Format{Inks: f.Inks}), screen: s, format: f,
		lang: language.NewLanguage(s.Lang), rtl: writtenRightToLeft(s.Lang),
	}
	p.findInks()
	return p
}

// torn tells whether a line ends inside a word.
func torn(lines []line) bool {
	for _, l := range lines {
		if l.p.breaks[l.to] != word && l.to < len(l.p.text) && l.p.text[l.to] != ' ' {
			return true
		}
	}
	return false
}

func whole(l line) bool { return !l.cut && l.to == len(l.p.text) }

// shows tells whether all of t is in the plan.
func (l *plan) shows(t *para) bool {
	for _, i := range l.items {
		if n := len(i.lines); n > 0 && i.lines[n-1].p == t && whole(i.lines[n-1]) {
			return i.at.Dy() >= t.height(i.px)
		}
	}
	return false
}
