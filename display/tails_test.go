package display

import (
	"bytes"
	"os"
	"testing"

	"github.com/go-text/typesetting/language"
)

// TestTails holds that at every size a line has room for what hangs below it:
// without its tail g is read as q.
func TestTails(t *testing.T) {
	faces, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for px := smallest; px <= 60; px++ {
		for w, face := range faces {
			for _, r := range "gjpqy" {
				id, _ := face.shape.NominalGlyph(r)
				m := drawGlyph(face, id, px)
				m.harden(false)
				if room := (&para{}).height(px) - (&para{}).ascent(px); m.at.Max.Y > room && !bytes.Equal(m.shades[(m.at.Dy()-m.at.Max.Y+room)*m.at.Dx():], make([]byte, (m.at.Max.Y-room)*m.at.Dx())) {
					t.Errorf("%c of weight %d at %d pixels hangs %d rows, the line has %d", r, w, px, m.at.Max.Y, room)
				}
			}
		}
	}
}

// TestArabicDots holds that at the least size of Arabic, where its font has been
// made, two dots are wide and stand apart from their letter: else qaf is read as
// feh.
func TestArabicDots(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	r.UseFonts(os.DirFS("../build/fonts"))
	if r.set.pack.face(language.Arabic) == nil {
		return
	}
	p := r.set.set("لقل", regular, language.NewLanguage("ar"), true)
	m := drawGlyph(p.runs[0].face, p.runs[0].glyphs[1].id, smallestArabic)
	m.harden(true)
	var rows []int // how many pixels of ink, from the topmost
	for at := 0; at < len(m.shades); at += m.at.Dx() {
		n := m.at.Dx() - bytes.Count(m.shades[at:at+m.at.Dx()], []byte{0})
		if n > 0 || len(rows) > 0 {
			rows = append(rows, n)
		}
	}
	if len(rows) < 3 || rows[0] < 3 || rows[1] != 0 {
		t.Errorf("qaf has rows of %v pixels", rows)
	}
}
