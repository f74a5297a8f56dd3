package display

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/golang/freetype/truetype"
)

// A weight is one of the two cuts that screens are set in.
type weight int

const (
	regular weight = iota
	bold
)

// A typeface is one font file: its tables for shaping, and for TrueType
// outlines the hinting program that fits them to whole pixels.
type typeface struct {
	shape    *font.Face
	outlines *truetype.Font // nil when the outlines are not TrueType
	ellipsis font.GID
}

func parseFont(file []byte) (*typeface, error) {
	loader, err := opentype.NewLoader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	shape, err := font.NewFont(loader)
	if err != nil {
		return nil, err
	}
	f := &typeface{shape: font.NewFace(shape)}
	f.outlines, _ = truetype.Parse(file) // CFF outlines are drawn unhinted
	f.ellipsis, _ = f.shape.NominalGlyph(ellipsis)
	return f, nil
}

// own is f for one Renderer: a font is read by many at once, its face, which
// remembers what it was asked, by one.
func (f *typeface) own() *typeface {
	mine := *f
	mine.shape = font.NewFace(f.shape.Font)
	return &mine
}

// builtin parses DejaVu Sans and Bold when the first text is drawn; they are
// always in the binary and cover Latin, Greek, Cyrillic and most signs.
var builtin = sync.OnceValues(func() ([2]*typeface, error) {
	var faces [2]*typeface
	for w, file := range [2][]byte{dejavusans.TTF, dejavusansbold.TTF} {
		f, err := parseFont(file)
		if err != nil {
			return faces, fmt.Errorf("display: built-in font %d: %w", w, err)
		}
		faces[w] = f
	}
	return faces, nil
})
