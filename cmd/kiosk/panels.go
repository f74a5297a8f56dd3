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
		{"epd-1in54", "1.54″ e-paper, 200 × 200", 2, epdSSD(ssd16xx.Epd1in54())},
		{"epd-2in13-v4", "2.13″ e-paper, 250 × 122", 2, epdSSD(ssd16xx.Epd2in13V4())},
		{"epd-2in7-v2", "2.7″ e-paper, 264 × 176", 2, epdSSD(ssd16xx.Epd2in7V2())},
		{"epd-2in9-v2", "2.9″ e-paper, 296 × 128", 2, epdSSD(ssd16xx.Epd2in9V2())},
		{"epd-4in2-v2", "4.2″ e-paper, 400 × 300", 2, epdSSD(ssd16xx.Epd4in2V2())},
		{"epd-4in26", "4.26″ e-paper, 800 × 480", 2, epdSSD(ssd16xx.Epd4in26())},
		{"epd-5in83", "5.83″ e-paper, 648 × 480", 2, epdUC(uc81xx.Epd5in83())},
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
