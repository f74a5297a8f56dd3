package provision

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const slack = 60 * 24 * time.Hour

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// TestClockUnset: a board switched off for 200 days knows only that its floor
// has passed, and widens its doubt while it runs.
func TestClockUnset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(slack, date("2026-01-01"), date("2026-05-05"), time.Time{})
		m := c.Moment()
		if m.Set || !m.Earliest.Equal(date("2026-05-05")) || m.Latest.Sub(m.Earliest) != slack {
			t.Errorf("at start: %v", m)
		}
		time.Sleep(48 * time.Hour)
		m = c.Moment()
		if !m.Earliest.Equal(date("2026-05-07")) || m.Latest.Sub(m.Earliest) != slack+48*time.Hour {
			t.Errorf("after two days: %v", m)
		}
	})
}

func TestClockSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(slack, date("2026-05-05"))
		for what, wrong := range map[string]time.Time{"1970": time.Unix(0, 0), "the day before the floor": date("2026-05-04"), "2099": date("2099-01-01")} {
			if err := c.Set(RTC, wrong); err == nil || c.Moment().Set {
				t.Errorf("a battery clock at %s was believed", what)
			}
		}
		if err := c.Set(RTC, date("2026-11-21")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		m := c.Moment()
		now := date("2026-11-21").Add(time.Hour)
		if !m.Set || !m.Earliest.Equal(now.Add(-Certainty)) || !m.Latest.Equal(now.Add(Certainty)) {
			t.Errorf("an hour after it was set: %v", m)
		}
		if err := c.Set(NTP, now); err != nil {
			t.Error(err)
		}
		if err := c.Set(Operator, date("2026-12-24")); err == nil {
			t.Error("a person overruled the network")
		}
		c.Lose(RTC)
		if c.Source() != NTP {
			t.Error("losing the battery clock lost the network")
		}
		c.Lose(NTP)
		if m := c.Moment(); m.Set || m.Earliest.Before(now.Add(-Certainty)) {
			t.Errorf("after the battery clock failed: %v; what had passed has passed", m)
		}
		c.Passed(date("2027-01-01"))
		if m := c.Moment(); !m.Earliest.Equal(date("2027-01-01")) {
			t.Errorf("after a bundle of 2027: %v", m)
		}
	})
}

// TestClockNeverLies draws random kiosks with honest floors and whatever in
// their battery clocks: unless a clock was believed that lies, the true time
// is in the interval; and the lower end never goes back.
func TestClockNeverLies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 7))
		for range 20_000 {
			truth := date("2026-01-01").Add(time.Duration(rng.Int64N(int64(5 * 366 * 24 * time.Hour))))
			off := time.Duration(rng.Int64N(int64(slack)))
			c := NewClock(slack, truth.Add(-off))
			last := c.Moment().Earliest
			for range rng.IntN(4) {
				var err error
				switch rng.IntN(3) {
				case 0:
					err = c.Set(RTC, time.Unix(rng.Int64N(4_200_000_000), 0)) // any date at all
					if err == nil {
						c.Lose(RTC) // a lie that was believed proves nothing here
						c = NewClock(slack, truth.Add(-off))
						last = c.Moment().Earliest
					}
				case 1:
					wait := time.Duration(rng.Int64N(int64(100 * time.Hour)))
					time.Sleep(wait)
					truth = truth.Add(wait)
				default:
					_ = c.Set(NTP, truth.Add(time.Duration(rng.Int64N(int64(Certainty)))))
				}
				m := c.Moment()
				if m.Earliest.Before(last) {
					t.Fatalf("the lower end went back from %v to %v", last, m.Earliest)
				}
				last = m.Earliest
				if truth.Before(m.Earliest) && !m.Set || truth.After(m.Latest) {
					t.Fatalf("it is %v, the clock says %v to %v", truth, m.Earliest, m.Latest)
				}
			}
		}
	})
}

func TestReadRTC(t *testing.T) {
	file := filepath.Join(t.TempDir(), "since_epoch")
	if _, err := readRTC(file); err == nil || !strings.Contains(err.Error(), "no battery clock") {
		t.Errorf("without a clock: %v", err)
	}
	if err := os.WriteFile(file, []byte("1795262400\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := readRTC(file); err != nil || !got.Equal(time.Unix(1795262400, 0)) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := os.WriteFile(file, []byte("no time"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readRTC(file); err == nil {
		t.Error("rubbish was read as a time")
	}
}
