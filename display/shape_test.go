package display

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/go-text/typesetting/language"
)

// TestShapedAsHarfBuzz compares glyphs, clusters, advances and offsets with
// those of HarfBuzz's own hb-shape, noted in testdata/hb-shape.tsv: font,
// text, and what hb-shape 6.0.0 --font-size=2048 --no-glyph-names said.
func TestShapedAsHarfBuzz(t *testing.T) {
	table, err := os.ReadFile("testdata/hb-shape.tsv")
	if err != nil {
		t.Fatal(err)
	}
	s := newSetter(t)
	glyphs := 0
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		column := strings.Split(line, "\t")
		w := regular
		if column[0] == "SansBold" {
			w = bold
		}
		text := []rune(column[1])
		p := &para{text: text, weight: w, advance: make([]int, len(text)), base: baseLevel(text, false)}
		r := run{face: s.faces[w], level: p.base, from: 0, to: len(text)}
		s.shape(p, &r, language.NewLanguage("en"))
		var got []string
		for _, g := range r.glyphs {
			one := fmt.Sprintf("%d=%d", g.id, g.cluster)
			if g.dx != 0 || g.dy != 0 {
				one += fmt.Sprintf("@%d,%d", g.dx, g.dy)
			}
			got = append(got, fmt.Sprintf("%s+%d", one, g.advance))
			glyphs++
		}
		if got := "[" + strings.Join(got, "|") + "]"; got != column[2] {
			t.Errorf("%s %s\n got %s\nwant %s", column[0], column[1], got, column[2])
		}
	}
	t.Logf("%d glyphs", glyphs)
}
