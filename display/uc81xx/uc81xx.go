// Package uc81xx drives black and white e-paper built on UltraChip's UC8179
// (also sold as GD7965): 7.5 and 5.83 inch.
//
// Sources: UC8179 datasheet rev. 0.6, command table; the sequences that
// GxEPD2 and Waveshare's own programs have shown to work on the panels.
package uc81xx

import (
	"context"
	"image"
	"time"

	"periph.io/x/conn/v3/gpio"

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
	window         = 0x90
	windowIn       = 0x91
	windowOut      = 0x92
	cascade        = 0xE0
	forcedHeat     = 0xE5
	deepSleepCheck = 0xA5
)

// Dev is one panel.
type Dev struct {
	*fourwire.Paper
	bus     *fourwire.Bus
	profile Profile
	awake   bool // the voltage is up, or rising
}

var _ display.Waker = (*Dev)(nil)

// Limits of waits besides the refresh.
const (
	settle     = 20 * time.Millisecond
	powerLimit = 2 * time.Second
)

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	bus, err := fourwire.Connect("uc81xx", w, p.Clock, gpio.Low)
	if err != nil {
		return nil, err
	}
	d := &Dev{bus: bus, profile: p}
	d.Paper = fourwire.NewPaper(bus, p.Glass, fourwire.Chip{
		Setup: p.setup(), Settle: settle, Pack: fourwire.White, Draw: d.draw, Sleep: [2]byte{deepSleep, deepSleepCheck},
	})
	return d, nil
}

// Wake implements [display.Waker]: of what passes before the glass changes,
// raising the voltage is three quarters.
func (d *Dev) Wake(context.Context) error {
	if !d.Known() || d.awake {
		return nil
	}
	d.awake = true
	err := d.bus.Command(powerOn)
	if err != nil {
		d.Forget()
	}
	return err
}

// Rest implements [display.Waker].
func (d *Dev) Rest(ctx context.Context) error {
	if !d.Known() || !d.awake {
		return nil
	}
	err := d.up(ctx)
	if err == nil {
		err = d.down(ctx)
	}
	if err != nil {
		d.Forget()
	}
	return err
}

// up waits until the voltage is there, down takes it off.
func (d *Dev) up(ctx context.Context) error {
	if d.awake {
		return d.bus.Idle(ctx, "power on", powerLimit)
	}
	return d.bus.Work(ctx, "power on", powerLimit, powerOn)
}

func (d *Dev) down(ctx context.Context) error {
	d.awake = false
	return d.bus.Work(ctx, "power off", powerLimit, powerOff)
}

// draw switches the high voltage on for as long as it is needed: left on, the
// picture fades. The controller takes nothing while it rises.
func (d *Dev) draw(ctx context.Context, now, was []byte, how display.Refresh) error {
	if was == nil { // a reset has taken the voltage off
		d.awake = false
	}
	if d.awake {
		if err := d.up(ctx); err != nil {
			return err
		}
	}
	if err := d.send(now, was, how); err != nil {
		return err
	}
	if !d.awake {
		if err := d.up(ctx); err != nil {
			return err
		}
	}
	if err := d.bus.Refresh(ctx, d.profile.Limit(how), refreshNow); err != nil {
		return err
	}
	return d.down(ctx)
}

// send chooses the waveform, and fills the memories. After each refresh the
// controller itself copies the new picture to the old one.
func (d *Dev) send(now, was []byte, how display.Refresh) error {
	if err := d.waveform(how); err != nil {
		return err
	}
	if was == nil { // what the glass shows is unknown: let every pixel change
		black := make([]byte, len(now))
		for i, b := range now {
			black[i] = ^b
		}
		if err := d.write(writeOld, black); err != nil {
			return err
		}
	}
	stride := d.profile.stride()
	for _, r := range fourwire.Changes(now, was, stride, how == display.Full) {
		if err := d.patch(fourwire.Window(now, stride, r), r); err != nil {
			return err
		}
	}
	return nil
}

// patch fills the window r, in bytes by lines, of the new picture.
func (d *Dev) patch(p []byte, r image.Rectangle) error {
	if r.Dx()*r.Dy() == d.profile.stride()*d.profile.Size.Y {
		return d.write(writeNew, p)
	}
	left, right, top, bottom := r.Min.X*8, r.Max.X*8-1, r.Min.Y, r.Max.Y-1
	if err := d.bus.Command(windowIn); err != nil {
		return err
	}
	err := d.bus.Command(window,
		byte(left>>8), byte(left), byte(right>>8), byte(right), byte(top>>8), byte(top), byte(bottom>>8), byte(bottom), 0x01)
	if err != nil {
		return err
	}
	if err := d.write(writeNew, p); err != nil {
		return err
	}
	return d.bus.Command(windowOut)
}

func (d *Dev) write(memory byte, p []byte) error {
	if err := d.bus.Command(memory); err != nil {
		return err
	}
	return d.bus.Data(p)
}

// waveform chooses one of those in the panel's memory by pretending a
// temperature. A set bit is paper.
func (d *Dev) waveform(how display.Refresh) error {
	if !d.profile.quick() {
		return d.bus.Command(interval, 0x29, 0x07)
	}
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
	if err := d.bus.Command(cascade, fixed); err != nil || fixed == 0 {
		return err
	}
	return d.bus.Command(forcedHeat, heat)
}
