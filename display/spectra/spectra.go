// Package spectra drives six-colour e-paper: E Ink Spectra 6, 7.3 inch. A
// refresh takes a quarter of a minute, so it is for posters and for the
// screen between badges; a verdict is told by lights, tone and speech.
//
// Source: the sequence that Waveshare's and GxEPD2's programs for the panel
// (7in3e, GDEP073E01) share; the controller has no public datasheet.
package spectra

import (
	"context"
	"image"
	"time"

	"periph.io/x/conn/v3/gpio"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
)

// Commands that are known by name.
const (
	panelSetting = 0x00
	powerSetting = 0x01
	powerOff     = 0x02
	powerOn      = 0x04
	boosterStart = 0x06
	deepSleep    = 0x07
	write        = 0x10
	refresh      = 0x12
	interval     = 0x50
	tcon         = 0x60
	resolution   = 0x61
)

// Dev is one panel.
type Dev struct {
	*fourwire.Paper
	bus *fourwire.Bus
}

// The panel as it is sold.
const (
	width, height = 800, 480
	ppi           = 127
	refreshTime   = 15 * time.Second
)

// Limits of waits besides the refresh.
const (
	settle     = 30 * time.Millisecond
	powerLimit = 5 * time.Second
)

// New connects a panel. Nothing is sent before the first Show. The glass
// knows only one refresh, of about 15 s.
func New(w fourwire.Wires) (*Dev, error) {
	bus, err := fourwire.Connect("spectra", w, 0, gpio.Low)
	if err != nil {
		return nil, err
	}
	d := &Dev{bus: bus}
	d.Paper = fourwire.NewPaper(bus, glass(), fourwire.Chip{
		Setup: setup(), Settle: settle, Pack: pack, Draw: d.draw, Sleep: [2]byte{deepSleep, 0xA5},
	})
	return d, nil
}

func glass() fourwire.Glass {
	return fourwire.Glass{Size: image.Pt(width, height), PPI: ppi, Inks: display.Spectra(), Full: refreshTime}
}

// setup is what follows a reset. Where a command has no name, none is known.
func setup() [][]byte {
	return [][]byte{
		{0xAA, 0x49, 0x55, 0x20, 0x08, 0x09, 0x18}, // opens the commands that follow
		{powerSetting, 0x3F},
		{panelSetting, 0x5F, 0x69},
		{0x03, 0x00, 0x54, 0x00, 0x44},
		{0x05, 0x40, 0x1F, 0x1F, 0x2C},
		{boosterStart, 0x6F, 0x1F, 0x17, 0x49},
		{0x08, 0x6F, 0x1F, 0x1F, 0x22},
		{0x30, 0x03},
		{interval, 0x3F},
		{tcon, 0x02, 0x00},
		{resolution, width >> 8, width & 0xFF, height >> 8, height & 0xFF},
		{0x84, 0x01},
		{0xE3, 0x2F},
	}
}

func (d *Dev) draw(ctx context.Context, now, _ []byte, _ display.Refresh) error {
	if err := d.bus.Fill(write, now); err != nil {
		return err
	}
	if err := d.bus.Work(ctx, "power on", powerLimit, powerOn); err != nil {
		return err
	}
	if err := d.Refresh(ctx, display.Full, refresh, 0); err != nil {
		return err
	}
	return d.bus.Work(ctx, "power off", powerLimit, powerOff, 0)
}

// codes are the controller's numbers of the inks of display.Spectra.
var codes = [...]byte{1, 0, 2, 3, 5, 6}

// pack puts two pixels into a byte, the left one in the upper half.
func pack(img *image.Paletted) []byte {
	out := make([]byte, width*height/2)
	for y := range height {
		row := img.Pix[y*img.Stride:][:width]
		for x := 0; x < width; x += 2 {
			out[(y*width+x)/2] = codes[row[x]]<<4 | codes[row[x+1]]
		}
	}
	return out
}
