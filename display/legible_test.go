package display

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// luminance and contrast are those of WCAG 2.2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xFFFF
		if x <= .04045 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return .2126*linear(r) + .7152*linear(g) + .0722*linear(b)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

// All text stands at least 7 to 1 against what is behind it.
func TestContrast(t *testing.T) {
	for mark, l := range liveries {
		text := color.Color(color.Black)
		if l.dark {
			text = color.White
		}
		if c := contrast(l.colour, text); c < 7 {
			t.Errorf("mark %d: %.1f to 1", mark, c)
		}
	}
	if c := contrast(muted, color.White); c < 7 {
		t.Errorf("labels: %.1f to 1", c)
	}
}

// The verdict's capitals are at least 0.7 degrees high (EN 301 549, 5.1.4) as
// far away as each panel is meant to be read from.
func TestVerdictIsLegible(t *testing.T) {
	for _, p := range []struct {
		name     string
		w, h     int
		ppi      int
		distance float64 // mm
	}{
		{"1.54", 200, 200, 184, 185}, {"2.13", 250, 122, 131, 250}, {"2.7", 264, 176, 117, 320}, {"2.9", 296, 128, 112, 300},
		{"4.2", 400, 300, 120, 430}, {"4.26", 800, 480, 219, 500}, {"5.83", 648, 480, 139, 620}, {"7.5", 800, 480, 124, 880},
		{"3.5 LCD", 480, 320, 165, 400}, {"2.8 LCD", 240, 320, 143, 250}, {"1.3 LCD", 240, 240, 261, 150},
		{"7 screen", 800, 480, 133, 800}, {"10 screen", 1024, 600, 118, 1100},
	} {
		r, err := NewRenderer()
		if err != nil {
			t.Fatal(err)
		}
		f := Format{Size: image.Pt(p.w, p.h), PPI: p.ppi, Inks: BlackAndWhite()}
		for _, word := range verdicts {
			b := (&page{Renderer: r, canvas: newCanvas(f), format: f, screen: Screen{Mark: Check, Word: word}}).planBand()
			mm := capHeight * float64(b.px) * 25.4 / float64(p.ppi)
			if degrees := math.Atan(mm/p.distance) * 180 / math.Pi; degrees < .7 {
				t.Errorf("%s inch: the capitals of %s are %.1f mm, %.2f degrees at %.0f mm", p.name, word, mm, degrees, p.distance)
			}
		}
	}
}
