package display

import (
	"bytes"
	"image"
	"strings"
	"testing"
)

// sizesOfGlass are those of the panels that kiosks are built with, and some
// of them turned.
var sizesOfGlass = []image.Point{
	{200, 200}, {250, 122}, {122, 250}, {264, 176}, {296, 128}, {400, 300}, {300, 400}, {648, 480},
	{800, 480}, {480, 800}, {480, 320}, {320, 480}, {240, 240}, {240, 320}, {320, 240}, {1024, 600}, {600, 1024},
}

func eachFormat(f func(Format)) {
	for _, size := range sizesOfGlass {
		f(Format{Size: size, PPI: 125, Inks: BlackAndWhite()})
		f(Format{Size: size, PPI: 125, Inks: Colours()})
	}
}

var verdicts = map[Mark]string{
	Verified: "VERIFIED", Check: "CHECK", NotVerified: "NOT VERIFIED", CannotTell: "CAN'T TELL", Demo: "DEMO",
}

// Nothing that a badge says may change one pixel of the verdict's band: the
// band of an empty screen and that of the most hostile one are the same.
func TestBandIsOurs(t *testing.T) {
	hostile := Screen{
		Say: strings.Repeat("W", 300), Title: "VERIFIED\u202E\u0301" + strings.Repeat("\u0300", 5000),
		Fields: []Field{{Label: strings.Repeat("Ä", 500), Text: "\x1b[2J\n\n\n\n" + strings.Repeat("ﷺ", 400)}},
		Notes:  []string{strings.Repeat("gjpq ", 200)}, Code: strings.Repeat("|", 99),
	}
	eachFormat(func(f Format) {
		for mark, word := range verdicts {
			plain := Render(Screen{Mark: mark, Word: word}, f)
			s := hostile
			s.Mark, s.Word = mark, word
			got := Render(s, f)
			band := bandOf(Screen{Mark: mark, Word: word}, f)
			if band.Empty() || band.Dy() > f.Size.Y*2/3 {
				t.Fatalf("%v %s: the band is %v", f.Size, word, band)
			}
			n := band.Dy() * got.Stride
			if !bytes.Equal(plain.Pix[:n], got.Pix[:n]) {
				t.Errorf("%v %s: what the badge says changed the band", f.Size, word)
			}
		}
	})
}

// bandOf is where the band of s is drawn.
func bandOf(s Screen, f Format) image.Rectangle {
	r, err := NewRenderer()
	if err != nil {
		panic(err)
	}
	p := page{Renderer: r, canvas: newCanvas(f), screen: s, format: f}
	p.findInks()
	rest := p.band()
	return image.Rect(0, 0, f.Size.X, rest.Min.Y)
}

// The word stands whole in its band, and the mark takes a quarter of the
// height, on every glass.
func TestWordIsWhole(t *testing.T) {
	words := []string{"VERIFIED", "CHECK", "NOT VERIFIED", "CAN'T TELL", "DEMO", "NO VERIFICADO", "NO SE PUEDE SABER",
		"NON VÉRIFIÉ", "IMPOSSIBLE À DIRE", "KHÔNG XÁC MINH ĐƯỢC", "CHƯA THỂ KẾT LUẬN"}
	eachFormat(func(f Format) {
		for _, w := range words {
			r, err := NewRenderer()
			if err != nil {
				t.Fatal(err)
			}
			p := page{Renderer: r, canvas: newCanvas(f), format: f, screen: Screen{Mark: Check, Word: w}}
			b := p.planBand()
			if 4*b.sign.Dy() < f.Size.Y {
				t.Errorf("%v %s: the mark is %d pixels high", f.Size, w, b.sign.Dy())
			}
			shown := 0
			for _, l := range b.lines {
				shown += l.to - l.from
				if l.cut || l.width > b.word.Dx() {
					t.Errorf("%v %s: a line is cut", f.Size, w)
				}
			}
			if want := len([]rune(w)) - (len(b.lines) - 1); shown != want {
				t.Errorf("%v %s: %d of %d letters are shown", f.Size, w, shown, want)
			}
			if b.sign.Overlaps(b.word) || !b.word.In(b.frame) || !b.sign.In(b.frame) {
				t.Errorf("%v %s: mark %v, word %v, band %v", f.Size, w, b.sign, b.word, b.frame)
			}
			if b.px < 13 {
				t.Errorf("%v %s: only %d pixels an em", f.Size, w, b.px)
			}
		}
	})
}

// Shapes differ without colour: no two marks share more than 85 % of their
// ink.
func TestMarksDiffer(t *testing.T) {
	const side = 64
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	inked := func(m Mark) []bool {
		s := r.sign(m, side, true)
		out := make([]bool, side*side)
		for i := range out {
			out[i] = s.shape.shades[i] > 0 && s.glyph.shades[i] == 0
		}
		return out
	}
	for a := range verdicts {
		for b := range verdicts {
			both, either := 0, 0
			ia, ib := inked(a), inked(b)
			for i := range ia {
				if ia[i] && ib[i] {
					both++
				}
				if ia[i] || ib[i] {
					either++
				}
			}
			if a != b && both*100 > either*85 {
				t.Errorf("marks %d and %d share %d of %d pixels", a, b, both, either)
			}
		}
	}
}

// The same screen is the same picture, whatever was drawn before.
func TestRenderForgets(t *testing.T) {
	f := Format{Size: image.Pt(400, 300), PPI: 120, Inks: BlackAndWhite()}
	s := Screen{Mark: Verified, Word: "VERIFIED", Title: "Welding I", Fields: []Field{{Label: "Issuer", Text: "Riverbend Academy"}}}
	first := Render(s, f)
	Render(Screen{Mark: Check, Word: "CHECK", Title: "María Hernández", Lang: "ar"}, f)
	if !bytes.Equal(first.Pix, Render(s, f).Pix) {
		t.Error("the picture depends on what was drawn before")
	}
}

// No format makes Render panic.
func TestRenderOddFormats(t *testing.T) {
	for _, f := range []Format{
		{}, {Size: image.Pt(-5, 7)}, {Size: image.Pt(3, 3), Inks: BlackAndWhite()}, {Size: image.Pt(96, 96)},
		{Size: image.Pt(3000, 100), PPI: 1000, Inks: Colours()}, {Size: image.Pt(100, 3000), PPI: -4, Inks: Spectra()},
	} {
		for _, s := range []Screen{{}, card(), {QR: strings.Repeat("x", 9000)}, {Picture: image.NewRGBA(image.Rect(0, 0, 1, 5000))}, {Done: -3, Of: 1 << 30}, {Choices: []string{"", "a"}, Chosen: 99}} {
			if img := Render(s, f); img.Rect.Dx() != max(f.Size.X, 0) && img.Rect.Dy() != max(f.Size.Y, 0) {
				t.Errorf("%v: a picture of %v", f.Size, img.Rect)
			}
		}
	}
}
