package provision

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"badgekiosk/verify"
)

// Bounds on what a clock may claim.
const (
	// Certainty is how far off a trusted clock may be.
	Certainty = 5 * time.Minute
	// Drift is how far a clock may be behind one that was believed before it
	// and still be the better one. Further back it contradicts it.
	Drift = 24 * time.Hour
	// MaxAhead is how far past the floor a clock may be believed to be: a
	// board that lay in a drawer for longer is asked what day it is.
	MaxAhead = 10 * 366 * 24 * time.Hour
	// SaveEvery is how often a running kiosk stores that time has passed.
	SaveEvery = 10 * time.Minute

	// A day begins first 14 hours before it does in Greenwich, and ends last
	// 12 hours after: a kiosk knows no time zone.
	dayBegins = -14 * time.Hour
	dayEnds   = 36 * time.Hour
)

// A Source is one that may say what time it is.
type Source int

// The sources, weakest first. A person with the PIN can set a battery clock
// right that is wrong, never the network.
const (
	NoSource Source = iota
	RTC             // a clock with a battery
	Operator        // a person with the PIN, since this kiosk was started
	NTP             // the system's clock, while it says that the network set it
)

// String is the source in words, for the operator.
func (s Source) String() string {
	return [...]string{"not set", "battery clock", "set by hand", "network time"}[s]
}

// A Clock is what a kiosk knows of the time: never an instant, always an
// interval that the true time lies in, as long as its sources are honest.
//
// Only what the kiosk's own administrators sign or do moves it: no date in a
// credential or a status list ever does.
type Clock struct {
	mu      sync.Mutex
	floor   time.Time // had certainly passed when the clock was made
	started time.Time // carries the monotonic reading
	slack   time.Duration

	source Source
	set    time.Time     // the trusted instant,
	at     time.Time     // when it was set, by the monotonic clock,
	doubt  time.Duration // and how far off it may be
}

// NewClock is a clock that knows no more than the latest of floors has passed:
// the build's date, the issue dates of accepted bundles, the store's record.
// slack is the policy's clockSlackDays.
func NewClock(slack time.Duration, floors ...time.Time) *Clock {
	c := &Clock{started: time.Now(), slack: slack}
	for _, f := range floors {
		if f.After(c.floor) {
			c.floor = f
		}
	}
	return c
}

// Moment is what is known of the time now.
func (c *Clock) Moment() verify.Moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moment()
}

func (c *Clock) moment() verify.Moment {
	up := time.Since(c.started)
	earliest := c.floor.Add(up)
	now := c.set.Add(time.Since(c.at))
	m := verify.Moment{Earliest: now.Add(-c.doubt), Latest: now.Add(c.doubt), Set: true}
	switch {
	case c.source == NoSource, m.Latest.Add(Drift).Before(earliest): // or it is behind what was signed
		return verify.Moment{Earliest: earliest, Latest: earliest.Add(c.slack + up)}
	case m.Earliest.Before(earliest):
		m.Earliest = earliest
	}
	if m.Latest.Before(m.Earliest) { // the clock before was ahead, by a Drift at most
		m.Latest = m.Earliest
	}
	return m
}

// Source is what the clock trusts now.
func (c *Clock) Source() Source {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source
}

// Set tells the clock that source says it is t, give or take [Certainty]. It
// is not believed if it is before what has certainly passed, or more than
// [Drift] before what the source already trusted says has passed, or absurdly
// far after it, or weaker than that source; the error says which, and the clock
// is as it was.
func (c *Clock) Set(source Source, t time.Time) error { return c.SetWithin(source, t, Certainty) }

