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
	sleepAgain = 5 * time.Millisecond // on a panel that does not sleep, as a rule
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

// Show implements [display.Panel]. Full sends every pixel, and how the panel is
// set up: one that has lost its power since, which it cannot tell, shows the
// picture as it should. The others send only what differs. An unplugged panel
// is not noticed. The errors are those of package display, wrapped, or that of
// ctx.
func (d *Dev) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != d.profile.Size || len(img.Palette) != len(d.inks) {
		return fmt.Errorf("mipi: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	was := d.shown
	d.shown = nil
	var err error
	switch {
	case was == nil:
		if err = d.reset(ctx); err == nil {
			err = d.all(ctx, img, sleepAfter)
		}
	case how == display.Full:
		err = d.all(ctx, img, sleepAgain)
	default:
		err = d.send(ctx, img, changes(img.Pix, was, img.Rect.Dx())...)
	}
	if err == nil {
		d.shown = bytes.Clone(img.Pix)
	}
	return err
}

// all sets the panel up, in case that it is not, sends the picture and
// switches the light on: not before, as the memory wakes up with noise. wait is
// for the end of sleep.
func (d *Dev) all(ctx context.Context, img *image.Paletted, wait time.Duration) error {
	if err := d.command(ctx, wait, exitSleep); err != nil {
		return err
	}
	invert := byte(exitInvert)
	if d.profile.inverted {
		invert = enterInvert
	}
	if err := d.bus.Commands([]byte{pixelFormat, 0x55}, []byte{addressMode, d.profile.mode}, []byte{invert}, []byte{normalMode}); err != nil {
		return err
	}
	if err := d.send(ctx, img, img.Rect); err != nil {
		return err
	}
	if err := d.bus.Command(displayOn); err != nil {
		return err
	}
	return d.bus.Light(true)
}

func (d *Dev) reset(ctx context.Context) error {
	if err := d.bus.Reset(ctx, resetLow, resetAfter); err != nil {
		return err
	}
	return d.command(ctx, resetAfter, softReset)
}

func (d *Dev) command(ctx context.Context, wait time.Duration, op byte) error {
	if err := d.bus.Command(op); err != nil {
		return err
	}
	return fourwire.Sleep(ctx, wait)
}

func (d *Dev) send(ctx context.Context, img *image.Paletted, windows ...image.Rectangle) error {
	for _, r := range windows {
		if err := d.patch(ctx, img, r); err != nil {
			return err
		}
	}
	return nil
}

// patch writes the pixels of r, line by line, looking at ctx after each few.
func (d *Dev) patch(ctx context.Context, img *image.Paletted, r image.Rectangle) error {
	first, last := r.Min.Add(d.profile.offset), r.Max.Add(d.profile.offset).Sub(image.Pt(1, 1))
	err := d.bus.Commands(
		[]byte{columnAddress, byte(first.X >> 8), byte(first.X), byte(last.X >> 8), byte(last.X)},
		[]byte{pageAddress, byte(first.Y >> 8), byte(first.Y), byte(last.Y >> 8), byte(last.Y)},
		[]byte{memoryStart})
	if err != nil {
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
