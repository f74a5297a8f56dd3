// Package uc81xx drives black and white e-paper built on UltraChip's UC8179
// (also sold as GD7965): 7.5 and 5.83 inch.
//
// Sources: UC8179 datasheet rev. 0.6, command table; the sequences that
// GxEPD2 and Waveshare's own programs have shown to work on the panels.
package uc81xx

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

// Commands.
const (
	panelSetting   = 0x00
	powerSetting   = 0x01
	powerOff       = 0x02
	powerOn        = 0x04
	boosterStart   = 0x06
	deepSleep      = 0x07
	writeOld       = 0x10
	refreshNow     = 0x12
	writeNew       = 0x13
	dualSPI        = 0x15
	interval       = 0x50
	tcon           = 0x60
	resolution     = 0x61
	cascade        = 0xE0
	forcedHeat     = 0xE5
	deepSleepCheck = 0xA5
)

// Dev is one panel.
type Dev struct {
	bus     *fourwire.Bus
	profile Profile
	ready   bool // initialised, and the old memory is what the glass shows
	awake   bool // the voltage is up, or rising
}

var (
	_ display.Panel = (*Dev)(nil)
	_ display.Waker = (*Dev)(nil)
)

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	clock := p.Clock
	if clock == 0 {
		clock = 10 * physic.MegaHertz
	}
	bus, err := fourwire.Connect("uc81xx", w, clock, gpio.Low)
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
		return fmt.Errorf("uc81xx: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	black := display.Pack(display.Rotate(img, -d.profile.Turn&3))
	first := !d.ready
	if d.awake && !first {
		if err := d.up(ctx); err != nil {
			return err
		}
	}
	if first {
		how = display.Full
		if err := d.start(ctx); err != nil {
			return err
		}
	}
	d.ready = false
	if err := d.draw(ctx, black, how, first); err != nil {
		return err
	}
	d.ready = true
	return nil
}

// Limits of waits besides the refresh.
const (
	resetLow   = 2 * time.Millisecond // longer takes the power from boards with a "clever" reset
	resetAfter = 20 * time.Millisecond
	resetLimit = 500 * time.Millisecond
	startLimit = 100 * time.Millisecond
	powerLimit = 2 * time.Second
)

// Wake implements [display.Waker]: of what passes before the glass changes,
// raising the voltage is three quarters.
func (d *Dev) Wake(context.Context) error {
	if !d.ready || d.awake {
		return nil
	}
	d.awake = true
	if err := d.bus.Command(powerOn); err != nil {
		d.ready = false
		return err
	}
	return nil
}

// Rest implements [display.Waker].
func (d *Dev) Rest(ctx context.Context) error {
	if !d.ready || !d.awake {
		return nil
	}
	if err := d.up(ctx); err != nil {
		return err
	}
	return d.down(ctx)
}

// up waits until the voltage that Wake asked for is there, down takes it off.
func (d *Dev) up(ctx context.Context) error {
	err := d.bus.Idle(ctx, "power on", powerLimit)
	d.ready = err == nil
	return err
}

func (d *Dev) down(ctx context.Context) error {
	d.awake = false
	err := d.work(ctx, "power off", powerOff, powerLimit)
	d.ready = d.ready && err == nil
	return err
}

func (d *Dev) start(ctx context.Context) error {
	d.awake = false
	if err := d.bus.Reset(ctx, resetLow, resetAfter); err != nil {
		return err
	}
	if err := d.bus.Idle(ctx, "reset", resetLimit); err != nil {
		return err
	}
	w, h := d.profile.Size.X, d.profile.Size.Y
	for _, c := range [][]byte{
		{powerSetting, 0x07, 0x07, 0x3F, 0x3F},
		{boosterStart, 0x17, 0x17, 0x28, 0x17}, // without it new panels fade to white
		{panelSetting, 0x1F},                   // black and white, waveform from the panel's memory
		{resolution, byte(w >> 8), byte(w), byte(h >> 8), byte(h)},
		{dualSPI, 0x00},
		{tcon, 0x22},
	} {
		if err := d.bus.Command(c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dev) draw(ctx context.Context, black []byte, how display.Refresh, first bool) error {
	if how != display.Full && !d.profile.quick {
		how = display.Full
	}
	if err := d.waveform(how); err != nil {
		return err
	}
	if first { // what the glass shows is unknown: let every pixel change
		if err := d.write(writeOld, black); err != nil {
			return err
		}
	}
	white := make([]byte, len(black))
	for i, b := range black {
		white[i] = ^b
	}
	if err := d.write(writeNew, white); err != nil {
		return err
	}
	return d.refresh(ctx, how)
}

func (d *Dev) write(memory byte, p []byte) error {
	if err := d.bus.Command(memory); err != nil {
		return err
	}
	return d.bus.Data(p)
}

// waveform chooses one of those in the panel's memory by pretending a
// temperature. A set bit is paper, and after each refresh the controller
// itself copies the new picture to the old one.
func (d *Dev) waveform(how display.Refresh) error {
	edge, fixed, heat := byte(0x29), byte(0x02), byte(0x5A)
	switch how {
	case display.Full:
		fixed = 0x00
	case display.Partial:
		edge, heat = 0xA9, 0x6E // the border keeps still
	}
	if err := d.bus.Command(interval, edge, 0x07); err != nil {
		return err
	}
	if !d.profile.quick {
		return nil
	}
	if err := d.bus.Command(cascade, fixed); err != nil || fixed == 0 {
		return err
	}
	return d.bus.Command(forcedHeat, heat)
}

// refresh switches the high voltage on for as long as it is needed: left on,
// the picture fades.
func (d *Dev) refresh(ctx context.Context, how display.Refresh) error {
	limit := map[display.Refresh]time.Duration{
		display.Full: d.profile.Full, display.Fast: d.profile.Fast, display.Partial: d.profile.Partial,
	}[how]
	if !d.awake {
		if err := d.work(ctx, "power on", powerOn, powerLimit); err != nil {
			return err
		}
	}
	if err := d.work(ctx, "refresh", refreshNow, 2*limit+time.Second); err != nil {
		return err
	}
	return d.down(ctx)
}

// work sends a command that takes time, and waits for its end.
func (d *Dev) work(ctx context.Context, doing string, op byte, limit time.Duration) error {
	if err := d.bus.Command(op); err != nil {
		return err
	}
	if op == refreshNow { // BUSY is valid 200 µs after, datasheet R12H
		if err := d.bus.Started(ctx, doing, startLimit); err != nil {
			return err
		}
	} else if err := fourwire.Sleep(ctx, time.Millisecond); err != nil {
		return err
	}
	return d.bus.Idle(ctx, doing, limit)
}

// closeLimit is how long Close may take.
const closeLimit = 20 * time.Second

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
	return d.bus.Command(deepSleep, deepSleepCheck)
}
