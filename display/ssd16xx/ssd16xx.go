// Package ssd16xx drives black and white e-paper built on the Solomon Systech
// controllers SSD1680 and SSD1681 (1.54 to 2.9 inch), SSD1683 (4.2 inch) and
// SSD1677 (4.26 inch).
//
// Sources: the controllers' datasheets, command tables; the sequences that
// GxEPD2 has shown to work on the panels.
package ssd16xx

import (
	"context"
	"time"

	"periph.io/x/conn/v3/gpio"

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
	*fourwire.Paper
	bus     *fourwire.Bus
	profile Profile
}

// settle is how long a reset takes.
const settle = 10 * time.Millisecond

// New connects a panel. Nothing is sent before the first Show.
func New(w fourwire.Wires, p Profile) (*Dev, error) {
	bus, err := fourwire.Connect("ssd16xx", w, p.Clock, gpio.High)
	if err != nil {
		return nil, err
	}
	d := &Dev{bus: bus, profile: p}
	d.Paper = fourwire.NewPaper(bus, p.Glass, fourwire.Chip{
		Setup: p.setup(), Settle: settle, Pack: fourwire.White, Draw: d.draw, Sleep: [2]byte{deepSleep, 0x01},
	})
	return d, nil
}

// draw fills both memories: the second one is the old picture for the waveform
// that looks at it.
func (d *Dev) draw(ctx context.Context, now, was []byte, how display.Refresh) error {
	old := now
	if how == display.Partial {
		old = was
	}
	if err := d.write(writeOld, old); err != nil {
		return err
	}
	if err := d.write(writeNew, now); err != nil {
		return err
	}
	return d.refresh(ctx, how)
}

// write fills one of the two memories.
func (d *Dev) write(memory byte, picture []byte) error {
	if err := d.bus.Commands(d.profile.window()...); err != nil {
		return err
	}
	return d.bus.Fill(memory, picture)
}

func (d *Dev) refresh(ctx context.Context, how display.Refresh) error {
	edge, control, sequence := byte(0x05), d.profile.control, byte(fullSequence)
	switch how {
	case display.Partial:
		edge, control, sequence = 0x80, d.profile.controlPartial, partialSequence
	case display.Fast:
		sequence = fastSequence
		if err := d.bus.Command(temperature, d.profile.hot...); err != nil {
			return err
		}
	}
	err := d.bus.Commands([]byte{border, edge}, append([]byte{updateControl1}, control[:]...), []byte{updateControl2, sequence})
	if err != nil {
		return err
	}
	return d.Refresh(ctx, how, activate)
}
