package display_test

import (
	"image"
	"math"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/glasstest"
)

// distances are how far away each panel is meant to be read from, in mm. Six
// colours are not here: that glass shows no verdict.
var distances = map[string]float64{
	"epd-1in54": 185, "epd-2in13-v4": 250, "epd-2in7-v2": 320, "epd-2in9-v2": 300, "epd-4in2-v2": 430, "epd-4in26": 500,
	"epd-5in83": 620, "epd-7in5-v2": 880, "epd-7in5-v2-old": 880,
	"kms-800x480": 800, "kms-1024x600": 1100, "lcd-ili9341": 250, "lcd-ili9486": 400, "lcd-st7789": 150, "lcd-st7796": 400,
}

// TestVerdictIsLegible holds that a verdict's capitals are at least 0.7
// degrees high (EN 301 549, 5.1.4), by the pitch that each driver states.
func TestVerdictIsLegible(t *testing.T) {
	formats := map[string]display.Format{}
	for _, name := range glasstest.Names() {
		_, panel := glasstest.New(t, name)
		formats[name] = panel.Format()
	}
	delete(formats, "epd-7in3-spectra")
	formats["kms-800x480"] = display.Format{Size: image.Pt(800, 480), PPI: 133, Inks: display.Colours()}
	formats["kms-1024x600"] = display.Format{Size: image.Pt(1024, 600), PPI: 118, Inks: display.Colours()} // as the card measures it
	r, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range formats {
		far := distances[name]
		if far == 0 {
			t.Errorf("%s: how far away it is read from is not known", name)
		}
		for word, mm := range display.Capitals(r, f) {
			if degrees := math.Atan(mm/far) * 180 / math.Pi; degrees < .7 {
				t.Errorf("%s: the capitals of %s are %.1f mm, %.2f degrees at %.0f mm", name, word, mm, degrees, far)
			}
		}
	}
}
