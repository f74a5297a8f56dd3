package display

import "image/color"

// Inks of a panel that has one colour of ink.
func BlackAndWhite() color.Palette { return color.Palette{color.White, color.Black} }

// The colours of marks on panels that have them: each stands 7 to 1 against
// the text on it.
var (
	green = color.RGBA{0x0B, 0x5D, 0x36, 0xFF}
	red   = color.RGBA{0x9B, 0x1B, 0x1B, 0xFF}
	amber = color.RGBA{0xFF, 0xB8, 0x1C, 0xFF}
	blue  = color.RGBA{0x1D, 0x42, 0x8A, 0xFF}
	slate = color.RGBA{0x44, 0x4B, 0x54, 0xFF}
	muted = color.RGBA{0x4A, 0x4A, 0x4A, 0xFF} // of labels: 8.9 to 1 on white
)

// Colours are the inks, at most 256, that pictures for colour panels are drawn
// in: white, black, the marks' colours, the shades that smooth text needs
// between each of them and the text on it, and a cube for badges' pictures.
// No two are alike on a panel of 16 bits a pixel.
func Colours() color.Palette {
	var out color.Palette
	known := map[uint16]bool{}
	add := func(r, g, b uint8) {
		if k := uint16(r>>3)<<11 | uint16(g>>2)<<5 | uint16(b>>3); !known[k] {
			known[k] = true
			out = append(out, color.RGBA{r, g, b, 0xFF})
		}
	}
	white, black := color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}
	for _, c := range []color.RGBA{white, black, green, red, amber, blue, slate, muted} {
		add(c.R, c.G, c.B)
	}
	for _, pair := range [][2]color.RGBA{{white, black}, {amber, black}, {white, green}, {white, red}, {white, blue}, {white, slate}} {
		for i := 1; i < shades-1; i++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(shades-1-i) + int(b)*i) / (shades - 1)) }
			add(mix(pair[0].R, pair[1].R), mix(pair[0].G, pair[1].G), mix(pair[0].B, pair[1].B))
		}
	}
	for r := range 6 {
		for g := range 6 {
			for b := range 4 {
				add(uint8(r*51), uint8(g*51), uint8(b*85))
			}
		}
	}
	return out
}

// findInks chooses the shades of text.
func (p *page) findInks() {
	p.black = p.ramp(paper, ink)
	p.quiet = p.black
	if !p.hard {
		p.quiet = p.ramp(paper, p.nearest(muted))
	}
}

func (p *page) nearest(c color.Color) uint8 { return uint8(p.format.Inks.Index(c)) }

// Spectra are the six inks of E Ink Spectra 6, as they look.
func Spectra() color.Palette {
	return color.Palette{
		color.White, color.Black, color.RGBA{0xEF, 0xDE, 0x44, 0xFF}, color.RGBA{0xB2, 0x13, 0x18, 0xFF},
		color.RGBA{0x21, 0x57, 0xBA, 0xFF}, color.RGBA{0x12, 0x5F, 0x20, 0xFF},
	}
}
