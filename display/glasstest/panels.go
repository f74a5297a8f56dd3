package glasstest

import (
	"maps"
	"slices"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/mipi"
	"badgekiosk/display/spectra"
	"badgekiosk/display/ssd16xx"
	"badgekiosk/display/uc81xx"
)

// connects are the drivers of the panels, by name.
var connects = map[string]Connect{
	"epd-1in54":        ssd(ssd16xx.Epd1in54()),
	"epd-2in13-v4":     ssd(ssd16xx.Epd2in13V4()),
	"epd-2in7-v2":      ssd(ssd16xx.Epd2in7V2()),
	"epd-2in9-v2":      ssd(ssd16xx.Epd2in9V2()),
	"epd-4in2-v2":      ssd(ssd16xx.Epd4in2V2()),
	"epd-4in26":        ssd(ssd16xx.Epd4in26()),
	"epd-5in83":        uc(uc81xx.Epd5in83()),
	"epd-7in5-v2":      uc(uc81xx.Epd7in5V2()),
	"epd-7in5-v2-old":  uc(uc81xx.Epd7in5V2Old()),
	"lcd-ili9341":      lcd(mipi.ILI9341()),
	"lcd-ili9486":      lcd(mipi.ILI9486()),
	"lcd-st7789":       lcd(mipi.ST7789()),
	"lcd-st7796":       lcd(mipi.ST7796()),
	"epd-7in3-spectra": func(w fourwire.Wires) (display.Panel, error) { return spectra.New(w) },
}

func ssd(p ssd16xx.Profile) Connect {
	return func(w fourwire.Wires) (display.Panel, error) { return ssd16xx.New(w, p) }
}

func uc(p uc81xx.Profile) Connect {
	return func(w fourwire.Wires) (display.Panel, error) { return uc81xx.New(w, p) }
}

func lcd(p mipi.Profile) Connect {
	return func(w fourwire.Wires) (display.Panel, error) { return mipi.New(w, p) }
}

// Names are the panels that New knows.
func Names() []string { return slices.Sorted(maps.Keys(connects)) }

// New is the emulated panel of that name and its driver.
func New(t *testing.T, name string) (*glass.Panel, display.Panel) {
	t.Helper()
	r := newRig(t, name, connects[name])
	return r.glass, r.panel
}
