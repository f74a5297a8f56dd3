// Package ssd16xx drives black and white e-paper built on the Solomon Systech
// controllers SSD1680 and SSD1681 (1.54 to 2.9 inch), SSD1683 (4.2 inch) and
// SSD1677 (4.26 inch).
//
// Sources: the controllers' datasheets, command tables; the sequences that
// GxEPD2 has shown to work on the panels.
package ssd16xx

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

// Commands of the family.
const (
	driverOutput   = 0x01
	softStart      = 0x0C
	deepSleep      = 0x10
	entryMode      = 0x11
	softReset      = 0x12
	sensor         = 0x18
	temperature    = 0x1A
	activate       = 0x20
	updateControl1 = 0x21
	updateControl2 = 0x22
	writeNew       = 0x24
	writeOld       = 0x26
	border         = 0x3C
	windowX        = 0x44
	windowY        = 0x45
	counterX       = 0x4E
	counterY       = 0x4F
)

// What update control 2 makes activate do: power on, load a waveform,
// display, power off.
const (
	fullSequence    = 0xF7 // temperature from the sensor
	fastSequence    = 0xD7 // temperature as it was set: a shorter waveform
	partialSequence = 0xFF // mode 2: only pixels that differ from the old memory
)

// Dev is one panel.
type Dev struct {
	bus     *fourwire.Bus
	profile Profile
	ready   bool // initialised, and the old memory is what the glass shows
}

var _ display.Panel = (*Dev)(nil)

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	clock := p.Clock
	if clock == 0 {
		clock = 10 * physic.MegaHertz
	}
	bus, err := fourwire.Connect("ssd16xx", w, clock, gpio.High)
	if err != nil {
		return nil, err
	}
	return &Dev{bus: bus, profile: p}, nil
}

// Format implements [display.Panel].
func (d *Dev) Format() display.Format {
	return display.Format{Size: d.profile.Turn.Size(d.profile.Size), PPI: d.profile.PPI, Inks: display.BlackAndWhite()}
}

// Show implements [display.Panel]. The first picture, and the first after an
// error, is always a full refresh after a reset. The errors are those of
// package display, wrapped, or that of ctx.
func (d *Dev) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != d.Format().Size || len(img.Palette) != 2 {
		return fmt.Errorf("ssd16xx: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	white := display.Pack(display.Rotate(img, -d.profile.Turn&3))
	for i := range white {
		white[i] = ^white[i] // a set bit is paper
	}
	if !d.ready {
		how = display.Full
		if err := d.start(ctx); err != nil {
			return err
		}
	}
	d.ready = false
	if err := d.draw(ctx, white, how); err != nil {
		return err
	}
	d.ready = true
	return nil
}

// Limits of waits besides the refresh.
const (
	resetLow   = 2 * time.Millisecond // longer takes the power from boards with a "clever" reset
	resetAfter = 10 * time.Millisecond
	resetLimit = 500 * time.Millisecond
	startLimit = 100 * time.Millisecond
)

func (d *Dev) start(ctx context.Context) error {
	if err := d.bus.Reset(ctx, resetLow, resetAfter); err != nil {
		return err
	}
	if err := d.bus.Idle(ctx, "reset", resetLimit); err != nil {
		return err
	}
	if err := d.bus.Command(softReset); err != nil {
		return err
	}
	if err := d.bus.Idle(ctx, "software reset", resetLimit); err != nil {
		return err
	}
	last := d.profile.Size.Y - 1
	list := [][]byte{
		{driverOutput, byte(last), byte(last >> 8), d.profile.gates},
		{sensor, 0x80}, // the one inside
		{entryMode, d.profile.entry()},
	}
	if d.profile.softStart != nil {
		list = append(list, append([]byte{softStart}, d.profile.softStart...))
	}
	return d.commands(list)
}

func (d *Dev) commands(list [][]byte) error {
	for _, c := range list {
		if err := d.bus.Command(c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dev) draw(ctx context.Context, white []byte, how display.Refresh) error {
	if err := d.write(writeNew, white); err != nil {
		return err
	}
	if how != display.Partial {
		if err := d.write(writeOld, white); err != nil {
			return err
		}
	}
	if err := d.refresh(ctx, how); err != nil {
		return err
	}
	if how == display.Partial { // what the glass shows is the next one's old picture
		return d.write(writeOld, white)
	}
	return nil
}

// write fills one of the two memories.
func (d *Dev) write(memory byte, white []byte) error {
	if err := d.commands(d.profile.window()); err != nil {
		return err
	}
	if err := d.bus.Command(memory); err != nil {
		return err
	}
	return d.bus.Data(white)
}

func (d *Dev) refresh(ctx context.Context, how display.Refresh) error {
	edge, control, sequence, limit := byte(0x05), d.profile.control, byte(fullSequence), d.profile.Full
	switch {
	case how == display.Partial:
		edge, control, sequence, limit = 0x80, d.profile.controlPartial, partialSequence, d.profile.Partial
	case how == display.Fast && d.profile.hot != nil:
		sequence, limit = fastSequence, d.profile.Fast
		if err := d.bus.Command(temperature, d.profile.hot...); err != nil {
			return err
		}
	}
	err := d.commands([][]byte{
		{border, edge},
		append([]byte{updateControl1}, control[:]...),
		{updateControl2, sequence},
		{activate},
	})
	if err != nil {
		return err
	}
	if err := d.bus.Started(ctx, "refresh", startLimit); err != nil {
		return err
	}
	return d.bus.Idle(ctx, "refresh", 2*limit+time.Second)
}

// closeLimit is how long Close may take.
const closeLimit = 15 * time.Second

// Close implements [display.Panel]: it leaves white paper in deep sleep, so
// that no name stays to be read.
func (d *Dev) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	f := d.Format()
	err := d.Show(ctx, image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks), display.Full)
	if err != nil {
		return err
	}
	d.ready = false
	return d.bus.Command(deepSleep, 0x01)
}
