// Package signal tells people of a verdict without the glass: by a light, by
// a buzzer and by a voice.
//
// Each sign has a light of its own, in colour and in rhythm, and a tone of its
// own, in pitch and in rhythm, so that neither who sees no red nor who hears
// no pitch takes one for another. No light flashes more than three times in
// any second (WCAG 2.2, success criterion 2.3.1).
package signal

import (
	"context"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// A Sign is one thing to be told.
type Sign int

// The signs. A sign stays until the next; Read, Warn and Done end by
// themselves.
const (
	Idle        Sign = iota // dark and silent
	Verified                // green, steady; one rising beep
	Check                   // amber, two flashes and a pause; two beeps
	NotVerified             // red, on as long as off; one low beep
	CannotTell              // blue, a short flash now and then; two low beeps
	Demo                    // white, three flashes and a pause; silent
	Read                    // a code was read, its verdict is to come: a click
	Warn                    // the result leaves in five seconds: a tick each second
	Fault                   // the kiosk needs help: red, short and long; low, long and short
	Done                    // what was asked for is done: three quick beeps
)

// A Pin is a line that can be set. Those of periph are.
type Pin interface {
	Out(gpio.Level) error
}

// Wiring is what a kiosk can signal with. What is nil is not there.
type Wiring struct {
	// Red, Green and Blue are one lamp of three colours. Red and Green alone
	// are two lamps, both lit where a sign wants another colour; a single lamp
	// serves for every colour, by rhythm.
	Red, Green, Blue Pin
	// Inverted lamps light when their line is low (common anode).
	Inverted bool
	// Buzzer sounds while its line is high; a Tonal one has no tone of its
	// own and is given one by switching the line.
	Buzzer Pin
	Tonal  bool
	// Voice speaks.
	Voice Voice
}

// Signals are a kiosk's lights, buzzer and voice. No method blocks, and a nil
// *Signals does nothing. It serves any number of goroutines.
type Signals struct {
	lamp   *player[colour]
	buzzer *player[pitch]
	voice  *speaker
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu    sync.Mutex
	sign  Sign
	near  bool // pulsing, as a code is near
	level nearness
	fault error
}

// New starts what w has, dark and silent.
func New(w Wiring) *Signals {
	ctx, stop := context.WithCancel(context.Background())
	s := &Signals{stop: stop}
	l := lamps{w.Red, w.Green, w.Blue, w.Inverted}
	s.lamp = newPlayer(func(c colour) { s.note(l.set(c)) }, nil)
	s.buzzer = newPlayer(func(p pitch) { s.note(sound(w.Buzzer, p)) }, nil)
	if w.Buzzer != nil && w.Tonal {
		s.buzzer.swing = func(p pitch) time.Duration { return p.half() }
	}
	s.voice = newSpeaker(w.Voice, s.note)
	s.done.Go(func() { s.lamp.run(ctx.Done()) })
	s.done.Go(func() { s.buzzer.run(ctx.Done()) })
	s.done.Go(func() { s.voice.run(ctx) })
	return s
}

// Show gives a sign, in place of the one before.
func (s *Signals) Show(sign Sign) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sign < 0 || int(sign) >= len(signs) {
		sign = Fault
	}
	s.sign, s.near = sign, false
	s.lamp.play(signs[sign].light)
	s.buzzer.play(signs[sign].tone)
}

// Near says how near a code in front of the camera is to being read, from 0,
// nothing there, to 1, as good as read: the lamp flashes and the buzzer ticks
// the faster. It is heeded at once, while no verdict nor fault is told, and
// forgotten after [Stale].
func (s *Signals) Near(x float64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// NaN, too, is nothing there.
	heeded := s.sign == Idle || s.sign == Read || s.sign == Done
	if !heeded || !(x > 0) {
		if s.near {
			s.near = false
			s.lamp.play(nil)
			s.buzzer.play(nil)
		}
		return
	}
	s.level.set(x, time.Now())
	if s.near {
		s.lamp.hurry()
		s.buzzer.hurry()
		return
	}
	s.near = true
	s.lamp.play(pulse(&s.level, colour(white), flashLasts))
	s.buzzer.play(pulse(&s.level, tickPitch, tickLasts))
}

// Say speaks a line, in place of one that is being spoken.
func (s *Signals) Say(l Line) {
	if s != nil {
		s.voice.say(l)
	}
}

// Speaks tells whether there is a voice.
func (s *Signals) Speaks() bool { return s != nil && s.voice.voice != nil }

// Hush keeps buzzer and voice silent while on, for quiet hours. The lamp
// still tells.
func (s *Signals) Hush(on bool) {
	if s != nil {
		s.buzzer.mute(on)
		s.voice.mute(on)
	}
}

// Err is the first fault of a line or of the voice since it was last asked
// for, nil if there was none.
func (s *Signals) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.fault
	s.fault = nil
	return err
}

func (s *Signals) note(err error) {
	if err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		s.fault = err
	}
}

// Close leaves everything dark and silent.
func (s *Signals) Close() error {
	if s == nil {
		return nil
	}
	s.stop()
	s.done.Wait()
	return s.Err()
}
