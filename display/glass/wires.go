package glass

import (
	"errors"
	"time"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/pin"
	"periph.io/x/conn/v3/spi"
)

// maxTx is what Linux's spidev takes at once, unless told otherwise.
const maxTx = 4096

// perTransfer is about what one transfer costs the kernel besides its bits.
const perTransfer = 20 * time.Microsecond

// String implements [spi.Port].
func (p *Panel) String() string { return "glass" }

// Connect implements [spi.Port].
func (p *Panel) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f > p.model.clock || f == 0 {
		p.fault("clock of %s, the controller takes %s", f, p.model.clock)
	}
	if mode&spi.Mode3 != spi.Mode0 || mode&spi.LSBFirst != 0 || bits != 8 {
		p.fault("SPI %s with %d bits", mode, bits)
	}
	return &link{p, f}, nil
}

// A link is the bus once its clock is set.
type link struct {
	*Panel
	clock physic.Frequency
}

// Duplex implements [conn.Conn].
func (l *link) Duplex() conn.Duplex { return conn.Half }

// MaxTxSize implements [conn.Limits].
func (l *link) MaxTxSize() int { return maxTx }

// TxPackets implements [spi.Conn].
func (l *link) TxPackets(packets []spi.Packet) error {
	for _, p := range packets {
		if err := l.Tx(p.W, p.R); err != nil {
			return err
		}
	}
	return nil
}

// Tx implements [conn.Conn]: it takes as long as the bits need.
func (l *link) Tx(w, r []byte) error {
	bits := time.Duration(len(w)) * 8
	time.Sleep(time.Duration(float64(bits*l.clock.Period()+perTransfer) / l.speed))
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(w) > maxTx {
		l.fault("transfer of %d bytes, spidev takes %d", len(w), maxTx)
	}
	if len(r) > 0 {
		l.fault("read of %d bytes from a panel without MISO", len(r))
	}
	w, err := l.broken.transfer(l.Panel, w)
	if err != nil || len(w) == 0 {
		return err
	}
	l.receive(w)
	return nil
}

func (p *Panel) receive(w []byte) {
	switch {
	case p.chip.asleep():
		p.fault("%d bytes in deep sleep", len(w))
		return
	case p.busy():
		p.fault("%d bytes while busy for another %v", len(w), time.Until(p.clock.until).Round(time.Millisecond))
		return
	}
	if p.DC.level == gpio.High {
		p.chip.data(w)
		return
	}
	if p.model.wide {
		w = p.chip.(*mipi).unwiden(w)
	}
	for _, op := range w {
		if p.clock.begun {
			p.chip.finish()
		}
		p.clock.op, p.clock.begun = op, true
		p.chip.command(op)
	}
}

// Out is a wire from the computer to the panel.
type Out struct {
	panel *Panel
	name  string
	level gpio.Level
	since time.Time
}

var _ gpio.PinOut = (*Out)(nil)

// Limits of the reset pulse: shorter is not seen, longer takes the power from
// boards that share the wire with it.
const (
	resetMin = 100 * time.Microsecond
	resetMax = 50 * time.Millisecond
)

// Out sets the wire's level.
func (o *Out) Out(l gpio.Level) error {
	p := o.panel
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken.unplugged {
		o.level = l
		return nil
	}
	if o == p.Reset && l == gpio.High && o.level == gpio.Low && !o.since.IsZero() {
		if low := time.Since(o.since); low < resetMin || low > resetMax {
			p.fault("reset pulse of %v", low)
		}
		p.halt()
		p.chip.reset()
		p.work(2 * time.Millisecond)
	}
	if l != o.level || o.since.IsZero() {
		o.since = time.Now()
	}
	o.level = l
	return nil
}

// PWM is not emulated.
func (o *Out) PWM(gpio.Duty, physic.Frequency) error { return errors.New("glass: no PWM") }

// String, Name, Number, Function and Halt implement [pin.Pin].
func (o *Out) String() string   { return o.name }
func (o *Out) Name() string     { return o.name }
func (o *Out) Number() int      { return -1 }
func (o *Out) Function() string { return "Out" }
func (o *Out) Halt() error      { return nil }

// In is the panel's BUSY wire.
type In struct{ panel *Panel }

var (
	_ gpio.PinIn = (*In)(nil)
	_ pin.Pin    = (*In)(nil)
)

// Read is the wire's level now.
func (i *In) Read() gpio.Level {
	p := i.panel
	p.mu.Lock()
	defer p.mu.Unlock()
	if l, stuck := p.broken.busy(); stuck {
		return l
	}
	busy := p.busy() || p.clock.unseen || p.chip.asleep()
	p.clock.unseen = false
	return gpio.Level(busy == bool(p.model.busyLevel))
}

// In, WaitForEdge, Pull and DefaultPull implement [gpio.PinIn]; there are no
// edges.
func (i *In) In(gpio.Pull, gpio.Edge) error { return nil }
func (i *In) WaitForEdge(d time.Duration) bool {
	time.Sleep(max(d, 0))
	return false
}
func (i *In) Pull() gpio.Pull        { return gpio.PullDown }
func (i *In) DefaultPull() gpio.Pull { return gpio.PullDown }

// String, Name, Number, Function and Halt implement [pin.Pin].
func (i *In) String() string   { return "BUSY" }
func (i *In) Name() string     { return "BUSY" }
func (i *In) Number() int      { return -1 }
func (i *In) Function() string { return "In" }
func (i *In) Halt() error      { return nil }
