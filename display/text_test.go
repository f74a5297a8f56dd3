package display

import (
	"bytes"
	"image"
	"strings"
	"testing"
)

func newSetter(t *testing.T) *setter {
	t.Helper()
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return &r.set
}

// visual is a line as it is read from left to right, run by run, in the order
// of its glyphs.
func visual(l line) string {
	var out []rune
	for _, r := range l.pieces() {
		for _, g := range r.glyphs {
			if g.cluster >= r.from && g.cluster < r.to {
				out = append(out, l.p.text[g.cluster])
			}
		}
	}
	return string(out)
}

// TestVisualOrder holds rule L2 of UAX #9, numbers inside right-to-left text
// included. Expected by the standard's own procedure, by hand.
func TestVisualOrder(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"abc", "abc"},
		{"אבג", "גבא"},
		{"abc אבג def", "abc גבא def"},
		{"אב 123 גד", "דג 123 בא"},
		{"abc אב 123 גד def", "abc דג 123 בא def"},
		{"אב abc 12 גד", "דג abc 12 בא"},
		{"12 אב", "בא 12"}, // the first strong letter makes it right to left
		{"a (אב) b", "a (בא) b"},
	} {
		p := newSetter(t).set(c.text, regular, "en", false)
		l := p.lines(20, 10000, 1)
		if got := visual(l[0]); got != c.want {
			t.Errorf("%q reads %q, want %q", c.text, got, c.want)
		}
	}
}

// A cut falls between characters as people count them, and the width holds.
func TestEllipsisByGrapheme(t *testing.T) {
	s := newSetter(t)
	p := s.set("nai\u0308ve e\u0301le\u0300ves a\u0328\u0301 x\u0323\u0307y\u0323\u0307z", regular, "en", false)
	for width := 20; width < 400; width++ {
		for _, l := range p.lines(20, width, 1) {
			if l.cut && l.to < len(p.text) && p.breaks[l.to] == noBreak {
				t.Errorf("at %d the cut splits %q", width, string(p.text[l.from:l.to+1]))
			}
			if l.width > width && l.to > l.from+1 && !l.cut {
				t.Errorf("a line of %d in %d", l.width, width)
			}
		}
	}
}

// Lines hold all of a text, once, in order, and none is wider than its place.
func TestLinesHoldEverything(t *testing.T) {
	s := newSetter(t)
	for _, text := range []string{
		"The badge does not match its signature. It was changed, or it is a fake.",
		"Supercalifragilisticexpialidocious and more",
		"Được cấp bởi Học viện Riverbend, ngày 12 tháng 5",
		"התג אמיתי. מי מחזיק בו: לא נבדק",
	} {
		p := s.set(text, regular, "en", false)
		for width := 40; width < 600; width += 7 {
			for _, lines := range [][]line{p.lines(18, width, 99), p.balanced(18, width, 99), p.indented(18, width, 99, min(60, width/2))} {
				at := 0
				for _, l := range lines {
					for ; at < l.from && p.text[at] == ' '; at++ {
					}
					if l.from != at || l.cut || l.width > width {
						t.Fatalf("%q at %d: a line from %d to %d, %d wide, after %d", text, width, l.from, l.to, l.width, at)
					}
					at = l.to
				}
				if at != len(p.text) {
					t.Fatalf("%q at %d: %d of %d letters", text, width, at, len(p.text))
				}
			}
		}
	}
}

// A character that no font has shows as a box, not as nothing.
func TestMissingShows(t *testing.T) {
	f := Format{Size: image.Pt(250, 122), PPI: 130, Inks: BlackAndWhite()}
	none, box := Render(Screen{Say: "a b"}, f), Render(Screen{Say: "a 🦦 b"}, f)
	inked := func(img *image.Paletted) (n int) {
		for _, ink := range img.Pix {
			n += int(ink)
		}
		return n
	}
	if inked(box) < inked(none)+10 {
		t.Errorf("%d pixels of ink with an unknown character, %d without", inked(box), inked(none))
	}
}

// On one bit strokes are whole: a letter's stem has the same thickness
// wherever the letter stands.
func TestStemsAreEven(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for px := 10; px <= 40; px++ {
		for _, w := range []weight{regular, bold} {
			face := r.set.faces[w]
			id, _ := face.shape.NominalGlyph('l')
			m := r.cache.get(face, id, px, true, false)
			for y := range m.at.Dy() {
				n := 0
				for _, s := range m.shades[y*m.at.Dx() : (y+1)*m.at.Dx()] {
					if s != 0 && s != shades-1 {
						t.Fatalf("%d px: a grey pixel on one bit", px)
					}
					if s != 0 {
						n++
					}
				}
				if n == 0 || n > px/4+1 {
					t.Errorf("%d px, weight %d: the stem is %d pixels thick in line %d", px, w, n, y)
				}
			}
		}
	}
}

// TestThicker holds that a thickened stroke is wider by what was asked, and
// nothing of it is lost.
func TestThicker(t *testing.T) {
	stroke := mask{at: image.Rect(3, -2, 5, 0), shades: []byte{15, 0, 7, 15}}
	got := stroke.thicker(1)
	if want := image.Rect(3, -2, 6, 0); got.at != want || !bytes.Equal(got.shades, []byte{15, 15, 0, 7, 15, 15}) {
		t.Errorf("at %v %v", got.at, got.shades)
	}
}

