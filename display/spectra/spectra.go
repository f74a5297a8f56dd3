// Package spectra drives six-colour e-paper: E Ink Spectra 6, 7.3 inch. A
// refresh takes a quarter of a minute, so it is for posters and for the
// screen between badges; a verdict is told by lights, tone and speech.
//
// Source: the sequence that Waveshare's and GxEPD2's programs for the panel
// (7in3e, GDEP073E01) share; the controller has no public datasheet.
package spectra

import (
	"context"
	"fmt"
	"image"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"

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
	bus   *fourwire.Bus
	ready bool
}

var _ display.Panel = (*Dev)(nil)

// The panel as it is sold.
const (
	width, height = 800, 480
	ppi           = 127
)

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires) (*Dev, error) {
	bus, err := fourwire.Connect("spectra", w, 10*physic.MegaHertz, gpio.Low)
	if err != nil {
		return nil, err
	}
	return &Dev{bus: bus}, nil
}

// Format implements [display.Panel].
func (d *Dev) Format() display.Format {
	return display.Format{Size: image.Pt(width, height), PPI: ppi, Inks: display.Spectra()}
}

// Show implements [display.Panel]. The glass knows only one refresh, of about
// 15 s. The errors are those of package display, wrapped, or that of ctx.
func (d *Dev) Show(ctx context.Context, img *image.Paletted, _ display.Refresh) error {
	if img.Rect.Size() != image.Pt(width, height) || len(img.Palette) != len(codes) {
		return fmt.Errorf("spectra: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	if !d.ready {
		if err := d.start(ctx); err != nil {
			return err
		}
	}
	d.ready = false
	if err := d.draw(ctx, img); err != nil {
		return err
	}
	d.ready = true
	return nil
}

// codes are the controller's numbers of the inks of display.Spectra.
var codes = [...]byte{1, 0, 2, 3, 5, 6}

// Limits of waits.
const (
	resetLow     = 2 * time.Millisecond
	resetAfter   = 30 * time.Millisecond
	resetLimit   = 2 * time.Second
	powerLimit   = 5 * time.Second
	startLimit   = 200 * time.Millisecond
	refreshLimit = 45 * time.Second
)

func (d *Dev) start(ctx context.Context) error {
	if err := d.bus.Reset(ctx, resetLow, resetAfter); err != nil {
		return err
	}
	if err := d.bus.Idle(ctx, "reset", resetLimit); err != nil {
		return err
	}
	for _, c := range [][]byte{
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
	} {
		if err := d.bus.Command(c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dev) draw(ctx context.Context, img *image.Paletted) error {
	if err := d.bus.Command(write); err != nil {
		return err
	}
	if err := d.bus.Data(pack(img)); err != nil {
		return err
	}
	for _, s := range []struct {
		doing string
		op    byte
		args  []byte
		limit time.Duration
	}{
		{"power on", powerOn, nil, powerLimit},
		{"refresh", refresh, []byte{0}, refreshLimit},
		{"power off", powerOff, []byte{0}, powerLimit},
	} {
		if err := d.bus.Command(s.op, s.args...); err != nil {
			return err
		}
		if s.op == refresh {
			if err := d.bus.Started(ctx, s.doing, startLimit); err != nil {
				return err
			}
		} else if err := fourwire.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
		if err := d.bus.Idle(ctx, s.doing, s.limit); err != nil {
			return err
		}
	}
	return nil
}

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

// closeLimit is how long Close may take.
const closeLimit = time.Minute

// Close implements [display.Panel]: it leaves white paper in deep sleep.
func (d *Dev) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	f := d.Format()
	if err := d.Show(ctx, image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks), display.Full); err != nil {
		return err
	}
	d.ready = false
	return d.bus.Command(deepSleep, 0xA5)
}