// SetWithin is Set of a source that may be off by doubt. A weaker source that
// agrees with a stronger one, and knows it more exactly, is believed too: a
// battery clock that shows the day that a person named.
func (c *Clock) SetWithin(source Source, t time.Time, doubt time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	floor := c.floor.Add(time.Since(c.started))
	latest := t
	if doubt > Certainty {
		latest = t.Add(doubt)
	}
	now := c.moment()
	agrees := doubt < c.doubt && !t.Before(now.Earliest) && !t.After(now.Latest)
	switch {
	case source < c.source && !agrees:
		return fmt.Errorf("the time is already known: %s", c.source)
	case now.Set && latest.Before(now.Earliest.Add(-Drift)):
		return fmt.Errorf("%s: %s, but the %s said that %s has passed", source, t.UTC().Format(time.DateTime), c.source, now.Earliest.UTC().Format(time.DateTime))
	case latest.Before(floor):
		return fmt.Errorf("%s: %s, but %s has certainly passed", source, t.UTC().Format(time.DateTime), floor.UTC().Format(time.DateTime))
	case t.After(floor.Add(MaxAhead)):
		return fmt.Errorf("%s: %s, which is more than ten years after %s", source, t.UTC().Format(time.DateTime), floor.UTC().Format(time.DateTime))
	}
	c.keep()
	c.source, c.set, c.at, c.doubt = source, t, time.Now(), doubt
	return nil
}

// SetDay tells the clock that a person with the PIN says what day it is, by
// the calendar on their wall: it may be any hour of that day, anywhere on
// Earth. Errors are as for [Clock.Set].
func (c *Clock) SetDay(day time.Time) error {
	const half = (dayEnds - dayBegins) / 2
	return c.SetWithin(Operator, DayEnds(day).Add(-half), half)
}

// DayEnds is when a day of the calendar is over everywhere on Earth.
func DayEnds(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Add(dayEnds)
}

// Reset forgets what unsigned sources said: the battery clock, the record on
// the card, a person's mistake. signed is the latest instant that is signed to
// have passed: the build's date, the bundle's. It takes the PIN and a second
// question, and [Store.ResetTime] with it; the day is set afterwards.
func (c *Clock) Reset(signed time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.floor, c.started, c.source = signed, time.Now(), NoSource
}

// Lose forgets a source that has gone: the battery clock failed, the network
// no longer vouches. What has passed has passed.
func (c *Clock) Lose(source Source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.source != source {
		return
	}
	c.keep()
	c.source = NoSource
}

// keep raises the floor to what the trusted source said had passed.
func (c *Clock) keep() {
	passed := c.set.Add(time.Since(c.at) - c.doubt - time.Since(c.started))
	if c.source != NoSource && passed.After(c.floor) {
		c.floor = passed
	}
}

// Passed raises the floor: a bundle was accepted that was issued at t.
func (c *Clock) Passed(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since := t.Add(-time.Since(c.started)); since.After(c.floor) {
		c.floor = since
	}
}

// ErrNothingToTeach says that a clock knows no better than its battery clock.
var ErrNothingToTeach = errors.New("the battery clock is as right as this kiosk is")

// Teach sets the battery clock by what a person or the network said, and notes
// in the store how far off it may be since: the day's doubt does not vanish
// with the power. write is [WriteRTC].
func (c *Clock) Teach(s *Store, write func(time.Time) error) error {
	c.mu.Lock()
	source, now, doubt := c.source, c.set.Add(time.Since(c.at)), c.doubt
	c.mu.Unlock()
	if source != Operator && source != NTP {
		return ErrNothingToTeach
	}
	if err := s.rtcWithin(doubt); err != nil { // first: a doubt too many does no harm
		return err
	}
	return write(now)
}

// Ask asks the clocks that the board may have, read by [ReadNTP] and
// [ReadRTC]. The error says which has a time that is not believed; a board
// without clocks is no error.
func (c *Clock) Ask(s *Store, ntp, rtc func() (time.Time, error)) error {
	var faults error
	if t, err := ntp(); err == nil {
		faults = c.Set(NTP, t)
	} else {
		c.Lose(NTP)
	}
	t, err := rtc()
	switch {
	case err != nil:
		c.Lose(RTC)
	case c.Source() < NTP:
		faults = errors.Join(faults, c.SetWithin(RTC, t, s.rtcDoubt()))
	}
	return faults
}
