package display

import (
	"image"

	"github.com/go-text/typesetting/font"
	"github.com/golang/freetype/truetype"
)

// A mask is a shape in coverage from 0 to shades-1, placed relative to the pen.
type mask struct {
	at     image.Rectangle
	shades []byte // rows of at.Dx()
}

// shades is how many steps of coverage a mask has, from none to full.
const shades = 16

type glyphKey struct {
	face *typeface
	id   font.GID
	px   int
	hard bool
	bold bool // thickened, of a font that has no bold
}

// maxGlyphs bounds the cache: beyond it, it starts again empty. A kiosk's
// screens need a few hundred; Chinese names may bring thousands.
const maxGlyphs = 4096

// A glyphs is a cache of drawn shapes. It knows letters, never words.
type glyphs map[glyphKey]mask

// get draws glyph id of face at px pixels an em; hard makes every pixel full
// or empty.
func (c glyphs) get(face *typeface, id font.GID, px int, hard, thick bool) mask {
	thick = thick && px >= thickens
	k := glyphKey{face, id, px, hard, thick}
	m, ok := c[k]
	if !ok {
		if len(c) >= maxGlyphs {
			clear(c)
		}
		m = drawGlyph(face, id, px)
		if thick {
			m = m.thicker(max(1, px/28))
		}
		if hard {
			m.harden(face.outlines == nil)
		}
		c[k] = m
	}
	return m
}

// thickens is the least size, in pixels an em, at which a stroke can be made
// thicker without closing what is between strokes.
const thickens = 20

// thicker is m with every stroke by pixels wider, to the right: the fallback
// for Chinese, of which the font pack has one weight.
func (m mask) thicker(by int) mask {
	if m.at.Empty() {
		return m
	}
	w, wide := m.at.Dx(), m.at.Dx()+by
	out := mask{at: m.at, shades: make([]byte, wide*m.at.Dy())}
	out.at.Max.X += by
	for y := range m.at.Dy() {
		for x, s := range m.shades[y*w:][:w] {
			for i := range by + 1 {
				to := &out.shades[y*wide+x+i]
				*to = max(*to, s)
			}
		}
	}
	return out
}

func drawGlyph(face *typeface, id font.GID, px int) mask {
	switch {
	case id == 0:
		return missing(px)
	case face.outlines != nil:
		return drawHinted(face.outlines, truetype.Index(id), px)
	}
	return drawOutline(face.shape, id, px)
}

// harden rounds coverage to full or empty. Strokes without hinting fall
// between pixels, and need a lower threshold to survive.
func (m mask) harden(unhinted bool) {
	threshold := byte(shades / 2)
	if unhinted {
		threshold = shades * 35 / 100
	}
	for i, s := range m.shades {
		m.shades[i] = 0
		if s >= threshold {
			m.shades[i] = shades - 1
		}
	}
}

// missing is the box that stands for a character no font has.
func missing(px int) mask {
	w, h := max(px*11/20, 4), max(px*7/10, 5)
	line := max(px/14, 1)
	m := mask{at: image.Rect(line, -h, w, 0)}
	m.shades = make([]byte, m.at.Dx()*h)
	for y := range h {
		for x := range m.at.Dx() {
			if x < line || y < line || x >= m.at.Dx()-line || y >= h-line {
				m.shades[y*m.at.Dx()+x] = shades - 1
			}
		}
	}
	return m
}

func newMask(alpha *image.Alpha, at image.Rectangle) mask {
	m := mask{at: at, shades: make([]byte, at.Dx()*at.Dy())}
	for i, a := range alpha.Pix {
		m.shades[i] = byte((int(a)*(shades-1) + 127) / 255)
	}
	return m
}
