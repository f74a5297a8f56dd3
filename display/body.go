package display

import (
	"fmt"
	"image"
	"strings"

	"github.com/go-text/typesetting/language"
)

// sizes are tried from the largest: text grows into free space, and shrinks
// before anything is cut or left out.
var sizes = []float64{1.3, 1.2, 1.1, 1, .93, .86, .8, .74, .66, .58}

// Sizes of text, as multiples of the plain one.
const (
	headSize  = 1.9
	titleSize = 1.55
	leadSize  = 1.3 // of the sentence where it matters most
	lastLead  = 1.1 // of that on crowded glass, before anything is left out
	underSize = 1.1 // of the title then
	plainSize = 1.0
	labelSize = .82
	noteSize  = .76
)

// headline is how many letters a heading has; a longer one is a sentence, and
// set smaller.
const headline = 24

// smallest is the least size of any text in pixels: below, hinted DejaVu
// loses the holes of its letters.
const smallest = 10

// smallestHan is the least size of Chinese, whose strokes run together below.
const smallestHan = 12

// smallestArabic is the least size of Arabic of the font pack: below, two dots
// become one with their letter, and that another. DejaVu's stand apart.
const smallestArabic = 11

// smallest is the least size of text in the screen's language.
func (p *page) smallest() int {
	switch {
	case strings.HasPrefix(string(p.lang), "zh"):
		return smallestHan
	case strings.HasPrefix(string(p.lang), "ar") && p.set.pack.face(language.Arabic) != nil:
		return smallestArabic
	}
	return smallest
}

// A copyText is the screen's text, shaped once.
type copyText struct {
	head, say, title, code *para
	rows                   []*row
	notes, choices         []*para
}

// A row is a field, shaped when it is first set: on small glass most are not.
type row struct {
	Field
	label, value *para
}

// wordy is how many letters make a field a sentence, which is calmer in
// regular than in bold.
const wordy = 30

// shapeAll shapes the screen but for the word and the fields.
func (p *page) shapeAll() copyText {
	s := p.screen
	strong := regular
	if p.coarse() || p.leads() {
		strong = bold
	}
	c := copyText{head: &para{}, code: &para{}}
	if s.Mark == NoMark {
		c.head = p.words(s.Word, bold)
	}
	c.code = p.para(p.corner(!p.codeInBand, !p.pageInBand), regular)
	c.say, c.title = p.words(s.Say, strong), p.para(s.Title, bold)
	for _, f := range s.Fields {
		c.rows = append(c.rows, &row{Field: f})
	}
	for _, n := range s.Notes {
		c.notes = append(c.notes, p.words(n, regular))
	}
	for _, n := range s.Choices {
		c.choices = append(c.choices, p.para(n, bold))
	}
	return c
}

// corner is what stands in a corner of the glass: the reason code and which
// page this is.
func (p *page) corner(code, number bool) string {
	var out []string
	if code && p.screen.Code != "" {
		out = append(out, p.screen.Code)
	}
	if number && p.screen.Pages > 1 {
		out = append(out, fmt.Sprintf("%d/%d", p.screen.Page, p.screen.Pages))
	}
	return strings.Join(out, "  ")
}

// coarse tells whether thin strokes would vanish on this glass.
func (p *page) coarse() bool { return p.hard && p.unit() < 19 }

func (p *page) shapeLabel(r *row) {
	if r.label == nil {
		r.label = p.words(r.Label, regular)
	}
}

func (p *page) shapeValue(r *row) {
	if r.value != nil {
		return
	}
	text, w := r.Text, bold
	if r.Quoted {
		text = "“" + text + "”"
	}
	if r.Quoted || len(text) > wordy && !p.coarse() {
		w = regular
	}
	r.value = p.para(text, w)
}

// leads tells whether the sentence matters more than the badge: whenever the
// answer is not a plain yes.
func (p *page) leads() bool {
	return p.screen.Mark != Verified && p.screen.Mark != Demo
}

// body sets everything but the band into r.
func (p *page) body(r image.Rectangle) {
	best := p.best(p.bodyOf(r), p.shapeAll())
	best.settle(p.screen.Mark == NoMark)
	for _, b := range best.boxes {
		p.fill(p.mirrored(b), ink)
	}
	for _, i := range best.items {
		p.text(i.lines, i.px, p.mirrored(i.at), i.align, i.shade)
	}
	for _, l := range best.rules {
		p.fill(p.mirrored(l), p.quiet[shades-1])
	}
	if !best.beside.Empty() {
		p.illustrate(p.mirrored(best.beside))
	}
	if p.screen.Leaving {
		p.dash()
	}
}

// dash draws a broken line along the sides of the glass: what it shows is
// about to go.
func (p *page) dash() {
	size, w := p.format.Size, max(2, p.margin()*2/5)
	for x := 0; x < size.X; x += 4 * w {
		p.fill(image.Rect(x, size.Y-w, x+2*w, size.Y), ink)
	}
	for y := p.bandEnd; y < size.Y; y += 4 * w {
		p.fill(image.Rect(0, y, w, y+2*w), ink)
		p.fill(image.Rect(size.X-w, y, size.X, y+2*w), ink)
	}
}

// bodyOf is r without its margins.
func (p *page) bodyOf(r image.Rectangle) image.Rectangle {
	r.Min.X, r.Max.X = r.Min.X+p.margin(), r.Max.X-p.margin()
	r.Max.Y -= p.margin() * 2 / 3
	return r
}

// mirrored is where r is on a screen read from right to left.
func (p *page) mirrored(r image.Rectangle) image.Rectangle {
	if p.rtl {
		return mirror(r, p.format.Size.X)
	}
	return r
}

// best is the largest plan in which nothing is cut. At the least size fields
// are left out from the last, then the picture, notes but the first, the
// code, title, and then sentences are cut. A QR code that the page is for
// stays.
func (p *page) best(r image.Rectangle, c copyText) plan {
	illustrated := true
	for {
		least := p.plan(r, c, sizes[len(sizes)-1], illustrated, true)
		switch {
		case least.whole:
			return p.largest(r, c, least)
		case least.fits:
			return least
		case illustrated && !least.beside.Empty() && !p.forCode():
			illustrated = false
		case len(c.notes) > 1:
			c.notes = c.notes[:len(c.notes)-1]
		case len(c.code.text) > 0 && p.crowded() && p.corner(false, true) != string(c.code.text):
			c.code = p.para(p.corner(false, !p.pageInBand), regular)
		case len(c.title.text) > 0:
			c.title = &para{}
		default:
			return least
		}
	}
}

// largest searches the sizes above the least, which is whole.
func (p *page) largest(r image.Rectangle, c copyText, best plan) plan {
	low, high := 0, len(sizes)-1
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
