package drawer

import (
	"context"
	"errors"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/spi/spitest"

	"badgekiosk/display"
)

// TestInkyWHAT puts a picture through periph's own driver and reads it back from
// what went over the bus: after command 24, a bit for each pixel, the leftmost
// the highest, white 1; after 26 nothing red.
func TestInkyWHAT(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bus spitest.Record
		p, busy := newInky(t, &bus)
		go func() { // not busy any more: after the reset, and after the refresh
			for range 2 {
				time.Sleep(15 * time.Second)
				busy.edges <- true
			}
		}()
		f := p.Format()
		if f.Size != image.Pt(400, 300) || len(f.Inks) != 2 {
			t.Fatalf("a panel of %v with %d inks", f.Size, len(f.Inks))
		}
		img := picture(p, "CHECK")
		if err := p.Show(t.Context(), img, display.Full); err != nil {
			t.Fatal(err)
		}
		black, red := after(&bus, 0x24), after(&bus, 0x26)
		if len(black) != 400*300/8 || len(red) != len(black) {
			t.Fatalf("%d and %d bytes went over the bus", len(black), len(red))
		}
		for i, ink := range img.Pix {
			if white := black[i/8]>>(7-i%8)&1 == 1; white != (ink == 0) {
				t.Fatalf("pixel %d,%d is white: %v", i%400, i/400, white)
			}
			if red[i/8] != 0 {
				t.Fatal("something is red")
			}
		}
	})
}

// A wire that tells nothing ends in an error that says so, in time; one that is
// not there at once.
func TestInkyBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, busy := newInky(t, &spitest.Record{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Show(ctx, picture(p, "CHECK"), display.Full); !errors.Is(err, display.ErrBusyTimeout) {
			t.Errorf("Show = %v", err)
		}
		for range 2 {
			busy.edges <- true // lets the driver end
		}
	})
	if _, err := InkyWHAT(&spitest.Record{}, nil, nil, nil); !errors.Is(err, display.ErrPin) {
		t.Errorf("without wires: %v", err)
	}
}

// A wire is one of the panel's pins.
type wire struct {
	gpio.PinIO
	edges chan bool
}

func (wire) Out(gpio.Level) error             { return nil }
func (wire) In(gpio.Pull, gpio.Edge) error    { return nil }
func (w wire) WaitForEdge(time.Duration) bool { return <-w.edges }

func newInky(t *testing.T, bus *spitest.Record) (*Panel, wire) {
	dc, reset, busy := wire{}, wire{}, wire{edges: make(chan bool)}
	p, err := InkyWHAT(bus, dc, reset, busy)
	if err != nil {
		t.Fatal(err)
	}
	return p, busy
}

// after is what was sent after a command, until one that is a byte alone.
func after(bus *spitest.Record, command byte) (data []byte) {
	open := false
	for _, op := range bus.Ops {
		if len(op.W) == 1 && op.W[0] == command && !open {
			open = true
		} else if open && len(op.W) == 1 {
			return data
		} else if open {
			data = append(data, op.W...)
		}
	}
	return data
}
