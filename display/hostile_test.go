package display

import (
	"bytes"
	"image"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// hostile are texts that somebody might put into a badge.
var hostile = map[string]string{
	"override":   "\u202EDEIFIREV\u202C and \u2067isolate\u2069",
	"zalgo":      strings.Repeat("Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A", 50),
	"all marks":  strings.Repeat("\u0488", 5000),
	"long":       strings.Repeat("lorem ipsum ", 900),
	"one word":   strings.Repeat("W", 10000),
	"controls":   "a\x00b\x1b[2Jc\r\nd\te\u0085f\u2028g\u2029h",
	"invisible":  "a\u200B\u200D\u2060\uFEFF\u00ADb\u3164\u115F\u2800c\U000E0041d\uFE0F",
	"homoglyphs": "Rіvеrbеnd Асаdеmу VERIFIED", // Cyrillic letters
	"not UTF-8":  "caf\xe9 \xff\xfe\xc0\x80 ok",
	"mixed":      "abc \u05D0\u05D1\u05D2 123 \u05D3\u05D4\u05D5 def \u0627\u0644\u0639\u0631\u0628\u064A\u0629",
	"emoji":      "👩\u200d🎓🏅🏴\U000E0067\U000E0062\U000E007F 🇺🇸",
	"ligature":   strings.Repeat("\uFDFD", 60), // bismillah, the widest character
	"tall":       "กิ้ก์ ཨོཾ མ་ཎི ᄀᄀᄀ각ᆨᆨ \u0E47\u0E48",
	"spaces":     strings.Repeat("\u2003", 300) + "x" + strings.Repeat(" ", 9000),
	"private":    "\uE000\uF8FF\U000F0000",
	"unassigned": "\u0378\U0003FFFF",
	"verdict":    "✔ VERIFIED ✔ ● ⬤ ■ ▲",
	"nothing":    "",
}

// everywhere is a screen with text in each place that a badge can reach.
func everywhere(text string) Screen {
	return Screen{
		Mark: CannotTell, Word: "CAN'T TELL", Say: text, Title: text,
		Fields: []Field{{Label: "Says it is from", Text: text, Quoted: true}, {Label: text, Text: text}, {Label: "Level", Text: text}},
		Notes:  []string{text, text}, Code: "I-NOTLISTED",
	}
}

// Whatever a badge says, each text stays in its own place below the verdict's
// band, and the screen is drawn at once.
func TestHostile(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range hostile {
		for _, size := range []image.Point{{250, 122}, {200, 200}, {240, 320}, {800, 480}} {
			for _, lang := range []string{"en", "ar"} {
				f := Format{Size: size, PPI: 130, Inks: BlackAndWhite()}
				s := everywhere(text)
				s.Lang = lang
				start := time.Now()
				img := r.Render(s, f)
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("%s on %v took %v", name, size, took)
				}
				band := bandOf(Screen{Mark: s.Mark, Word: s.Word, Code: s.Code, Lang: lang}, f)
				alone := r.Render(Screen{Mark: s.Mark, Word: s.Word, Code: s.Code, Lang: lang}, f)
				if n := band.Dy() * img.Stride; !bytes.Equal(img.Pix[:n], alone.Pix[:n]) {
					t.Errorf("%s on %v reaches the verdict's band", name, size)
				}
				disjoint(t, name, r, s, f)
			}
		}
	}
}

// disjoint holds that no two texts share a pixel's place, and that none leaves
// the glass.
func disjoint(t *testing.T, name string, r *Renderer, s Screen, f Format) {
	t.Helper()
	p := page{Renderer: r, canvas: newCanvas(f), screen: s, format: f, rtl: s.Lang == "ar"}
	p.findInks()
	rest := p.band()
	rest.Min.X, rest.Max.X = rest.Min.X+p.margin(), rest.Max.X-p.margin()
	best := p.best(rest, p.shapeAll())
	best.settle(false)
	for i, a := range best.items {
		if len(a.lines) == 0 || a.at.Empty() {
			continue
		}
		if !a.at.In(rest) {
			t.Errorf("%s on %v: text %d is at %v, outside %v", name, f.Size, i, a.at, rest)
		}
		for j, b := range best.items[:i] {
			if len(b.lines) > 0 && a.at.Overlaps(b.at) {
				t.Errorf("%s on %v: texts %d and %d share %v", name, f.Size, j, i, a.at.Intersect(b.at))
			}
		}
	}
}

// What clean lets through can neither hide nor reorder, and cleaning twice is
// cleaning once.
func FuzzClean(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := clean(text)
		if len(got) > MaxRunes+1 {
			t.Fatalf("%d runes", len(got))
		}
		marks := 0
		for i, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Co, unicode.Cs, unicode.Bidi_Control) || !utf8.ValidRune(r) {
				t.Fatalf("%U is left in %q", r, string(got))
			}
			if r == ' ' && (i == 0 || got[i-1] == ' ') {
				t.Fatalf("idle space in %q", string(got))
			}
			if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
				marks = 0
			}
			if marks > MaxMarks {
				t.Fatalf("%d marks on a letter in %q", marks, string(got))
			}
		}
		if again := clean(string(got)); len(got) <= MaxRunes && !slices.Equal(got, again) {
			t.Fatalf("%q is cleaned to %q, and that to %q", text, string(got), string(again))
		}
	})
}

// No text panics the renderer or reaches the band.
func FuzzRender(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, false)
	}
	format := Format{Size: image.Pt(250, 122), PPI: 130, Inks: BlackAndWhite()}
	f.Fuzz(func(t *testing.T, text string, rtl bool) {
		s := everywhere(text)
		if rtl {
			s.Lang = "ar"
		}
		img := Render(s, format)
		band := bandOf(Screen{Mark: s.Mark, Word: s.Word, Code: s.Code, Lang: s.Lang}, format)
		alone := Render(Screen{Mark: s.Mark, Word: s.Word, Code: s.Code, Lang: s.Lang}, format)
		if n := band.Dy() * img.Stride; !bytes.Equal(img.Pix[:n], alone.Pix[:n]) {
			t.Fatal("the text reaches the verdict's band")
		}
	})
}
