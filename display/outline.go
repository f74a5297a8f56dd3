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
