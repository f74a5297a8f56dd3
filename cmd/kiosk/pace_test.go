package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/qr"
	"badgekiosk/scanner"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

const (
	pace    = 30                     // pictures a second
	atRest  = 300 * time.Millisecond // a bus on which nothing went for so long is done
	patient = 20 * time.Second       // for a badge that is not answered
	passing = 40                     // people, so that nobody is there again at once
)

// BenchmarkFrameToPanel is what a person waits for the kiosk: from a frame
// with a badge that the camera hands over to the first byte on the panel's
// bus. It is the whole appliance in real time, with its judge in a process of
// its own; the glass alone is emulated, and its ink ten times as fast.
func BenchmarkFrameToPanel(b *testing.B) {
	c, _ := installed(b)
	var shots [][]byte
	dice := rand.New(rand.NewPCG(7, 8))
	for n := range passing {
		say(b, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", fmt.Sprint("Welding ", n), "--from", "2026-01-01", "--out", "one.jwt")
		code, err := qr.New(contents(b, "one.jwt"), qr.Low)
		must(b, err)
		shots = append(shots, shot(code, dice))
	}
	for _, panel := range []string{"epd-2in13-v4", "epd-7in5-v2"} {
		b.Run(panel, func(b *testing.B) {
			c.Panel.Name = panel
			waits := paced(b, c, shots)
			slices.Sort(waits)
			for name, at := range map[string]int{"p50-ms": 50, "p95-ms": 95} {
				b.ReportMetric(float64(waits[(len(waits)-1)*at/100].Microseconds())/1000, name)
			}
			b.ReportMetric(0, "ns/op") // mostly the time between two people
		})
	}
}

// paced shows badges to a kiosk one after the other, and returns how long
// each had to wait.
func paced(b *testing.B, c config, shots [][]byte) (waits []time.Duration) {
	kind, err := panelNamed(c.Panel.Name)
	must(b, err)
	g, err := glass.New(c.Panel.Name, glass.Options{Speed: 10})
	must(b, err)
	camera := &turnstile{badges: make(chan []byte), held: make([]byte, filmSize.X*filmSize.Y)}
	bus := &tappedBus{Panel: g, badge: &camera.handed}
	a := appliance{config: c, errs: io.Discard, log: newJournal(io.Discard), jail: asleep(b, c), board: board{
		openCamera: func(cameraConfig) (scanner.Camera, error) { return camera, nil },
		openPanel: func(panelConfig) (display.Panel, error) {
			return kind.connect(fourwire.Wires{Port: bus, DC: g.DC, Reset: g.Reset, Busy: g.Busy})
		}}}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- a.run(ctx) }()
	bus.rest(b)
	for b.Loop() {
		camera.badges <- shots[len(waits)%len(shots)]
		for end := time.Now().Add(patient); bus.first.Load() < camera.handed.Load(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				b.Fatalf("badge %d was not answered", len(waits))
			}
		}
		waits = append(waits, time.Duration(bus.first.Load()-camera.handed.Load()))
		bus.rest(b)
	}
	stop()
	must(b, <-ended)
	return waits
}

// A turnstile is a camera before which somebody stands until the next one
// comes.
type turnstile struct {
	badges chan []byte
	held   []byte
	handed atomic.Int64 // when the last badge was first handed over
}

func (s *turnstile) Next(ctx context.Context, f *scanner.Frame) error {
	another := false
	select {
	case <-ctx.Done():
		return ctx.Err()
	case s.held = <-s.badges:
		another = true
	case <-time.After(time.Second / pace):
	}
	f.Pix, f.Stride, f.Rect, f.At = append(f.Pix[:0], s.held...), filmSize.X, image.Rectangle{Max: filmSize}, time.Now()
	if another {
		s.handed.Store(f.At.UnixNano())
	}
	return nil
}

func (s *turnstile) Close() error { return nil }

// A tappedBus is a panel's bus, and when it first spoke since the last badge,
// and spoke last, by [time.Time.UnixNano].
type tappedBus struct {
	*glass.Panel
	badge       *atomic.Int64
	first, last atomic.Int64
}

func (t *tappedBus) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	c, err := t.Panel.Connect(f, mode, bits)
	return tap{c, t}, err
}

// rest waits until nothing has gone over the bus for a while.
func (t *tappedBus) rest(b *testing.B) {
	for end := time.Now().Add(patient); time.Now().UnixNano()-t.last.Load() < int64(atRest) || t.last.Load() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			b.Fatal("the bus never rests")
		}
	}
}

type tap struct {
	spi.Conn
	bus *tappedBus
}

func (t tap) Tx(w, r []byte) error {
	if t.bus.first.Load() < t.bus.badge.Load() {
		t.bus.first.Store(time.Now().UnixNano())
	}
	err := t.Conn.Tx(w, r)
	t.bus.last.Store(time.Now().UnixNano())
	return err
}

func (t tap) TxPackets([]spi.Packet) error { return fmt.Errorf("pace: packets are not tapped") }

func (t tap) MaxTxSize() int { return t.Conn.(conn.Limits).MaxTxSize() }
