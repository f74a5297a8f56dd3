package signal

import (
	"sync"
	"time"
)

// A player plays scores, one at a time, on one instrument: lamp or buzzer.
type player[T comparable] struct {
	set func(T)
	// swing, where not nil, is the half period at which a sound is made by
	// switching between what it is and nothing.
	swing func(T) time.Duration

	wake  chan struct{} // something below changed
	mu    sync.Mutex
	score score[T]
	fresh bool
	muted bool
}

func newPlayer[T comparable](set func(T), swing func(T) time.Duration) *player[T] {
	return &player[T]{set: set, swing: swing, wake: make(chan struct{}, 1)}
}

// play begins another score; nil is nothing.
func (p *player[T]) play(s score[T]) {
	p.mu.Lock()
	p.score, p.fresh = s, true
	p.mu.Unlock()
	p.hurry()
}

// mute leaves out everything there is to play while on.
func (p *player[T]) mute(on bool) {
	p.mu.Lock()
	p.muted = on
	p.mu.Unlock()
	p.hurry()
}

// hurry makes the player look again at the step it is at.
func (p *player[T]) hurry() {
	select {
	case p.wake <- struct{}{}:
	default: // it has not looked yet
	}
}

// take is the score to begin, if there is one that was not begun, and whether
// the player is muted.
func (p *player[T]) take() (s score[T], fresh, muted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, fresh = p.score, p.fresh
	p.fresh = false
	return s, fresh, p.muted
}

// run plays until stop is closed, and then leaves the instrument silent.
func (p *player[T]) run(stop <-chan struct{}) {
	var nothing T
	var now score[T]
	defer p.set(nothing)
	for i := 0; ; i++ {
		s, more := step[T]{}, false
		if now != nil {
			s, more = now(i)
		}
		if !more {
			now, s.what = nil, nothing
		}
		next, ok := p.hold(stop, s, func() time.Duration {
			if now == nil {
				return 0
			}
			same, _ := now(i)
			return same.lasts
		})
		if !ok {
			return
		}
		if next != nil {
			now, i = *next, -1
		}
	}
}

// hold keeps one step until its time is over, which lasts says anew whenever
// the player is woken; 0 is for ever. It returns the score that came instead,
// and false when the player is to stop.
func (p *player[T]) hold(stop <-chan struct{}, s step[T], lasts func() time.Duration) (instead *score[T], ok bool) {
	var nothing T
	began := time.Now()
	on, first, last := true, true, nothing
	for {
		fresh, is, muted := p.take()
		if is {
			return &fresh, true
		}
		what := s.what
		if muted || !on {
			what = nothing
		}
		if first || what != last {
			p.set(what)
			first, last = false, what
		}
		left, endless := lasts(), false
		if endless = left == 0; !endless {
			if left -= time.Since(began); left <= 0 {
				return nil, true
			}
		}
		tick := left
		if p.swing != nil && s.what != nothing && !muted {
			if half := p.swing(s.what); endless || half < left {
				tick, endless, on = half, false, !on
			}
		}
		if !p.wait(stop, tick, endless) {
			return nil, false
		}
	}
}

// wait ends after d, or for ever, when the player is woken, or with false to
// stop.
func (p *player[T]) wait(stop <-chan struct{}, d time.Duration, endless bool) bool {
	var over <-chan time.Time
	if !endless {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-stop:
		return false
	case <-p.wake:
	case <-over:
	}
	return true
}
