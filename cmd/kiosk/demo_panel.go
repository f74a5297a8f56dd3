package main

import (
	"fmt"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/ssd16xx"
	"badgekiosk/display/uc81xx"
)

// emulate is the panel of that name: its real driver over an emulated glass,
// and the glass as a person sees it.
func emulate(name string) (display.Panel, *glass.Panel, error) {
	g, err := glass.New(name, glass.Options{})
	if err != nil {
		return nil, nil, err
	}
	wires := fourwire.Wires{Port: g, DC: g.DC, Reset: g.Reset, Busy: g.Busy}
	var p display.Panel
	switch name {
	case "epd-2in13-v4":
		p, err = ssd16xx.New(wires, ssd16xx.Epd2in13V4())
	case "epd-7in5-v2":
		p, err = uc81xx.New(wires, uc81xx.Epd7in5V2())
	case "epd-7in5-v2-old":
		p, err = uc81xx.New(wires, uc81xx.Epd7in5V2Old())
	default:
		err = fmt.Errorf("no driver for panel %q", name)
	}
	return p, g, err
}

func panelChoices() []choice {
	return []choice{
		{"epd-7in5-v2", "7.5″ e-paper, 800 × 480"},
		{"epd-7in5-v2-old", "7.5″ e-paper, 800 × 480, before 2023"},
		{"epd-2in13-v4", "2.13″ e-paper, 250 × 122"},
	}
}