// TestNumbersStayWhole holds that no line ends inside a date, or between a
// number and what it counts, where there is another place.
func TestNumbersStayWhole(t *testing.T) {
	s := newSetter(t)
	for text, parts := range map[string][]string{
		"Not withdrawn as of 20 Nov 2026, but that is long ago.": {"20 Nov 2026,"},
		"This goes away in 5 s. Press a button.":                 {"5 s."},
		"Level 3 of 4, Proficient":                               {"3 of"},
		"Chưa bị thu hồi tính đến 20 thg 11, 2026.":              {"20 thg", "11, 2026."},
	} {
		p := s.set(text, regular, "en", false)
		for width := 120; width < 400; width += 7 {
			for _, part := range parts {
				found := false
				for _, l := range p.lines(14, width, 9) {
					found = found || bytes.Contains([]byte(string(p.text[l.from:l.to])), []byte(part))
				}
				if !found {
					t.Errorf("at %d pixels %q is torn", width, part)
				}
			}
		}
	}
	p := s.set("12 34 56 78 90 12 34 56 78 90", regular, "en", false) // nothing but numbers still fits
	for _, l := range p.lines(14, 60, 9) {
		if l.width > 60 {
			t.Errorf("a line is %d wide", l.width)
		}
	}
}

// TestMenuSaysMore holds that a menu that does not fit has an arrow where it
// goes on.
func TestMenuSaysMore(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	f := Format{Size: image.Pt(250, 122), PPI: 131, Inks: BlackAndWhite()}
	for _, c := range []struct {
		n, chosen int
		want      string
	}{{3, 1, ""}, {12, 0, "▼"}, {12, 6, "▲▼"}, {12, 11, "▲"}} {
		p := r.unseen(Screen{Word: "Menu", Choices: make([]string, c.n), Chosen: c.chosen}, f)
		for i := range p.screen.Choices {
			p.screen.Choices[i] = "A choice"
		}
		arrows := ""
		for _, i := range p.best(p.bodyOf(p.band()), p.shapeAll()).items {
			for _, l := range i.lines {
				if text := string(l.p.text); text == "▲" || text == "▼" {
					arrows += text
				}
			}
		}
		if arrows != c.want {
			t.Errorf("choice %d of %d: arrows %q, want %q", c.chosen, c.n, arrows, c.want)
		}
	}
}

// TestChineseIsLarger holds that no Chinese is set so small that its strokes
// run together, on the least glass and with more text than fits it.
func TestChineseIsLarger(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	s := Screen{Mark: Check, Word: "需要核对", Say: strings.Repeat("撤销名单很旧了。", 9), Notes: []string{"截至昨天未撤销。"}, Code: "R-STALE"}
	f := Format{Size: image.Pt(250, 122), PPI: 131, Inks: BlackAndWhite()}
	for lang, least := range map[string]int{"zh": smallestHan, "zh-Hans": smallestHan, "en": smallest} {
		s.Lang = lang
		p := r.unseen(s, f)
		low := 99
		for _, i := range p.best(p.bodyOf(p.band()), p.shapeAll()).items {
			low = min(low, i.px)
		}
		if low != least {
			t.Errorf("in %s the smallest text has %d pixels, want %d", lang, low, least)
		}
	}
}

// Our own sentence goes the way of the screen's language whatever name it
// begins with; a name goes its own.
func TestOursGoTheScreensWay(t *testing.T) {
	const sentence, latin = "Riverbend Academy غير مقبولة هنا.", "Riverbend Academy"
	s := newSetter(t)
	for _, c := range []struct {
		p    *para
		want uint8
	}{
		{s.setOurs(sentence, bold, "ar", true), 1}, {s.setOurs("الشارة Welding I", bold, "en", false), 0},
		{s.set(sentence, bold, "ar", true), 0}, {s.set(latin, bold, "ar", true), 0},
	} {
		if c.p.base != c.want {
			t.Errorf("%q goes by level %d, want %d", string(c.p.text), c.p.base, c.want)
		}
	}
	l := s.setOurs(sentence, bold, "ar", true).lines(20, 1000, 1)[0]
	all := l.pieces()
	if first, last := all[0], all[len(all)-1]; first.to != len(l.p.text) || last.from != 0 {
		t.Errorf("the full stop stands at %d of %d, the name ends the line at %d", first.to, len(l.p.text), last.from)
	}
}

// An address that is wider than a line ends it where its readers pause.
func TestAddressesBreakAtDots(t *testing.T) {
	p := newSetter(t).set("registrar@riverbend.example/my-badges", bold, "en", false)
	const px = 16
	var got []string
	for _, l := range p.lines(px, p.measure(0, len("registrar@riv"), px), 9) {
		got = append(got, string(p.text[l.from:l.to]))
	}
	if want := "registrar@ riverbend. example/my- badges"; strings.Join(got, " ") != want {
		t.Errorf("set as %q, want %q", got, want)
	}
}
