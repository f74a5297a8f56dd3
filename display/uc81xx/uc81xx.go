// Package uc81xx drives black and white e-paper built on UltraChip's UC8179
// (also sold as GD7965): 7.5 and 5.83 inch.
//
// Sources: UC8179 datasheet rev. 0.6, command table; the sequences that
// GxEPD2 and Waveshare's own programs have shown to work on the panels.
package uc81xx

import (
	"context"
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
	cascade        = 0xE0
	forcedHeat     = 0xE5
	deepSleepCheck = 0xA5
)

// Dev is one panel. Of what passes before its glass changes, raising the
// voltage is most: that begins with [display.Waker].
type Dev struct {
	*fourwire.Paper
	bus     *fourwire.Bus
	profile Profile
}

// settle is how long a reset takes.
const settle = 20 * time.Millisecond

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	bus, err := fourwire.Connect("uc81xx", w, p.Clock, gpio.Low)
	if err != nil {
		return nil, err
	}
	d := &Dev{bus: bus, profile: p}
	d.Paper = fourwire.NewPaper(bus, p.Glass, fourwire.Chip{
		Setup: p.setup(), Settle: settle, Pack: fourwire.White, Draw: d.draw,
		On: []byte{powerOn}, Off: []byte{powerOff}, Sleep: [2]byte{deepSleep, deepSleepCheck},
	})
	return d, nil
}

// draw chooses the waveform and fills both memories.
func (d *Dev) draw(ctx context.Context, now, was []byte, how display.Refresh) error {
	if err := d.waveform(how); err != nil {
		return err
	}
	if was == nil { // what the glass shows is unknown: let every pixel change
		was = make([]byte, len(now))
		for i, b := range now {
			was[i] = ^b
		}
	}
	if err := d.bus.Fill(writeOld, was); err != nil {
		return err
	}
	if err := d.bus.Fill(writeNew, now); err != nil {
		return err
	}
	return d.Refresh(ctx, how, refreshNow)
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
