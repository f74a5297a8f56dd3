package display

import (
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
