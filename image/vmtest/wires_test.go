package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/uc81xx"
)

// line is a write as the emulator's trace has it.
func line(at, value uint64, name string) []byte {
	return fmt.Appendf(nil, "memory_region_ops_write cpu 0 mr 0x55d0c3a0e3b0 addr 0x%x value 0x%x size 4 name '%s'", at, value, name)
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		line []byte
		want write
		ok   bool
	}{
		{line(pinsHigh, 1<<25, "bcm2835_gpio"), write{pinsHigh, 1 << 25}, true},
		{line(spiByte, 0xab, "bcm2835-spi"), write{spiByte, 0xab}, true},
		{line(0x3f980000, 1, "dwc2-io"), write{}, false},
		{[]byte("[    1.0] a word of the kernel's"), write{}, false},
		{[]byte(" addr 0x3f20"), write{}, false},
		{[]byte(" addr 0x3f20zzzz value 0x1 size"), write{}, false},
		{[]byte(" addr 0x3f204004 value 0x size"), write{}, false},
	} {
		if got, ok := parse(c.line); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %+v, %t; want %+v, %t", c.line, got, ok, c.want, c.ok)
		}
	}
}

func TestStores(t *testing.T) {
	for value, want := range map[uint64]bool{0x8000 | 24: true, 0x8080 | 25: true, 24: false, 0x8040 | 18: false, 0x8000 | 13: false} {
		if got := (write{sdBase, value}).stores(); got != want {
			t.Errorf("command %x: %t, want %t", value, got, want)
		}
	}
}

func lineOf(at, value uint64) []byte { return line(at, value, "x") }

// A tracedPort is the board's end of the bus.
type tracedPort struct{ to *glassOn }

func (p tracedPort) String() string { return "traced" }
func (p tracedPort) Connect(physic.Frequency, spi.Mode, int) (spi.Conn, error) {
	return tracedBus(p), nil
}

type tracedBus struct{ to *glassOn }

func (b tracedBus) String() string               { return "traced" }
func (b tracedBus) Duplex() conn.Duplex          { return conn.Half }
func (b tracedBus) TxPackets([]spi.Packet) error { return errors.New("not used") }

// Tx writes as the kernel's driver does: the bus on, byte for byte, and off.
func (b tracedBus) Tx(data, _ []byte) error {
	for _, v := range data {
		w, _ := parse(lineOf(spiByte, uint64(v)))
		b.to.take(w)
	}
	w, _ := parse(lineOf(spiBase, 0))
	b.to.take(w)
	return nil
}

// A tracedPin is a line of the board's.
type tracedPin struct {
	gpio.PinOut // for what a driver asks of a line besides
	to          *glassOn
	line        int
}

// Out writes to the register that sets a line, or the one that clears it.
func (p tracedPin) Out(l gpio.Level) error {
	at := uint64(pinsLow)
	if l {
		at = pinsHigh
	}
	w, _ := parse(lineOf(at, 1<<p.line))
	p.to.take(w)
	return nil
}

// TestWires drives a panel by its real driver through lines of a trace: the
// picture is the driver's.
func TestWires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, err := newGlass(panelName)
		if err != nil {
			t.Fatal(err)
		}
		d, err := uc81xx.New(fourwire.Wires{Port: tracedPort{g}, DC: tracedPin{g.DC, g, lineData}, Reset: tracedPin{g.Reset, g, lineReset}, Busy: g.Busy}, uc81xx.Epd7in5V2())
		if err != nil {
			t.Fatal(err)
		}
		f := d.Format()
		want := image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks)
		for i := range want.Pix {
			want.Pix[i] = byte(i / 7 % 2)
		}
		if err := d.Show(context.Background(), want, display.Full); err != nil {
			t.Fatal(err)
		}
		if n := differing(g.Picture(), want); n != 0 {
			t.Errorf("%d pixels differ", n)
		}
		for _, fault := range g.Faults() {
			t.Error(fault)
		}
	})
}

// TestStick finds on a stick's image what was put there, and its copy is the
// same.
func TestStick(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	data := bytes.Repeat([]byte("a bundle "), 1000)
	if err := os.WriteFile(in("bundle"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := makeStick(in("stick"), bundleName, in("bundle")); err != nil {
		t.Fatal(err)
	}
	if err := copySparse(in("copy"), in("stick")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what []byte
		want bool
	}{{data[:300], true}, {[]byte("no such bytes"), false}} {
		if got, err := onCard(in("copy"), c.what); got != c.want || err != nil {
			t.Errorf("%q on the stick: %t, %v; want %t", c.what[:10], got, err, c.want)
		}
	}
}
