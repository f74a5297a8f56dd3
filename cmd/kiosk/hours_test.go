package main

import (
	"io"
	"testing"
	"time"
)

// TestResetClock has a battery clock that said 2031, which is then what has
// certainly passed; with the PIN that is taken back, and holds after the power
// was off. Below the date of the bundle nobody can go.
func TestResetClock(t *testing.T) {
	c, _ := installed(t)
	start := func() *appliance {
		a := &appliance{config: c, errs: io.Discard, log: newJournal(io.Discard)}
		a.prepare()
		return a
	}
	a := start()
	lie := time.Now().AddDate(5, 0, 0)
	a.clock.Passed(lie)
	a.save(lie)
	if again := start(); again.clock.Moment().Earliest.Before(lie.Add(-time.Minute)) {
		t.Fatal("the record of the card is not believed")
	}
	must(t, a.resetClock())
	for _, a := range []*appliance{a, start()} {
		if m := a.clock.Moment(); m.Earliest.After(time.Now().Add(time.Hour)) || m.Earliest.Before(a.trust.Issued) {
			t.Errorf("after taking it back the clock says %v to %v, the bundle is of %v", m.Earliest, m.Latest, a.trust.Issued)
		}
	}
	must(t, a.clock.SetDay(time.Now()))
	nobody := appliance{belief: a.belief, clock: a.clock}
	nobody.store = nil
	must(t, nobody.resetClock())
}
