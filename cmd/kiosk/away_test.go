package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/provision"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// TestTwoHundredDays stores a kiosk, installed and switched off, for 200 days,
// and walks through what it says when it is started: without a clock, when
// the operator has told it the day, and when a battery clock knew all along.
func TestTwoHundredDays(t *testing.T) {
	const day = 24 * time.Hour
	t.Chdir(t.TempDir())
	e, err := sample.NewExample(time.Now())
	must(t, err)
	must(t, exampleBundle(io.Discard, "ex", e))
	anchor, zipped := contents(t, "ex/root.json"), contents(t, "ex/"+bundleName)
	store, err := provision.OpenStore("state", anchor)
	must(t, err)
	_, err = store.Install(zipped)
	must(t, err)
	must(t, store.Passed(e.At.Add(time.Hour))) // the last thing it knew
	before := func(c *provision.Clock, badge string) string {
		t.Helper()
		store, err := provision.OpenStore("state", anchor)
		must(t, err)
		v := verify.Verifier{Trust: believe(os.Stderr, "state", store.Current(), nil)}
		at := slices.IndexFunc(e.Cases, func(c sample.Case) bool { return strings.HasPrefix(c.File, badge) })
		r := v.Verify(e.Cases[at].Data, verify.Ask{At: c.Moment()})
		if !strings.Contains(strings.Join(words(r, "en").Notes, " "), "clock is not set") == slices.Contains(r.Codes, reason.TNoClock) {
			t.Errorf("%s: the screen does not say how certain the clock is: %q", badge, words(r, "en").Notes)
		}
		return r.String()
	}
	start := func() *provision.Clock {
		store, err := provision.OpenStore("state", anchor)
		must(t, err)
		set := believe(io.Discard, "state", store.Current(), nil)
		return provision.NewClock(set.Policy.ClockSlack, set.Issued, store.State().Time)
	}
	later := e.At.Add(200 * day)
	for _, c := range []struct {
		name string
		set  func(*provision.Clock) error
		want map[string]string
	}{
		{"no clock", func(*provision.Clock) error { return nil }, map[string]string{
			"verified-welding":       "verified R-NOTED T-NOCLOCK",
			"verified-first-aid":     "verified R-NONE T-NOCLOCK",
			"not-verified-expired":   "not-verified T-EXPIRED R-NONE T-NOCLOCK",
			"not-verified-withdrawn": "not-verified R-REVOKED T-NOCLOCK",
		}},
		{"told by the operator", func(k *provision.Clock) error { return k.Set(provision.Operator, later) }, map[string]string{
			"verified-welding":       "check R-STALE B-STALE",
			"verified-first-aid":     "verified R-NONE B-STALE",
			"not-verified-withdrawn": "not-verified R-REVOKED B-STALE",
		}},
		{"battery clock", func(k *provision.Clock) error { return k.Set(provision.RTC, later) }, map[string]string{
			"verified-welding": "check R-STALE B-STALE",
		}},
		{"a battery clock that began anew", func(k *provision.Clock) error {
			if err := k.Set(provision.RTC, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil {
				t.Error("the year 2000 was believed")
			}
			return nil
		}, map[string]string{"verified-first-aid": "verified R-NONE T-NOCLOCK"}},
	} {
		clock := start()
		must(t, c.set(clock))
		for badge, want := range c.want {
			if got := before(clock, badge); got != want {
				t.Errorf("%s, %s: %s, want %s", c.name, badge, got, want)
			}
		}
	}
}
