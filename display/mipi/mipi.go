// Package mipi drives colour LCDs whose controllers take the MIPI display
// command set over SPI: ILI9341, ILI9486, ST7789 and ST7796. It is for boards
// whose kernel has no driver for the panel; where it has one, package kms
// shows the same pictures.
//
// Source: MIPI Alliance, Display Command Set 1.3; the controllers' datasheets
// for waits and orientation.
package mipi

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"time"

	"periph.io/x/conn/v3/gpio"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
)

// Commands of the display command set.
const (
	softReset     = 0x01
	enterSleep    = 0x10
	exitSleep     = 0x11
	normalMode    = 0x13
	exitInvert    = 0x20
	enterInvert   = 0x21
	displayOff    = 0x28
	displayOn     = 0x29
	columnAddress = 0x2A
	pageAddress   = 0x2B
	memoryStart   = 0x2C
	addressMode   = 0x36
	pixelFormat   = 0x3A
)

// Waits that the command set asks for.
const (
	resetLow   = 10 * time.Millisecond
	resetAfter = 120 * time.Millisecond
	sleepAfter = 120 * time.Millisecond
)

// Dev is one panel.
type Dev struct {
	bus     *fourwire.Bus
	profile Profile
	inks    color.Palette
	rgb     [256][2]byte // each ink in 16 bits, 5 red, 6 green, 5 blue
	shown   []uint8      // what the glass shows, nil when that is unknown
}

var _ display.Panel = (*Dev)(nil)

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	bus, err := fourwire.Connect("mipi", w, p.Clock, gpio.High)
	if err != nil {
		return nil, err
	}
	bus.Wide = p.wide
	d := &Dev{bus: bus, profile: p, inks: display.Colours()}
	for i, c := range d.inks {
		r, g, b, _ := c.RGBA()
		v := r>>11<<11 | g>>10<<5 | b>>11
		d.rgb[i] = [2]byte{byte(v >> 8), byte(v)}
	}
	return d, nil
}

// Format implements [display.Panel].
func (d *Dev) Format() display.Format {
	return display.Format{Size: d.profile.Size, PPI: d.profile.PPI, Inks: d.inks}
}

// Show implements [display.Panel]. Full sends every pixel; the others send
// only what differs. A panel of this kind does not answer, so
// an unplugged one is not noticed. The errors are those of package display,
// wrapped, or that of ctx.
func (d *Dev) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != d.profile.Size || len(img.Palette) != len(d.inks) {
		return fmt.Errorf("mipi: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	first := d.shown == nil
	if first {
		if err := d.start(ctx); err != nil {
			return err
		}
	}
	changes := fourwire.Changes(img.Pix, d.shown, img.Rect.Dx(), how == display.Full)
	d.shown = nil
	for _, r := range changes {
		if err := d.send(ctx, img, r); err != nil {
			return err
		}
	}
	if first { // not before: the memory wakes up with noise
		if err := d.on(); err != nil {
			return err
		}
	}
	d.shown = bytes.Clone(img.Pix)
	return nil
}

func (d *Dev) start(ctx context.Context) error {
	if err := d.bus.Reset(ctx, resetLow, resetAfter); err != nil {
		return err
	}
	if err := d.command(ctx, resetAfter, softReset); err != nil {
		return err
	}
	if err := d.command(ctx, sleepAfter, exitSleep); err != nil {
		return err
	}
	invert := byte(exitInvert)
	if d.profile.inverted {
		invert = enterInvert
	}
	for _, c := range [][]byte{{pixelFormat, 0x55}, {addressMode, d.profile.mode}, {invert}, {normalMode}} {
		if err := d.bus.Command(c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dev) command(ctx context.Context, wait time.Duration, op byte) error {
	if err := d.bus.Command(op); err != nil {
		return err
	}
	return fourwire.Sleep(ctx, wait)
}

func (d *Dev) on() error {
	if err := d.bus.Command(displayOn); err != nil {
		return err
	}
	return d.bus.Light(true)
}

// send writes the pixels of r, line by line, looking at ctx after each few.
func (d *Dev) send(ctx context.Context, img *image.Paletted, r image.Rectangle) error {
	o := d.profile.offset
	for _, c := range []struct {
		op       byte
		from, to int
	}{{columnAddress, r.Min.X + o.X, r.Max.X - 1 + o.X}, {pageAddress, r.Min.Y + o.Y, r.Max.Y - 1 + o.Y}} {
		if err := d.bus.Command(c.op, byte(c.from>>8), byte(c.from), byte(c.to>>8), byte(c.to)); err != nil {
			return err
		}
	}
	if err := d.bus.Command(memoryStart); err != nil {
		return err
	}
	const lines = 16
	out := make([]byte, 0, lines*r.Dx()*2)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, ink := range img.Pix[y*img.Stride+r.Min.X : y*img.Stride+r.Max.X] {
			out = append(out, d.rgb[ink][0], d.rgb[ink][1])
		}
		if len(out) < cap(out) && y < r.Max.Y-1 {
			continue
		}
		if err := d.bus.Data(out); err != nil {
			return fmt.Errorf("mipi: picture: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("mipi: picture: %w", err)
		}
		out = out[:0]
	}
	return nil
}

// closeLimit is how long Close may take.
const closeLimit = 5 * time.Second

// Close implements [display.Panel]: it overwrites the controller's memory,
// and leaves the panel dark and asleep.
func (d *Dev) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	if err := d.Show(ctx, image.NewPaletted(image.Rectangle{Max: d.profile.Size}, d.inks), display.Full); err != nil {
		return err
	}
	d.shown = nil
	if err := d.bus.Light(false); err != nil {
		return err
	}
	if err := d.bus.Command(displayOff); err != nil {
		return err
	}
	return d.command(ctx, sleepAfter, enterSleep)
}
