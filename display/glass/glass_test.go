package glass

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// A bench sends bytes to a panel as a careless driver might.
type bench struct {
	*testing.T
	*Panel
	conn spi.Conn
}

func newBench(t *testing.T, name string) *bench {
	p, err := New(name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Connect(10*physic.MegaHertz, spi.Mode0, 8)
	if err != nil {
		t.Fatal(err)
	}
	return &bench{t, p, c}
}

func (b *bench) send(op byte, args ...byte) {
	b.DC.Out(gpio.Low)
	b.conn.Tx([]byte{op}, nil)
	b.DC.Out(gpio.High)
	for len(args) > 0 {
		n := min(len(args), maxTx)
		b.conn.Tx(args[:n], nil)
		args = args[n:]
	}
}

func (b *bench) reset() {
	for _, l := range []gpio.Level{gpio.High, gpio.Low, gpio.High} {
		b.Reset.Out(l)
		time.Sleep(5 * time.Millisecond)
	}
}

func (b *bench) settle() { time.Sleep(20 * time.Second) }

// sane brings an SSD1680 to where it takes a picture.
func (b *bench) sane() {
	b.reset()
	b.send(0x01, 249, 0, 0)
	b.send(0x22, 0xF7)
}

// Every mistake that the emulator knows is found, and named.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		panel, want string
		do          func(*bench)
	}{
		{"epd-2in13-v4", "while busy", func(b *bench) { b.sane(); b.send(0x20); b.send(0x3C, 5) }},
		{"epd-2in13-v4", "in deep sleep", func(b *bench) { b.sane(); b.send(0x10, 1); b.send(0x3C, 5) }},
		{"epd-2in13-v4", "bytes follow it", func(b *bench) { b.sane(); b.send(0x3C, 5, 5); b.send(0x22, 0xF7) }},
		{"epd-2in13-v4", "bytes follow it", func(b *bench) { b.sane(); b.send(0x45, 0, 0, 1); b.send(0x22, 0xF7) }},
		{"epd-2in13-v4", "gate lines", func(b *bench) { b.sane(); b.send(0x01, 250, 0, 0) }},
		{"epd-2in13-v4", "window of bytes", func(b *bench) { b.sane(); b.send(0x44, 0, 16) }},
		{"epd-2in13-v4", "window of bytes", func(b *bench) { b.sane(); b.send(0x44, 5, 4) }},
		{"epd-2in13-v4", "window of lines", func(b *bench) { b.sane(); b.send(0x45, 0, 0, 250, 0) }},
		{"epd-2in13-v4", "X counter", func(b *bench) { b.sane(); b.send(0x44, 2, 4); b.send(0x4E, 16) }},
		{"epd-2in13-v4", "Y counter", func(b *bench) { b.sane(); b.send(0x45, 9, 0, 20, 0); b.send(0x4F, 5, 0) }},
		{"epd-2in13-v4", "for a window of", func(b *bench) { b.sane(); b.send(0x24, make([]byte, 3999)...); b.send(0x20) }},
		{"epd-2in13-v4", "analog part off", func(b *bench) { b.sane(); b.send(0x22, 0x04); b.send(0x20) }},
		{"epd-2in13-v4", "without a waveform", func(b *bench) { b.sane(); b.send(0x22, 0xC4); b.send(0x20) }},
		{"epd-2in13-v4", "before driver output", func(b *bench) { b.reset(); b.send(0x22, 0xF7); b.send(0x20) }},
		{"epd-2in13-v4", "never written", func(b *bench) { b.sane(); b.send(0x22, 0xFF); b.send(0x20) }},
		{"epd-2in13-v4", "keep a wrong value", func(b *bench) { // both memories alike, the glass is not
			b.sane()
			b.send(0x24, make([]byte, 4000)...)
			b.send(0x26, make([]byte, 4000)...)
			b.send(0x22, 0xFF)
			b.send(0x20)
		}},
		{"epd-2in13-v4", "charge pump", func(b *bench) { b.sane(); b.send(0x22, 0xE0); b.send(0x20); b.settle(); b.settle() }},
		{"epd-2in13-v4", "deep sleep with", func(b *bench) { b.sane(); b.send(0x22, 0xE0); b.send(0x20); b.settle(); b.send(0x10, 1) }},
		{"epd-2in13-v4", "no such command", func(b *bench) { b.sane(); b.send(0x99) }},
		{"epd-2in13-v4", "partial refreshes since", func(b *bench) {
			b.sane()
			b.send(0x26, make([]byte, 4000)...)
			b.send(0x22, 0xFF)
			for range maxPartials + 1 {
				b.send(0x20)
				b.settle()
			}
		}},
		{"epd-2in13-v4", "reset pulse", func(b *bench) { b.Reset.Out(gpio.High); b.Reset.Out(gpio.Low); b.Reset.Out(gpio.High) }},
		{"epd-2in13-v4", "reset pulse", func(b *bench) {
			b.Reset.Out(gpio.High)
			b.Reset.Out(gpio.Low)
			time.Sleep(time.Second)
			b.Reset.Out(gpio.High)
		}},
		{"epd-2in13-v4", "clock of", func(b *bench) { b.Connect(40*physic.MegaHertz, spi.Mode0, 8) }},
		{"epd-2in13-v4", "SPI Mode1", func(b *bench) { b.Connect(physic.MegaHertz, spi.Mode1, 8) }},
		{"epd-2in13-v4", "spidev takes", func(b *bench) { b.conn.Tx(make([]byte, 5000), nil) }},
		{"epd-7in5-v2", "before any reset", func(b *bench) { b.send(0x00, 0x1F) }},
		{"epd-7in5-v2", "without booster", func(b *bench) { b.reset(); b.send(0x04) }},
		{"epd-7in5-v2", "refresh without power", func(b *bench) { b.reset(); b.send(0x61, 3, 32, 1, 224); b.send(0x12) }},
		{"epd-7in5-v2", "resolution of", func(b *bench) { b.reset(); b.send(0x61, 3, 32, 1, 223); b.send(0x12) }},
		{"epd-7in5-v2", "for a picture of", func(b *bench) { b.reset(); b.send(0x13, make([]byte, 47999)...); b.send(0x02) }},
		{"epd-7in5-v2", "not whole bytes", func(b *bench) { b.reset(); b.send(0x90, 0, 4, 0, 15, 0, 0, 0, 9, 1) }},
		{"epd-7in5-v2", "window of pixels", func(b *bench) { b.reset(); b.send(0x90, 0, 8, 3, 39, 0, 0, 0, 9, 1) }},
		{"epd-7in5-v2", "window of lines", func(b *bench) { b.reset(); b.send(0x90, 0, 8, 0, 15, 0, 0, 1, 224, 1) }},
		{"epd-7in5-v2", "9 bytes for a picture of 10", func(b *bench) {
			b.reset()
			b.send(0x91)
			b.send(0x90, 0, 8, 0, 15, 0, 0, 0, 9, 1)
			b.send(0x13, make([]byte, 9)...)
			b.send(0x92)
		}},
		{"epd-7in5-v2", "refresh of a window", func(b *bench) {
			b.reset()
			b.send(0x06, 0x17, 0x17, 0x28, 0x17)
			b.send(0x04)
			b.settle()
			b.send(0x91)
			b.send(0x12)
		}},
		{"epd-7in5-v2", "third colour", func(b *bench) { b.reset(); b.send(0x00, 0x0F) }},
		{"epd-7in5-v2", "charge pump", func(b *bench) {
			b.reset()
			b.send(0x06, 1, 2, 3, 4)
			b.send(0x04)
			b.settle()
			b.settle()
		}},
		{"epd-7in5-v2-old", "no such waveform", func(b *bench) {
			b.reset()
			b.send(0x06, 1, 2, 3, 4)
			b.send(0x61, 3, 32, 1, 224)
			b.send(0xE0, 2)
			b.send(0xE5, 0x6E)
			b.send(0x04)
			b.settle()
			b.send(0x12)
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, test.panel)
			test.do(b)
			for _, f := range b.Faults() {
				if strings.Contains(f.String(), test.want) {
					return
				}
			}
			t.Errorf("%s: no fault says %q, but %v", test.panel, test.want, b.Faults())
		})
	}
}

