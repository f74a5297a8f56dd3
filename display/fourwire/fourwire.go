// Package fourwire talks to panel controllers over "4-wire" SPI: the bus, a
// line that tells data from commands, a reset line and, on e-paper, a line
// that says busy. Chip select belongs to the bus: Linux refuses it to anybody
// else.
package fourwire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"badgekiosk/display"
)

// Wires are how a panel is connected.
type Wires struct {
	Port      spi.Port
	DC, Reset gpio.PinOut
	Busy      gpio.PinIn  // nil on panels without one
	Light     gpio.PinOut // of an LCD; nil where it is always on
}

// A Bus is a panel's connection. It is not safe for concurrent use.
type Bus struct {
	// Wide sends commands and their bytes as words of 16 bits, the upper half
	// empty, for panels behind shift registers.
	Wide bool

	chip  string
	wires Wires
	conn  spi.Conn
	most  int // bytes in one transfer
	level gpio.Level
}

// maxTransfer is what Linux's spidev takes at once unless told otherwise.
const maxTransfer = 4096

// usualClock is one that controllers and ribbons stand.
const usualClock = 10 * physic.MegaHertz

// Connect opens the bus at clock, 0 for 10 MHz, for a controller, whose name
// errors carry. busy is the level of the BUSY line while the panel works.
func Connect(chip string, w Wires, clock physic.Frequency, busy gpio.Level) (*Bus, error) {
	if clock == 0 {
		clock = usualClock
	}
	c, err := w.Port.Connect(clock, spi.Mode0, 8)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", chip, display.ErrBus, err)
	}
	b := &Bus{chip: chip, wires: w, conn: c, most: maxTransfer, level: busy}
	if l, ok := c.(conn.Limits); ok && l.MaxTxSize() > 0 {
		b.most = min(b.most, l.MaxTxSize())
	}
	if w.Busy != nil {
		if err := w.Busy.In(gpio.PullNoChange, gpio.NoEdge); err != nil {
			return nil, fmt.Errorf("%s: BUSY: %w: %w", chip, display.ErrPin, err)
		}
	}
	return b, nil
}

// Commands sends each of list, a command with the bytes that belong to it.
func (b *Bus) Commands(list ...[]byte) error {
	for _, c := range list {
		if err := b.Command(c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// Command sends op and the bytes that belong to it.
func (b *Bus) Command(op byte, args ...byte) error {
	err := b.send(b.wires.DC, gpio.Low, b.words([]byte{op}))
	if err == nil && len(args) > 0 {
		err = b.Data(b.words(args))
	}
	if err != nil {
		return fmt.Errorf("%s: command %02X: %w", b.chip, op, err)
	}
	return nil
}

func (b *Bus) words(p []byte) []byte {
	if !b.Wide {
		return p
	}
	out := make([]byte, 0, 2*len(p))
	for _, v := range p {
		out = append(out, 0, v)
	}
	return out
}

// Light switches the light behind the glass, if there is a wire for it.
func (b *Bus) Light(on bool) error {
	if b.wires.Light == nil {
		return nil
	}
	if err := b.wires.Light.Out(gpio.Level(on)); err != nil {
		return fmt.Errorf("%s: light: %w: %w", b.chip, display.ErrPin, err)
	}
	return nil
}

// Data sends what belongs to the last command, as it is.
func (b *Bus) Data(p []byte) error {
	for len(p) > 0 {
		n := min(len(p), b.most)
		if err := b.send(b.wires.DC, gpio.High, p[:n]); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// Fill sends op and a picture, which goes where op says.
func (b *Bus) Fill(op byte, picture []byte) error {
	if err := b.Command(op); err != nil {
		return err
	}
	return b.Data(picture)
}

func (b *Bus) send(dc gpio.PinOut, level gpio.Level, p []byte) error {
	if err := dc.Out(level); err != nil {
		return fmt.Errorf("DC: %w: %w", display.ErrPin, err)
	}
	if err := b.conn.Tx(p, nil); err != nil {
		return fmt.Errorf("%w: %w", display.ErrBus, err)
	}
	return nil
}

// Reset holds the reset line low for low, and waits after it.
func (b *Bus) Reset(ctx context.Context, low, after time.Duration) error {
	for _, s := range []struct {
		level gpio.Level
		hold  time.Duration
	}{{gpio.High, low}, {gpio.Low, low}, {gpio.High, after}} {
		if err := b.wires.Reset.Out(s.level); err != nil {
			return fmt.Errorf("%s: RST: %w: %w", b.chip, display.ErrPin, err)
		}
		if err := Sleep(ctx, s.hold); err != nil {
			return fmt.Errorf("%s: reset: %w", b.chip, err)
		}
	}
	return nil
}

// poll is how often the BUSY line is read.
const poll = 2 * time.Millisecond

// Work sends a command that takes time, and waits for its end, but no longer
// than limit or ctx.
func (b *Bus) Work(ctx context.Context, doing string, limit time.Duration, op byte, args ...byte) error {
	if err := b.Begin(ctx, op, args...); err != nil {
		return err
	}
	return b.Idle(ctx, doing, limit)
}

// Begin sends a command that takes time, and waits until BUSY may be asked for
// its end.
func (b *Bus) Begin(ctx context.Context, op byte, args ...byte) error {
	if err := b.Command(op, args...); err != nil {
		return err
	}
	return Sleep(ctx, workStarts)
}

// Refresh is Work that changes the glass: the panel must say that it does.
func (b *Bus) Refresh(ctx context.Context, limit time.Duration, op byte, args ...byte) error {
	const doing = "refresh"
	if err := b.Command(op, args...); err != nil {
		return err
	}
	if err := b.Started(ctx, doing, refreshStarts); err != nil {
		return err
	}
	return b.Idle(ctx, doing, limit)
}

// How long after a command BUSY may be asked, and must have answered.
const (
	workStarts    = time.Millisecond // UC8179 datasheet, R12H: 200 µs
	refreshStarts = 200 * time.Millisecond
)

// Idle waits until the panel has finished, but no longer than limit or ctx.
func (b *Bus) Idle(ctx context.Context, doing string, limit time.Duration) error {
	return b.await(ctx, doing, !b.level, limit, display.ErrBusyTimeout)
}

// Started waits until the panel says that it works, but no longer than limit
// or ctx.
func (b *Bus) Started(ctx context.Context, doing string, limit time.Duration) error {
	return b.await(ctx, doing, b.level, limit, display.ErrNeverBusy)
}

func (b *Bus) await(ctx context.Context, doing string, level gpio.Level, limit time.Duration, miss error) error {
	end := time.Now().Add(limit)
	for {
		// Asked before BUSY is read: who was asleep for longer than limit
		// looks once more.
		late := !time.Now().Before(end)
		if b.wires.Busy.Read() == level {
			return nil
		}
		if late {
			return fmt.Errorf("%s: %s: %w (waited %v)", b.chip, doing, miss, limit)
		}
		switch err := Sleep(ctx, poll); {
		case errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("%s: %s: %w (%w)", b.chip, doing, miss, err)
		case err != nil:
			return fmt.Errorf("%s: %s: %w", b.chip, doing, err)
		}
	}
}

// Sleep waits for d or the end of ctx, whose error it returns.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
