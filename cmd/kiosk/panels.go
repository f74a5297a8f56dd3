package main

import (
	"fmt"
	"image"
	"strings"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/ssd16xx"
	"badgekiosk/display/uc81xx"
)

// A panelKind is a panel that one can buy, by the name that a kiosk's
// configuration and the command line give it.
type panelKind struct {
	name    string
	label   string // for people
	colours int    // how many the glass can show
	connect func(fourwire.Wires) (display.Panel, error)
}

func epdSSD(p ssd16xx.Profile) func(fourwire.Wires) (display.Panel, error) {
	return func(w fourwire.Wires) (display.Panel, error) { return ssd16xx.New(w, p) }
}

func epdUC(p uc81xx.Profile) func(fourwire.Wires) (display.Panel, error) {
	return func(w fourwire.Wires) (display.Panel, error) { return uc81xx.New(w, p) }
}

// panelKinds are all panels, in the order of kiosk screen --list.
func panelKinds() []panelKind {
	return []panelKind{
		{"epd-2in13-v4", "2.13″ e-paper, 250 × 122", 2, epdSSD(ssd16xx.Epd2in13V4())},
		{"epd-7in5-v2", "7.5″ e-paper, 800 × 480", 2, epdUC(uc81xx.Epd7in5V2())},
		{"epd-7in5-v2-old", "7.5″ e-paper, 800 × 480, before autumn 2023", 2, epdUC(uc81xx.Epd7in5V2Old())},
	}
}

// panelNamed finds a panel. The error lists those there are.
func panelNamed(name string) (panelKind, error) {
	var all []string
	for _, k := range panelKinds() {
		if k.name == name {
			return k, nil
		}
		all = append(all, k.name)
	}
	return panelKind{}, fmt.Errorf("there is no panel %q; there are %s", name, strings.Join(all, ", "))
}

// A face is what a person sees of an emulated panel.
type face interface {
	Picture() *image.Paletted
	Size() image.Point
	Faults() []glass.Fault
}

// emulated is the panel's real driver over emulated glass.
func (k panelKind) emulated(o glass.Options) (display.Panel, face, error) {
	g, err := glass.New(k.name, o)
	if err != nil {
		return nil, nil, err
	}
	p, err := k.connect(fourwire.Wires{Port: g, DC: g.DC, Reset: g.Reset, Busy: g.Busy})
	return p, g, err
}
