package main

import (
	"errors"
	"image"
	"net/url"
	"strings"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
)

// TestPeriphPanels holds that a kiosk.json may name a panel which periph drives:
// it connects, says which wires it lacks, and shows no verdict. Nothing can be
// drawn for it ahead, so the list leaves it out, and asking says why.
func TestPeriphPanels(t *testing.T) {
	c, err := readConfig([]byte(`{"panel": {"name": "inky-what"}}`))
	must(t, err)
	kind, err := panelNamed(c.Panel.Name)
	must(t, err)
	if !kind.poster {
		t.Error("glass that takes many seconds would show verdicts")
	}
	g, err := glass.New("epd-4in2-v2", glass.Options{})
	must(t, err)
	panel, err := kind.connect(fourwire.Wires{Port: g, DC: g.DC, Reset: g.Reset, Busy: g.Busy})
	must(t, err)
	if f := panel.Format(); f.Size != image.Pt(400, 300) || len(f.Inks) != 2 {
		t.Errorf("a panel of %v with %d inks", f.Size, len(f.Inks))
	}
	if _, err := kind.connect(fourwire.Wires{Port: g}); !errors.Is(err, display.ErrPin) {
		t.Errorf("without wires: %v", err)
	}
	if shown := read(url.Values{"panel": {kind.name}}).panel; shown != demoPanel {
		t.Errorf("the demo would show %s", shown)
	}
	for _, k := range panelKinds() {
		if k.name == kind.name {
			t.Error("it is listed")
		}
	}
	if _, _, err := kind.emulated(glass.Options{}); err == nil || !strings.Contains(err.Error(), "inky-what can be connected, not drawn for") {
		t.Errorf("drawn ahead: %v", err)
	}
}

// TestLampsDiffer holds that the lights of the poster are told apart where
// there are no colours: each has the sign of what it says.
func TestLampsDiffer(t *testing.T) {
	glass := display.Format{Size: image.Pt(800, 480), PPI: 125, Inks: display.BlackAndWhite()}
	seen := map[string]bool{}
	for i := range 4 {
		all := lamps()
		at := image.Rect(0, 0, lampSide, lampSide).Add(image.Pt(i%2*lampSide, i/2*lampSide))
		one := all.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(at)
		shape := outline(display.Render(display.Screen{Word: "x", Picture: one}, glass))
		if seen[shape] {
			t.Errorf("lamp %d has the outline of another", i+1)
		}
		seen[shape] = true
	}
}

// outline is where each row's first and last pixel of ink is.
func outline(img *image.Paletted) string {
	var b strings.Builder
	for y := range img.Rect.Dy() {
		row := string(img.Pix[y*img.Stride:][:img.Rect.Dx()])
		b.WriteRune(rune(1 + strings.IndexByte(row, 1)))
		b.WriteRune(rune(1 + strings.LastIndexByte(row, 1)))
	}
	return b.String()
}
