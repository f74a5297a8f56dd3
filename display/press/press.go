// Package press is what a person can press on a kiosk: up to three buttons on
// GPIO lines, and the glass itself where it feels touch.
package press

import (
	"context"
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// A Button is what a press means.
type Button int

// The buttons. On a touch screen the right half is Next, the left half Back,
// and a finger that stays for [Hold] is Menu.
const (
	Next Button = iota
	Back
	Menu
)

func (b Button) String() string { return [...]string{"next", "back", "menu"}[b] }

// A Press is a button going down or up again.
type Press struct {
	Button Button
	Down   bool
	At     time.Time
}

// Wiring is what there is to press. What is nil or false is not there.
type Wiring struct {
	// Next, Back and Menu are lines that a button joins to ground.
	Next, Back, Menu gpio.PinIn
	// Touch takes every touch screen that is plugged in, now or later.
	Touch bool
	// Turn is how far the glass is turned clockwise from the way it was made,
	// in degrees: 0, 90, 180, 270.
	Turn int
}

// Presses are what people press. It never waits for its reader: when [waiting]
// presses were not taken, the oldest are forgotten.
type Presses struct {
	// C is closed by Close.
	C <-chan Press

	out  chan Press
	mu   sync.Mutex // only one at a time makes room in out
	stop context.CancelFunc
	done sync.WaitGroup
}

// waiting is how many presses are kept for a reader that is busy.
const waiting = 32

// Open begins to listen. Its error is of a line that cannot be read; the
// other lines are then not listened to either.
func Open(w Wiring) (*Presses, error) {
	keys, err := connect(w)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &Presses{out: make(chan Press, waiting), stop: stop}
	p.C = p.out
	if len(keys) > 0 {
		p.done.Go(func() { watch(ctx, keys, p.send) })
	}
	if w.Touch {
		p.done.Go(func() { newScreens(w.Turn, p.send).watch(ctx) })
	}
	return p, nil
}

// send hands on a press, and forgets the oldest if nobody takes them.
func (p *Presses) send(one Press) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		select {
		case p.out <- one:
			return
		default:
		}
		select {
		case <-p.out:
		default:
		}
	}
}

// Close stops listening.
func (p *Presses) Close() error {
	p.stop()
	p.done.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil {
		close(p.out)
		p.out = nil
	}
	return nil
}

// How buttons are read.
const (
	poll    = 10 * time.Millisecond
	settled = 30 * time.Millisecond // how long a contact bounces at most
)

// A key is one button's line, and what is known of it.
type key struct {
	button Button
	pin    gpio.PinIn
	down   bool // as last told
	seen   bool // as last read
	since  time.Time
}

// connect makes the lines inputs that are high while nobody presses.
func connect(w Wiring) (keys []*key, err error) {
	for b, pin := range []gpio.PinIn{Next: w.Next, Back: w.Back, Menu: w.Menu} {
		if pin == nil {
			continue
		}
		if err := pin.In(gpio.PullUp, gpio.NoEdge); err != nil {
			return nil, fmt.Errorf("the line of button %s cannot be read; look whether something else holds it: %w", Button(b), err)
		}
		keys = append(keys, &key{button: Button(b), pin: pin})
	}
	return keys, nil
}

// watch reads the lines until ctx ends. Edges are not waited for: a wait
// cannot be ended, and a bouncing contact has many.
func watch(ctx context.Context, keys []*key, send func(Press)) {
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now := time.Now()
		for _, k := range keys {
			if k.look(now) {
				send(Press{k.button, k.down, now})
			}
		}
	}
}

// look reads the line, and tells whether the button went down or up: it has
// then been so for [settled].
func (k *key) look(now time.Time) bool {
	if down := k.pin.Read() == gpio.Low; down != k.seen {
		k.seen, k.since = down, now
	}
	if k.seen == k.down || now.Sub(k.since) < settled {
		return false
	}
	k.down = k.seen
	return true
}
