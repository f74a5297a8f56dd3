package main

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"badgekiosk/provision"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

const aDay = 24 * time.Hour

// clockExample is a coalition with badges of every verdict, and its judge.
func clockExample(t *testing.T, now time.Time) (*sample.Example, verify.Verifier) {
	t.Helper()
	e, err := sample.NewExample(now)
	must(t, err)
	set, err := trust.Open(e.Trust)
	must(t, err)
	return e, verify.Verifier{Trust: set}
}

// anyClock is a kiosk's clock at the instant truth: floors that are honest
// and up to 60 days old, and battery clocks, people and networks that say
// anything at all. ok is false if it believes one that lies.
func anyClock(rng *rand.Rand, truth time.Time) (m verify.Moment, ok bool) {
	c := provision.NewClock(trust.DefaultPolicy.ClockSlack,
		truth.Add(-time.Duration(rng.Int64N(int64(trust.DefaultPolicy.ClockSlack)))),
		truth.Add(-time.Duration(rng.Int64N(int64(4*365*aDay)))))
	said := []time.Time{
		time.Unix(0, 0), time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2015, 6, 1, 0, 0, 0, 0, time.UTC), // resets
		time.Unix(1<<31, 0), time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC), // counters that ran over
		time.Unix(rng.Int64N(5_000_000_000)-500_000_000, 0), // any system date
		truth, truth.Add(4 * time.Minute), truth.Add(-4 * time.Minute),
	}
	for range rng.IntN(3) {
		source := []provision.Source{provision.RTC, provision.Operator, provision.NTP}[rng.IntN(3)]
		t := said[rng.IntN(len(said))]
		lies := t.Sub(truth).Abs() > provision.Certainty
		if err := c.Set(source, t); err == nil && lies {
			return m, false
		}
	}
	if rng.IntN(4) == 0 {
		_ = c.SetDay(truth.In(time.FixedZone("", (rng.IntN(27)-12)*3600))) // known already, perhaps
	}
	return c.Moment(), true
}

// TestClockAbuse judges badges by the clocks of random kiosks and by the true
// time: a clock that knows less never makes VERIFIED of another verdict, nor
// NOT VERIFIED of VERIFIED. PROOF=1 draws 100,000.
func TestClockAbuse(t *testing.T) {
	draws := 1000
	if os.Getenv("PROOF") != "" {
		draws = 100_000
	}
	e, judge := clockExample(t, time.Now())
	rng := rand.New(rand.NewPCG(9, 9))
	pairs := map[string]int{}
	for range draws {
		truth := e.At.Add(time.Duration(rng.Int64N(int64(3 * 365 * aDay))))
		m, ok := anyClock(rng, truth)
		if !ok {
			continue // a lie between the floor and ten years on cannot be told from the truth
		}
		if truth.Before(m.Earliest) || truth.After(m.Latest) {
			t.Fatalf("it is %v, the clock says %v to %v", truth, m.Earliest, m.Latest)
		}
		c := e.Cases[rng.IntN(len(e.Cases))]
		known := judge.Verify(c.Data, verify.Ask{At: verify.At(truth)}).Verdict
		said := judge.Verify(c.Data, verify.Ask{At: m}).Verdict
		if known != verify.Verified && said == verify.Verified || known == verify.Verified && said == verify.NotVerified {
			t.Fatalf("%s at %v: %v with a right clock, %v at %v to %v", c.File, truth, known, said, m.Earliest, m.Latest)
		}
		pairs[known.String()+" said as "+said.String()]++
	}
	if pairs["verified said as verified"] == 0 || pairs["verified said as check"] == 0 || pairs["not-verified said as not-verified"] == 0 {
		t.Errorf("the draws miss what they are for: %v", pairs)
	}
	t.Logf("%v", pairs)
}

// TestClockOnScreen: whatever date a clock begins with, the screen says how
// far the answer reaches, and a genuine badge stays genuine.
func TestClockOnScreen(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	e, judge := clockExample(t, now)
	var genuine []byte
	for _, c := range e.Cases {
		if strings.HasPrefix(c.File, "verified-welding") {
			genuine = c.Data
		}
	}
	unset := "This kiosk's clock is not set; checked as of 21 Nov 2026."
	for _, c := range []struct {
		what     string
		rtc      time.Time
		believed bool
	}{
		{"1970", time.Unix(0, 0), false},
		{"2015", time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"the day before", now.Add(-aDay), false},
		{"an hour on", now.Add(time.Hour), true},
		{"2038", time.Unix(1<<31+60, 0), false},
		{"2099", time.Date(2099, 12, 31, 23, 59, 0, 0, time.UTC), false},
	} {
		clock := provision.NewClock(trust.DefaultPolicy.ClockSlack, judge.Trust.Issued, now)
		if err := clock.Set(provision.RTC, c.rtc); (err == nil) != c.believed {
			t.Errorf("%s: %v", c.what, err)
		}
		r := judge.Verify(genuine, verify.Ask{At: clock.Moment()})
		notes := strings.Join(words(r, "en").Notes, " ")
		if r.Verdict != verify.Verified || r.Has(reason.TNoClock) == c.believed || strings.Contains(notes, unset) == c.believed {
			t.Errorf("%s: %s, and the screen says %q", c.what, &r, notes)
		}
	}
}

// TestClockPast2038: a kiosk that lives past the day on which 32 bits of
// seconds run over counts on.
func TestClockPast2038(t *testing.T) {
	now := time.Unix(1<<31, 0).Add(-aDay)
	e, judge := clockExample(t, now)
	clock := provision.NewClock(trust.DefaultPolicy.ClockSlack, judge.Trust.Issued, now)
	must(t, clock.Set(provision.RTC, time.Unix(1<<31+60, 0)))
	for _, c := range e.Cases {
		want, _, _ := strings.Cut(c.Want, " ")
		if r := judge.Verify(c.Data, verify.Ask{At: clock.Moment()}); r.Verdict.String() != want || r.Has(reason.TNoClock) {
			t.Errorf("%s: %s, want %s", c.File, &r, c.Want)
		}
	}
}
