package glass

import (
	"periph.io/x/conn/v3/gpio"
)

// A breakage is what has gone wrong with the hardware.
type breakage struct {
	stuck     *gpio.Level
	unplugged bool
	eio       error
	after     int // transfers until eio
	brownOut  int // bytes until power fails, 0 is never
}

// StickBusy holds the BUSY wire at a level, as a broken ribbon or a short
// does; Heal ends it.
func (p *Panel) StickBusy(l gpio.Level) { p.breakWith(func(b *breakage) { b.stuck = &l }) }

// Unplug pulls the ribbon: bytes and levels reach nothing, BUSY floats to the
// level of its pull-down.
func (p *Panel) Unplug() { p.breakWith(func(b *breakage) { b.unplugged = true }) }

// FailTx lets n more transfers pass, then fails them with err.
func (p *Panel) FailTx(n int, err error) { p.breakWith(func(b *breakage) { b.after, b.eio = n, err }) }

// BrownOut cuts the power for a moment, once n more bytes have come, or now if
// n is 0: the controller forgets everything and comes back as it wakes from
// power-on, and a refresh stops where it is. No wire tells of it.
func (p *Panel) BrownOut(n int) {
	p.breakWith(func(b *breakage) {
		if b.brownOut = n; n == 0 {
			p.wakeUp()
		}
	})
}

// wakeUp is what power that comes does to the controller.
func (p *Panel) wakeUp() {
	p.halt()
	p.chip = p.model.build(p)
}

// Heal ends every breakage.
func (p *Panel) Heal() { p.breakWith(func(b *breakage) { *b = breakage{} }) }

func (p *Panel) breakWith(f func(*breakage)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.broken)
}

// transfer says how much of w reaches the controller.
func (b *breakage) transfer(p *Panel, w []byte) ([]byte, error) {
	if b.unplugged {
		return nil, nil
	}
	if b.eio != nil {
		if b.after == 0 {
			return nil, b.eio
		}
		b.after--
	}
	if b.brownOut > 0 {
		if b.brownOut -= len(w); b.brownOut <= 0 {
			b.brownOut = 0
			p.wakeUp()
			return nil, nil
		}
	}
	return w, nil
}

func (b *breakage) busy() (gpio.Level, bool) {
	if b.stuck != nil {
		return *b.stuck, true
	}
	return gpio.Low, b.unplugged
}
