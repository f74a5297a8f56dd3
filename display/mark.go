package display

import (
	"image"
	"image/color"
	"math"

	"github.com/fogleman/gg"
)

// A sign is a mark drawn at one size: the shape, and what is cut out of it.
type sign struct{ shape, glyph mask }

type signKey struct {
	mark Mark
	side int
	hard bool
}

// maxSigns bounds the cache of marks: five of them on a panel or two.
const maxSigns = 64

// sign returns mark drawn to fill a square of side pixels.
func (r *Renderer) sign(m Mark, side int, hard bool) sign {
	k := signKey{m, side, hard}
	s, ok := r.signs[k]
	if !ok {
		if len(r.signs) >= maxSigns {
			clear(r.signs)
		}
		s = sign{newPen(side).shape(m).mask(hard), newPen(side).glyph(m).mask(hard)}
		r.signs[k] = s
	}
	return s
}

// Sign returns mark as a picture of side by side pixels, for screens that
// explain it: its shape in one colour, what is cut out of it in another.
func Sign(m Mark, side int, shape, glyph color.Color) image.Image {
	p := newPen(side)
	p.SetColor(shape)
	p.shape(m)
	p.SetColor(glyph)
	p.glyph(m)
	return p.Image()
}

// A pen draws in a square whose sides are 1 long, y downwards.
type pen struct {
	*gg.Context
	side float64
}

func newPen(side int) pen {
	p := pen{gg.NewContext(side, side), float64(side)}
	p.Scale(p.side, p.side)
	p.SetRGB(1, 1, 1)
	p.SetLineCapRound()
	p.SetLineJoinRound()
	return p
}

func (p pen) mask(hard bool) mask {
	m := newMask(p.AsMask(), image.Rect(0, 0, int(p.side), int(p.side)))
	if hard {
		m.harden(false)
	}
	return m
}

// line strokes through the points x, y, x, y, …
func (p pen) line(width float64, xy ...float64) {
	for i := 0; i < len(xy); i += 2 {
		p.LineTo(xy[i], xy[i+1])
	}
	p.SetLineWidth(width * p.side)
	p.Stroke()
}

// shape fills the outline. Each mark has its own, told apart without colour
// and from far away.
func (p pen) shape(m Mark) pen {
	switch m {
	case Verified:
		p.DrawCircle(.5, .5, .5)
	case Check: // a triangle with soft corners
		p.line(.12, .5, .08, .94, .88, .06, .88, .5, .08, .94, .88)
		p.MoveTo(.5, .08)
		p.LineTo(.94, .88)
		p.LineTo(.06, .88)
	case NotVerified:
		p.DrawRegularPolygon(8, .5, .5, .5/math.Cos(math.Pi/8), 0)
	case CannotTell:
		p.DrawRoundedRectangle(.03, .03, .94, .94, .12)
	case Demo: // stripes inside a frame
		p.DrawRoundedRectangle(.03, .03, .94, .94, .12)
		p.Clip()
		for at := -1.0; at < 1; at += .25 {
			p.line(.11, at, 1, at+1, 0)
		}
		p.ResetClip()
		p.DrawRoundedRectangle(.06, .06, .88, .88, .1)
		p.SetLineWidth(.07 * p.side)
		p.Stroke()
		return p
	}
	p.Fill()
	return p
}

// glyph draws what is cut out of the shape.
func (p pen) glyph(m Mark) pen {
	switch m {
	case Verified:
		p.line(.125, .27, .53, .44, .70, .74, .34)
	case Check:
		p.line(.11, .5, .37, .5, .62)
		p.dot(.5, .77)
	case NotVerified:
		p.line(.13, .33, .33, .67, .67)
		p.line(.13, .67, .33, .33, .67)
	case CannotTell:
		p.DrawArc(.5, .36, .17, math.Pi, 2.2*math.Pi)
		p.QuadraticTo(.5, .54, .5, .64)
		p.SetLineWidth(.115 * p.side)
		p.Stroke()
		p.dot(.5, .79)
	}
	return p
}

func (p pen) dot(x, y float64) {
	p.DrawCircle(x, y, .07)
	p.Fill()
}
