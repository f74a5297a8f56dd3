package main

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/drawer"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/kms"
	"badgekiosk/display/mipi"
	"badgekiosk/display/spectra"
	"badgekiosk/display/ssd16xx"
	"badgekiosk/display/uc81xx"
)

// A panelKind is a panel that one can buy, by the name that a kiosk's
// configuration and the command line give it.
type panelKind struct {
	name    string
	label   string                                      // for people
	colours int                                         // how many the glass can show
	connect func(fourwire.Wires) (display.Panel, error) // nil for screens that the kernel drives
	screen  image.Point                                 // their size
	poster  bool                                        // takes many seconds for a picture: never shows a verdict
	unseen  bool                                        // there is no emulation of it
}

// panelKinds are all panels, in the order of kiosk screen --list.
func panelKinds() []panelKind {
	spi := func(name, label string, colours int, connect func(fourwire.Wires) (display.Panel, error)) panelKind {
		return panelKind{name: name, label: label, colours: colours, connect: connect}
	}
	hdmi := func(name, label string, w, h int) panelKind {
		return panelKind{name: name, label: label, colours: 1 << 24, screen: image.Pt(w, h)}
	}
	poster := func(k panelKind) panelKind { k.poster = true; return k }
	return []panelKind{
		spi("epd-1in54", "1.54″ e-paper, 200 × 200", 2, ssd(ssd16xx.Epd1in54())),
		spi("epd-2in13-v4", "2.13″ e-paper, 250 × 122", 2, ssd(ssd16xx.Epd2in13V4())),
		spi("epd-2in7-v2", "2.7″ e-paper, 264 × 176", 2, ssd(ssd16xx.Epd2in7V2())),
		spi("epd-2in9-v2", "2.9″ e-paper, 296 × 128", 2, ssd(ssd16xx.Epd2in9V2())),
		spi("epd-4in2-v2", "4.2″ e-paper, 400 × 300", 2, ssd(ssd16xx.Epd4in2V2())),
		spi("epd-4in26", "4.26″ e-paper, 800 × 480", 2, ssd(ssd16xx.Epd4in26())),
		spi("epd-5in83", "5.83″ e-paper, 648 × 480", 2, uc(uc81xx.Epd5in83())),
		spi("epd-7in5-v2", "7.5″ e-paper, 800 × 480", 2, uc(uc81xx.Epd7in5V2())),
		spi("epd-7in5-v2-old", "7.5″ e-paper, 800 × 480, before autumn 2023", 2, uc(uc81xx.Epd7in5V2Old())),
		poster(spi("epd-7in3-spectra", "7.3″ six-colour e-paper, 800 × 480", 6, func(w fourwire.Wires) (display.Panel, error) { return spectra.New(w) })),
		spi("lcd-ili9341", "2.8″ LCD, 240 × 320", 1<<16, lcd(mipi.ILI9341())),
		spi("lcd-st7789", "1.3″ LCD, 240 × 240", 1<<16, lcd(mipi.ST7789())),
		spi("lcd-st7796", "3.5″ LCD, 480 × 320", 1<<16, lcd(mipi.ST7796())),
		spi("lcd-ili9486", "3.5″ LCD hat, 480 × 320", 1<<16, lcd(mipi.ILI9486())),
		hdmi("kms-800x480", "7″ screen, 800 × 480", 800, 480),
		hdmi("kms-1024x600", "10″ screen, 1024 × 600", 1024, 600),
	}
}

// periphPanels are panels that a kiosk's configuration may name as well, driven
// by periph's own drivers. There is no emulation of them, so nothing can be
// drawn for them ahead, and kiosk screen --list does not name them.
func periphPanels() []panelKind {
	return []panelKind{{name: "inky-what", label: "4.2″ Inky wHAT, 400 × 300", colours: 2, poster: true, unseen: true, connect: func(w fourwire.Wires) (display.Panel, error) {
		return drawer.InkyWHAT(w.Port, w.DC, w.Reset, w.Busy)
	}}}
}

func ssd(p ssd16xx.Profile) func(fourwire.Wires) (display.Panel, error) {
	return func(w fourwire.Wires) (display.Panel, error) { return ssd16xx.New(w, p) }
}

func uc(p uc81xx.Profile) func(fourwire.Wires) (display.Panel, error) {
	return func(w fourwire.Wires) (display.Panel, error) { return uc81xx.New(w, p) }
}

func lcd(p mipi.Profile) func(fourwire.Wires) (display.Panel, error) {
	return func(w fourwire.Wires) (display.Panel, error) { return mipi.New(w, p) }
}

// panelNamed finds a panel. The error lists those there are.
func panelNamed(name string) (panelKind, error) {
	var all []string
	for _, k := range slices.Concat(panelKinds(), periphPanels()) {
		if k.name == name {
			return k, nil
		}
		all = append(all, k.name)
	}
	return panelKind{}, fmt.Errorf("there is no panel %q; there are %s", name, strings.Join(all, ", "))
}

// A face is what a person sees of an emulated panel. An LCD's pictures are in
// the inks of display.Colours.
type face interface {
	Picture() *image.Paletted
	Size() image.Point
	Faults() []glass.Fault
	Watch(ctx context.Context, see func(glass.Frame))
}

// emulated is the panel's real driver over emulated glass.
func (k panelKind) emulated(o glass.Options) (display.Panel, face, error) {
	if k.unseen {
		return nil, nil, fmt.Errorf("%s can be connected, not drawn for: there is no emulation of it", k.name)
	}
	o.Inks = display.Colours()
	if k.connect == nil {
		p, g, err := kms.Emulate(k.screen, true, o.Inks)
		return p, kmsFace{g}, err
	}
	g, err := glass.New(k.name, o)
	if err != nil {
		return nil, nil, err
	}
	p, err := k.connect(fourwire.Wires{Port: g, DC: g.DC, Reset: g.Reset, Busy: g.Busy})
	return p, g, err
}

// A kmsFace is a screen that the kernel drives.
type kmsFace struct{ *kms.Glass }

func (f kmsFace) Faults() (out []glass.Fault) {
	for _, text := range f.Misuse() {
		out = append(out, glass.Fault{Text: text})
	}
	return out
}

// Watch calls see for each picture until ctx ends.
func (f kmsFace) Watch(ctx context.Context, see func(glass.Frame)) {
	f.OnShow(func(img *image.Paletted) { see(glass.Frame{At: time.Now(), Picture: img, Last: true}) })
	<-ctx.Done()
	f.OnShow(nil)
}
