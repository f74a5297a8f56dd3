package display

import (
	"bytes"
	"os"
	"slices"
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

// TestChinesePauses holds that Chinese lines end where readers pause, if that
// leaves no line with a word or two, and that a hyphen keeps our words whole.
func TestChinesePauses(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		width int // in letters
		want  []int
	}{
		{"更新已损坏，旧的继续使用。", 9, []int{6, 13}},
		{"更新比本机的还旧，本机的继续使用。", 7, []int{6, 12, 17}},
		{"这台机器不能读这种", 5, []int{5, 9}},
	} {
		p := r.set.setOurs(c.text, regular, language.NewLanguage("zh"), false)
		for i := range p.advance {
			p.advance[i] = em // as wide as they are with the font pack
		}
		var got []int
		for _, l := range p.balanced(20, c.width*20, 9) {
			got = append(got, l.to)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s ends lines after %v, want %v", c.text, got, c.want)
		}
	}
	p := r.set.setOurs("Tenez-le droit", bold, language.NewLanguage("fr"), false)
	if l := p.lines(20, p.measure(0, 8, 20)+2, 3); l[0].to != 8 {
		t.Errorf("the first line ends after %q", string(p.text[:l[0].to]))
	}
	if l := p.lines(20, p.measure(0, 8, 20)-2, 3); l[0].to != 6 {
		t.Errorf("where there is no room it ends after %q", string(p.text[:l[0].to]))
	}
}
