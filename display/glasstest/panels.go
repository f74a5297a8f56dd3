package glasstest

import (
	"maps"
	"slices"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/ssd16xx"
	"badgekiosk/display/uc81xx"
)

// connects are the drivers of the panels, by name.
var connects = map[string]Connect{
	"epd-2in13-v4":    func(w fourwire.Wires) (display.Panel, error) { return ssd16xx.New(w, ssd16xx.Epd2in13V4()) },
	"epd-7in5-v2":     func(w fourwire.Wires) (display.Panel, error) { return uc81xx.New(w, uc81xx.Epd7in5V2()) },
	"epd-7in5-v2-old": func(w fourwire.Wires) (display.Panel, error) { return uc81xx.New(w, uc81xx.Epd7in5V2Old()) },
}

// Names are the panels that New knows.
func Names() []string { return slices.Sorted(maps.Keys(connects)) }

// New is the emulated panel of that name and its driver.
func New(t *testing.T, name string) (*glass.Panel, display.Panel) {
	t.Helper()
	r := newRig(t, name, connects[name])
	return r.glass, r.panel
}