// A person sees the flashes of a full refresh one after the other, and Watch
// tells of each at its moment.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "epd-2in13-v4")
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		var seen []Frame
		done := make(chan struct{})
		go func() {
			b.Watch(ctx, func(f Frame) {
				if !f.At.Equal(time.Now()) {
					t.Errorf("frame of %v seen at %v", f.At.Sub(start), time.Since(start))
				}
				seen = append(seen, f)
			})
			close(done)
		}()
		b.sane()
		b.send(0x20)
		b.settle()
		cancel()
		<-done
		if len(seen) != 6 || !seen[5].Last || seen[0].Last {
			t.Fatalf("%d frames seen: %v", len(seen), seen)
		}
		if f := seen[1].Picture; f.Rect.Dx() != 250 || f.Rect.Dy() != 122 || f.Pix[5] != 1 {
			t.Errorf("the second flash is %v, %d", f.Rect, f.Pix[5])
		}
		if d := seen[5].At.Sub(seen[0].At); d < 1600*time.Millisecond || d > 1700*time.Millisecond {
			t.Errorf("the flashes took %v", d)
		}
	})
}

// Speed makes everything shorter.
func TestSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := New("epd-2in13-v4", Options{Speed: 10})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := p.Connect(10*physic.MegaHertz, spi.Mode0, 8)
		b := &bench{t, p, c}
		b.sane()
		b.send(0x20)
		start := time.Now()
		for b.Busy.Read() == gpio.High {
			time.Sleep(time.Millisecond)
		}
		if d := time.Since(start); d < 150*time.Millisecond || d > 200*time.Millisecond {
			t.Errorf("a full refresh took %v at ten times the speed", d)
		}
	})
}

// A panel with speed is seen to work, however late somebody looks; a real one
// is not.
func TestSpeedIsSeen(t *testing.T) {
	for speed, want := range map[float64]gpio.Level{1: gpio.Low, 20: gpio.High} {
		synctest.Test(t, func(t *testing.T) {
			p, err := New("epd-2in13-v4", Options{Speed: speed})
			if err != nil {
				t.Fatal(err)
			}
			c, _ := p.Connect(10*physic.MegaHertz, spi.Mode0, 8)
			b := &bench{t, p, c}
			b.sane()
			b.send(0x20)
			time.Sleep(10 * time.Second)
			if first, then := b.Busy.Read(), b.Busy.Read(); first != want || then != gpio.Low {
				t.Errorf("speed %v: after 10 s BUSY is %s and then %s", speed, first, then)
			}
		})
	}
}

// Power lost in a refresh leaves the flash on the glass.
func TestBrownOutFreezes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "epd-2in13-v4")
		b.sane()
		b.send(0x20)
		time.Sleep(600 * time.Millisecond) // all ink
		b.BrownOut(1)
		b.send(0x22, 0)
		b.settle()
		for _, ink := range b.Picture().Pix {
			if ink != 1 {
				t.Fatal("the glass went on without power")
			}
		}
	})
}

func TestNames(t *testing.T) {
	for _, n := range Names() {
		if _, err := New(n, Options{}); err != nil {
			t.Error(err)
		}
	}
	if _, err := New("toaster", Options{}); err == nil {
		t.Error("a toaster is a panel")
	}
}
