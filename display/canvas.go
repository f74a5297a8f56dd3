package display

import (
	"image"
	"image/color"
)

// A canvas is a picture in a panel's inks. Everything drawn stays inside a
// rectangle that its caller names: no text can reach another's place.
type canvas struct {
	img  *image.Paletted
	hard bool // no shades between inks: every pixel is one or the other
}

// A ramp is the inks from background to foreground, by coverage.
type ramp [shades]uint8

// fewInks is the most inks of a panel that has none between paper and ink.
const fewInks = 8

func newCanvas(f Format) *canvas {
	img := image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks)
	return &canvas{img: img, hard: len(f.Inks) <= fewInks}
}

func (c *canvas) fill(r image.Rectangle, ink uint8) {
	r = r.Intersect(c.img.Rect)
	if r.Empty() {
		return
	}
	first := c.img.Pix[r.Min.Y*c.img.Stride:][r.Min.X:r.Max.X]
	for i := range first {
		first[i] = ink
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(c.img.Pix[y*c.img.Stride:][r.Min.X:r.Max.X], first)
	}
}

// stamp draws m with its pen at p, inside clip.
func (c *canvas) stamp(m mask, p image.Point, clip image.Rectangle, shade *ramp) {
	at := m.at.Add(p)
	r := at.Intersect(clip).Intersect(c.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := m.shades[(y-at.Min.Y)*at.Dx()+r.Min.X-at.Min.X:]
		to := c.img.Pix[y*c.img.Stride:][r.Min.X:r.Max.X]
		for x := range to {
			if s := from[x]; s > 0 {
				to[x] = shade[s]
			}
		}
	}
}

// ramp finds the inks nearest to the mixtures of background and foreground.
func (c *canvas) ramp(bg, fg uint8) *ramp {
	out := new(ramp)
	inks := c.img.Palette
	br, bgr, bb, _ := inks[bg].RGBA()
	fr, fgr, fb, _ := inks[fg].RGBA()
	for i := range out {
		switch {
		case i == 0:
			out[i] = bg
		case c.hard || i == shades-1:
			out[i] = fg
		default:
			mix := func(b, f uint32) uint16 {
				return uint16((b*uint32(shades-1-i) + f*uint32(i)) / (shades - 1))
			}
			out[i] = uint8(inks.Index(color.RGBA64{mix(br, fr), mix(bgr, fgr), mix(bb, fb), 0xFFFF}))
		}
	}
	return out
}
