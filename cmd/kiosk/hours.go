package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"
	_ "time/tzdata" // a card of our own has no list of time zones

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/provision"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// newClock knows what has certainly passed, and asks the clocks there are.
func (a *appliance) newClock() {
	floors := []time.Time{buildDate(), a.trust.Issued}
	if a.store != nil {
		floors = append(floors, a.store.State().Time)
	}
	slack := a.trust.Policy.ClockSlack
	if slack == 0 {
		slack = trust.DefaultPolicy.ClockSlack
	}
	a.clock = provision.NewClock(slack, floors...)
	a.askClocks()
}

// askClocks believes the trusted clocks there are.
func (a *appliance) askClocks() {
	if a.clocks == nil {
		return
	}
	if err := a.clock.Ask(a.store, a.clocks.ntp, a.clocks.rtc); err != nil {
		a.say(reason.HClock, err)
	}
}

// keepTime looks each minute whether it is quiet and whether another program
// has installed a bundle, and stores now and then that time has passed and how
// many badges were judged.
func (a *appliance) keepTime(ctx context.Context) {
	saved := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
		a.post(ctx, func() {
			if a.store != nil {
				if b := a.store.Newer(); b != nil {
					a.adopt(b)
				}
			}
			if a.quietly != a.hush() && a.kiosk.now.rests {
				a.kiosk.rest()
			}
			if time.Since(saved) < provision.SaveEvery {
				return
			}
			saved = time.Now()
			a.askClocks()
			a.save(a.clock.Moment().Earliest)
			a.keepCounts()
		})
	}
}

// keepCounts adds to the day's counters what was judged since the last time:
// how many, by verdict, and nothing else.
func (a *appliance) keepCounts() {
	since := map[string]int{}
	for verdict, n := range a.counts {
		if more := int(n - a.kept[verdict]); more > 0 {
			since[verdict.String()] = more
		}
	}
	if a.store == nil || len(since) == 0 {
		return
	}
	if err := a.store.Count(a.clock.Moment().Earliest.UTC().Format(time.DateOnly), since); err != nil {
		a.feel(reason.HDisk, err)
	}
	a.kept = maps.Clone(a.counts)
}

// save keeps that t has passed.
func (a *appliance) save(t time.Time) {
	if a.store == nil {
		return
	}
	err := a.store.Passed(t)
	if err != nil || a.ill[reason.HDisk] != nil {
		a.feel(reason.HDisk, err)
	}
}

// setDay believes whoever has the PIN that it is that day, and tells the
// battery clock, if there is one. A day that is over, as far as the kiosk
// knows, takes a second question.
func (a *appliance) setDay(day time.Time) view {
	if err := a.clock.SetDay(day); err != nil {
		a.say(reason.HClock, err)
		if day.Before(a.clock.Moment().Earliest) && !provision.DayEnds(day).Before(a.signedTime()) {
			return a.askLied(day)
		}
		return brief(trouble(reason.HClock, a.kiosk.speech()))
	}
	a.note("day " + dayOf(day))
	a.log.Event(journal.ClockSet, 0, 0)
	a.save(a.clock.Moment().Earliest)
	if a.clocks != nil {
		if err := a.clock.Teach(a.store, a.clocks.setRTC); err != nil {
			a.say(reason.HClock, err)
		}
	}
	return view{}
}

// signedTime is the latest instant that is signed to have passed.
func (a *appliance) signedTime() time.Time {
	if build := buildDate(); build.After(a.trust.Issued) {
		return build
	}
	return a.trust.Issued
}

// resetClock forgets what clocks without a signature, and people, said of the
// time: one of them had lied. What is signed has passed stays. The error is
// that of a card that did not take it (H-DISK): the old time is then back when
// the power comes back.
func (a *appliance) resetClock() error {
	a.clock.Reset(a.signedTime())
	if a.store == nil {
		return nil
	}
	return a.store.ResetTime(a.signedTime())
}

// hours are a stretch of every day, in minutes since midnight, that may go
// on past midnight. The zero hours are none.
type hours struct {
	from, to int
	zone     *time.Location
}

// readHours reads "17:30-07:00" in a time zone of the IANA's list.
func readHours(text, zone string) (h hours, err error) {
	if text == "" {
		return h, nil
	}
	from, to, ok := strings.Cut(text, "-")
	if h.from, err = minute(from); err == nil && ok {
		h.to, err = minute(to)
	}
	if err != nil || !ok {
		return h, fmt.Errorf(`quiet: %q is no time of day as "17:30-07:00"`, text)
	}
	if zone == "" {
		return h, fmt.Errorf(`quiet: %s needs to know where: "zone": "America/Denver"`, text)
	}
	if h.zone, err = time.LoadLocation(zone); err != nil {
		return h, fmt.Errorf(`zone: %q is not one as "America/Denver"`, zone)
	}
	return h, nil
}

func minute(text string) (int, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	return t.Hour()*60 + t.Minute(), err
}

// has tells whether t is in these hours.
func (h hours) has(t time.Time) bool {
	if h.zone == nil || h.from == h.to {
		return false
	}
	t = t.In(h.zone)
	m := t.Hour()*60 + t.Minute()
	if h.from < h.to {
		return h.from <= m && m < h.to
	}
	return h.from <= m || m < h.to
}

// opens is when they end, as a clock on the wall shows it.
func (h hours) opens() string { return fmt.Sprintf("%d:%02d", h.to/60, h.to%60) }

// hush tells whether it is quiet now. A kiosk that does not know the time is
// never quiet.
func (a *appliance) hush() bool {
	m := a.clock.Moment()
	return m.Set && a.quiet.has(m.Earliest.Add(provision.Certainty))
}
