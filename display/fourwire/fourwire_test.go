package fourwire

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"badgekiosk/display"
)

// A pin is a wire that stays as it was put.
type pin struct{ level gpio.Level }

func (p *pin) String() string                        { return "pin" }
func (p *pin) Name() string                          { return "pin" }
func (p *pin) Number() int                           { return 1 }
func (p *pin) Function() string                      { return "" }
func (p *pin) Halt() error                           { return nil }
func (p *pin) In(gpio.Pull, gpio.Edge) error         { return nil }
func (p *pin) Read() gpio.Level                      { return p.level }
func (p *pin) WaitForEdge(time.Duration) bool        { return false }
func (p *pin) Pull() gpio.Pull                       { return gpio.Float }
func (p *pin) DefaultPull() gpio.Pull                { return gpio.Float }
func (p *pin) Out(l gpio.Level) error                { p.level = l; return nil }
func (p *pin) PWM(gpio.Duty, physic.Frequency) error { return errors.New("no PWM") }

// A tape is a bus that notes what is sent and where DC stood.
type tape struct {
	dc   *pin
	most int
	sent []string
	err  error
}

func (t *tape) String() string                                            { return "tape" }
func (t *tape) Connect(physic.Frequency, spi.Mode, int) (spi.Conn, error) { return t, t.err }
func (t *tape) Duplex() conn.Duplex                                       { return conn.Half }
func (t *tape) TxPackets([]spi.Packet) error                              { return errors.New("not used") }
func (t *tape) MaxTxSize() int                                            { return t.most }
func (t *tape) Tx(w, _ []byte) error {
	kind := "c"
	if t.dc.Read() == gpio.High {
		kind = "d"
	}
	t.sent = append(t.sent, kind+string(bytes.Clone(w)))
	return t.err
}

func newTape(most int) (*tape, Wires) {
	t := &tape{dc: &pin{}, most: most}
	return t, Wires{Port: t, DC: t.dc, Reset: &pin{}, Busy: &pin{}}
}

// Commands go with DC low, their bytes with DC high, no more at once than the
// bus takes.
func TestCommand(t *testing.T) {
	tp, w := newTape(3)
	b, err := Connect("chip", w, physic.MegaHertz, gpio.High)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Command('A', 'x', 'y', 'z', 'w'); err != nil {
		t.Fatal(err)
	}
	b.Wide = true
	if err := b.Command('B', 'q'); err != nil {
		t.Fatal(err)
	}
	want := []string{"cA", "dxyz", "dw", "c\x00B", "d\x00q"}
	if len(tp.sent) != len(want) {
		t.Fatalf("sent %q, want %q", tp.sent, want)
	}
	for i := range want {
		if tp.sent[i] != want[i] {
			t.Errorf("transfer %d is %q, want %q", i, tp.sent[i], want[i])
		}
	}
	tp.err = errors.New("EIO")
	if err := b.Command('C'); !errors.Is(err, display.ErrBus) || !errors.Is(err, tp.err) {
		t.Errorf("a dead bus: %v", err)
	}
	if _, err := Connect("chip", w, physic.MegaHertz, gpio.High); !errors.Is(err, display.ErrBus) {
		t.Errorf("a bus that does not open: %v", err)
	}
}

// Every wait ends: with the level, with its limit, or with the context.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w := newTape(4096)
		busy := w.Busy.(*pin)
		b, err := Connect("chip", w, physic.MegaHertz, gpio.High)
		if err != nil {
			t.Fatal(err)
		}
		busy.level = gpio.High
		if err := b.Idle(t.Context(), "test", time.Second); !errors.Is(err, display.ErrBusyTimeout) {
			t.Errorf("busy for ever: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if err := b.Idle(short, "test", time.Hour); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, display.ErrBusyTimeout) {
			t.Errorf("busy past the deadline: %v", err)
		}
		if took := time.Since(start); took > 110*time.Millisecond {
			t.Errorf("waited %v beyond the deadline", took)
		}
		if err := b.Started(t.Context(), "test", time.Second); err != nil {
			t.Errorf("busy at once: %v", err)
		}
		busy.level = gpio.Low
		if err := b.Started(t.Context(), "test", time.Second); !errors.Is(err, display.ErrNeverBusy) {
			t.Errorf("never busy: %v", err)
		}
		if err := b.Light(true); err != nil {
			t.Errorf("a panel without a light: %v", err)
		}
	})
}

// Who is asleep for longer than the limit, because others have the processor,
// looks once more before it says that the panel does not answer.
func TestWaitsWhenLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w := newTape(4096)
		w.Busy = &sleeper{}
		b, err := Connect("chip", w, physic.MegaHertz, gpio.High)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Started(t.Context(), "test", 200*time.Millisecond); err != nil {
			t.Errorf("busy when it is looked at next: %v", err)
		}
	})
}

// A sleeper is a line that takes a second to be read, and is high the next
// time.
type sleeper struct{ pin }

func (s *sleeper) Read() gpio.Level {
	defer func() { s.level = gpio.High }()
	if s.level == gpio.Low {
		time.Sleep(time.Second)
	}
	return s.level
}
