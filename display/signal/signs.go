package signal

import (
	"math"
	"sync/atomic"
	"time"
)

// A step is one colour or one pitch for a while.
type step[T any] struct {
	what  T
	lasts time.Duration // 0: until something else is played
}

// A score gives the steps of a sign in turn, and false after the last.
type score[T any] func(i int) (step[T], bool)

func once[T any](steps ...step[T]) score[T] {
	return func(i int) (s step[T], more bool) {
		if i < len(steps) {
			return steps[i], true
		}
		return s, false
	}
}

func again[T any](steps ...step[T]) score[T] {
	return func(i int) (step[T], bool) { return steps[i%len(steps)], true }
}

func lit(c colour, ms int) step[colour] { return step[colour]{c, time.Duration(ms) * time.Millisecond} }
func dark(ms int) step[colour]          { return lit(0, ms) }
func tone(hz pitch, ms int) step[pitch] { return step[pitch]{hz, time.Duration(ms) * time.Millisecond} }
func quiet(ms int) step[pitch]          { return tone(0, ms) }

// signs are the light and the tone of each.
var signs = [...]struct {
	light score[colour]
	tone  score[pitch]
}{
	Idle:        {},
	Verified:    {again(lit(green, 0)), once(tone(880, 120), tone(1175, 120), tone(1568, 200))},
	Check:       {again(lit(amber, 200), dark(200), lit(amber, 200), dark(900)), once(tone(988, 150), quiet(100), tone(988, 150))},
	NotVerified: {again(lit(red, 600), dark(600)), once(tone(196, 700))},
	CannotTell:  {again(lit(blue, 200), dark(1600)), once(tone(262, 350), quiet(150), tone(262, 350))},
	Demo:        {light: again(lit(white, 200), dark(200), lit(white, 200), dark(200), lit(white, 200), dark(1200))},
	Read:        {once(lit(white, 100)), once(tone(2093, 30))},
	Warn:        {again(lit(white, 800), dark(200)), once(ticks()...)},
	Fault:       {again(lit(red, 200), dark(200), lit(red, 1000), dark(1000)), once(tone(147, 900), quiet(150), tone(147, 200))},
	Done:        {once(lit(green, 400)), once(tone(1568, 60), quiet(60), tone(1568, 60), quiet(60), tone(2093, 60))},
}

// ticks count the last five seconds of a result.
func ticks() (out []step[pitch]) {
	for range 5 {
		out = append(out, tone(1319, 40), quiet(960))
	}
	return out
}

// How a code that comes nearer is told.
const (
	// Stale is how long a nearness counts after it was said: a camera that
	// stopped must not go on promising.
	Stale = time.Second

	slowest    = 1200 * time.Millisecond // from flash to flash, for a code far away
	quickest   = 350 * time.Millisecond  // for one as good as read; under three a second
	flashLasts = 80 * time.Millisecond
	tickLasts  = 8 * time.Millisecond
	tickPitch  = pitch(1760)
)

// nearness is how near a code is, and when that was said.
type nearness struct {
	bits atomic.Uint64
	said atomic.Int64 // nanoseconds since epoch
}

// epoch is any instant: what counts is the monotonic time since.
var epoch = time.Now()

func (n *nearness) set(x float64, now time.Time) {
	n.bits.Store(math.Float64bits(min(x, 1)))
	n.said.Store(int64(now.Sub(epoch)))
}

func (n *nearness) stale() bool { return time.Since(epoch)-time.Duration(n.said.Load()) > Stale }

// every is the time from one flash to the next.
func (n *nearness) every() time.Duration {
	x := math.Float64frombits(n.bits.Load())
	return slowest - time.Duration(x*float64(slowest-quickest))
}

// pulse is what, for lasts, over and over, at the pace of n, and nothing while
// n is stale. The player asks for a step's length again when n changes.
func pulse[T any](n *nearness, what T, lasts time.Duration) score[T] {
	return func(i int) (s step[T], more bool) {
		switch {
		case i%2 == 0:
			return step[T]{what, lasts}, true
		case n.stale():
			return s, true
		}
		return step[T]{lasts: n.every() - lasts}, true
	}
}
