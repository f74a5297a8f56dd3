package display

import (
	"image"
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/golang/freetype/raster"
	"github.com/golang/freetype/truetype"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
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

// drawHinted runs the font's own program that fits strokes to whole pixels.
func drawHinted(f *truetype.Font, id truetype.Index, px int) mask {
	var g truetype.GlyphBuf
	if g.Load(f, fixed.I(px), id, xfont.HintingFull) != nil || len(g.Points) == 0 {
		return mask{}
	}
	b := g.Bounds
	at := image.Rect(b.Min.X.Floor(), -b.Max.Y.Ceil(), b.Max.X.Ceil(), -b.Min.Y.Floor())
	if at.Empty() {
		return mask{}
	}
	r := raster.NewRasterizer(at.Dx(), at.Dy())
	r.UseNonZeroWinding = true
	from := 0
	for _, to := range g.Ends {
		contour(r, g.Points[from:to], at.Min)
		from = to
	}
	alpha := image.NewAlpha(image.Rectangle{Max: at.Size()})
	r.Rasterize(raster.NewAlphaSrcPainter(alpha))
	return newMask(alpha, at)
}

// contour adds one closed outline of quadratic curves. Between two control
// points the curve passes half way.
func contour(r *raster.Rasterizer, points []truetype.Point, origin image.Point) {
	if len(points) == 0 {
		return
	}
	to := func(p truetype.Point) fixed.Point26_6 {
		return fixed.Point26_6{X: p.X - fixed.I(origin.X), Y: -p.Y - fixed.I(origin.Y)}
	}
	on := func(p truetype.Point) bool { return p.Flags&1 != 0 }
	first, last := points[0], points[len(points)-1]
	start := to(first)
	switch {
	case on(first):
		points = points[1:]
	case on(last):
		start, points = to(last), points[:len(points)-1]
	default:
		start = halfway(start, to(last))
	}
	r.Start(start)
	var control fixed.Point26_6
	curved := false
	for _, p := range points {
		at := to(p)
		switch {
		case on(p) && curved:
			r.Add2(control, at)
		case on(p):
			r.Add1(at)
		case curved:
			r.Add2(control, halfway(control, at))
		}
		control, curved = at, !on(p)
	}
	if curved {
		r.Add2(control, start)
	} else {
		r.Add1(start)
	}
}

func halfway(a, b fixed.Point26_6) fixed.Point26_6 {
	return fixed.Point26_6{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}
}

// drawOutline draws a font whose outlines are not TrueType.
func drawOutline(f *font.Face, id font.GID, px int) mask {
	outline, ok := f.GlyphData(id).(font.GlyphOutline)
	if !ok || len(outline.Segments) == 0 {
		return mask{}
	}
	size := float32(px) / float32(f.Upem())
	at := outlineBounds(outline.Segments, size)
	if at.Empty() {
		return mask{}
	}
	v := vector.NewRasterizer(at.Dx(), at.Dy())
	to := func(p opentype.SegmentPoint) (float32, float32) {
		return p.X*size - float32(at.Min.X), -p.Y*size - float32(at.Min.Y)
	}
	for i, s := range outline.Segments {
		ax, ay := to(s.Args[0])
		bx, by := to(s.Args[1])
		cx, cy := to(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				v.ClosePath()
			}
			v.MoveTo(ax, ay)
		case opentype.SegmentOpLineTo:
			v.LineTo(ax, ay)
		case opentype.SegmentOpQuadTo:
			v.QuadTo(ax, ay, bx, by)
		case opentype.SegmentOpCubeTo:
			v.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	v.ClosePath()
	alpha := image.NewAlpha(image.Rectangle{Max: at.Size()})
	v.Draw(alpha, alpha.Rect, image.Opaque, image.Point{})
	return newMask(alpha, at)
}

func outlineBounds(segments []opentype.Segment, size float32) image.Rectangle {
	minX, minY := float32(math.Inf(1)), float32(math.Inf(1))
	maxX, maxY := -minX, -minY
	for _, s := range segments {
		for _, p := range s.ArgsSlice() {
			minX, maxX = min(minX, p.X*size), max(maxX, p.X*size)
			minY, maxY = min(minY, -p.Y*size), max(maxY, -p.Y*size)
		}
	}
	floor := func(v float32) int { return int(math.Floor(float64(v))) }
	return image.Rect(floor(minX), floor(minY), floor(maxX)+1, floor(maxY)+1)
}

func newMask(alpha *image.Alpha, at image.Rectangle) mask {
	m := mask{at: at, shades: make([]byte, at.Dx()*at.Dy())}
	for i, a := range alpha.Pix {
		m.shades[i] = byte((int(a)*(shades-1) + 127) / 255)
	}
	return m
}
