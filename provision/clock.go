package provision

import (
	"fmt"
	"sync"
	"time"

	"badgekiosk/verify"
)

// Bounds on what a clock may claim.
const (
	// Certainty is how far off a trusted clock may be.
	Certainty = 5 * time.Minute
	// MaxAhead is how far past the floor a clock may be believed to be: a
	// board that lay in a drawer for longer is asked what day it is.
	MaxAhead = 10 * 366 * 24 * time.Hour
	// SaveEvery is how often a running kiosk stores that time has passed.
	SaveEvery = 10 * time.Minute
)

// A Source is one that may say what time it is.
type Source int

// The sources, weakest first.
const (
	NoSource Source = iota
	Operator        // a person with the PIN, since this kiosk was started
	RTC             // a clock with a battery
	NTP             // the system's clock, while it says that the network set it
)

func (s Source) String() string {
	return [...]string{"not set", "set by hand", "battery clock", "network time"}[s]
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
	set    time.Time // the trusted instant,
	at     time.Time // and when it was set, by the monotonic clock
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
	up := time.Since(c.started)
	earliest := c.floor.Add(up)
	if c.source == NoSource {
		return verify.Moment{Earliest: earliest, Latest: earliest.Add(c.slack + up)}
	}
	now := c.set.Add(time.Since(c.at))
	m := verify.Moment{Earliest: now.Add(-Certainty), Latest: now.Add(Certainty), Set: true}
	if m.Earliest.Before(earliest) {
		m.Earliest = earliest
	}
	return m
}

// Source is what the clock trusts now.
func (c *Clock) Source() Source {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source
}

// Set tells the clock that source says it is t. It is not believed if it is
// before what has certainly passed, or absurdly far after it, or weaker than
// the source already trusted; the error says which, and the clock is as it
// was.
func (c *Clock) Set(source Source, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	floor := c.floor.Add(time.Since(c.started))
	switch {
	case source < c.source:
		return fmt.Errorf("the time is already known by %s", c.source)
	case t.Before(floor):
		return fmt.Errorf("%s says %s, but %s has certainly passed", source, t.UTC().Format(time.DateTime), floor.UTC().Format(time.DateTime))
	case t.After(floor.Add(MaxAhead)):
		return fmt.Errorf("%s says %s, which is more than ten years after %s", source, t.UTC().Format(time.DateTime), floor.UTC().Format(time.DateTime))
	}
	c.keep()
	c.source, c.set, c.at = source, t, time.Now()
	return nil
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
	passed := c.set.Add(time.Since(c.at) - Certainty - time.Since(c.started))
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
