package provision

import (
	"errors"
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

// TestClocksContradict: what a trusted clock said has passed has passed,
// whoever says otherwise; clocks that only drift apart are no quarrel.
func TestClocksContradict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(slack, date("2026-05-05"))
		must(t, c.SetDay(date("2029-11-21"))) // a slip of the finger
		before := c.Moment()
		for source, err := range map[Source]error{Operator: c.SetDay(date("2026-11-21")), NTP: c.Set(NTP, date("2026-11-21"))} {
			if err == nil || c.Moment() != before {
				t.Errorf("%s went back three years: %v, %v", source, err, c.Moment())
			}
		}
		must(t, c.SetDay(date("2029-11-20"))) // yesterday, after all
		if m := c.Moment(); m.Latest.Before(m.Earliest) || !m.Set {
			t.Errorf("a day's correction: %v", m)
		}

		c = NewClock(slack, date("2026-05-05"))
		must(t, c.Set(RTC, date("2026-11-21").Add(12*time.Minute))) // it goes fast
		must(t, c.Set(NTP, date("2026-11-21")))
		if m := c.Moment(); m.Latest.Before(m.Earliest) || !m.Set || m.Latest.Sub(date("2026-11-21")).Abs() > 12*time.Minute {
			t.Errorf("a battery clock that drifted: %v", m)
		}
		c.Passed(date("2027-05-05")) // a bundle: both were far behind
		if m := c.Moment(); m.Set || !m.Earliest.Equal(date("2027-05-05")) || !m.Latest.Equal(date("2027-05-05").Add(slack)) {
			t.Errorf("behind what is signed: %v", m)
		}
	})
}

// TestClockNeverLies draws random kiosks with honest floors and whatever in
// their battery clocks: unless a clock was believed that lies, the true time
// is in the interval; and the lower end never goes back.
func TestClockNeverLies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 7))
		for range 100_000 {
			truth := date("2026-01-01").Add(time.Duration(rng.Int64N(int64(5 * 366 * 24 * time.Hour))))
			off := time.Duration(rng.Int64N(int64(slack)))
			c := NewClock(slack, truth.Add(-off))
			last := c.Moment().Earliest
			for range rng.IntN(4) {
				var err error
				switch rng.IntN(6) {
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
				case 2:
					zone := time.FixedZone("", (rng.IntN(27)-12)*3600)
					_ = c.SetDay(truth.In(zone)) // a calendar somewhere on Earth
				case 3:
					for _, reset := range []string{"1970-01-01", "2000-01-01", "2015-06-01"} {
						if c.Set(RTC, date(reset)) == nil {
							t.Fatalf("a battery clock at %s was believed", reset)
						}
					}
				case 4:
					c.Lose(Source(rng.IntN(4)))
				default:
					_ = c.Set(NTP, truth.Add(time.Duration(rng.Int64N(int64(2*Certainty)))-Certainty))
				}
				m := c.Moment()
				if m.Earliest.Before(last) {
					t.Fatalf("the lower end went back from %v to %v", last, m.Earliest)
				}
				last = m.Earliest
				if truth.Before(m.Earliest) || truth.After(m.Latest) {
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

// TestDay: a person knows the day, not the hour, and not which side of the
// date line; a battery clock that agrees knows better; the person is asked
// again only after saying so twice.
func TestDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(slack, date("2026-05-05"))
		must(t, c.SetDay(date("2026-11-21")))
		m := c.Moment()
		if want := date("2026-11-20").Add(10 * time.Hour); !m.Set || !m.Earliest.Equal(want) || m.Latest.Sub(want) != 50*time.Hour {
			t.Errorf("21 Nov is %v to %v", m.Earliest, m.Latest)
		}
		if err := c.Set(RTC, date("2027-03-01")); err == nil {
			t.Error("a battery clock that contradicts a person was believed")
		}
		must(t, c.Set(RTC, date("2026-11-21").Add(9*time.Hour)))
		if m := c.Moment(); m.Latest.Sub(m.Earliest) != 2*Certainty {
			t.Errorf("the battery clock agrees, and it is %v to %v", m.Earliest, m.Latest)
		}
		must(t, c.SetDay(date("2030-01-01"))) // a mistake
		time.Sleep(time.Hour)
		c.Lose(Operator)
		if err := c.SetDay(date("2026-11-21")); err == nil {
			t.Error("what had passed is undone without a second question")
		}
		c.Reset(date("2026-05-05"))
		must(t, c.SetDay(date("2026-11-21")))
		if err := c.SetDay(date("2026-05-01")); err == nil {
			t.Error("a day before what is signed was taken")
		}
	})
}

// TestTeach: the battery clock is set by a person's day, and is known to be no
// better than that day when the power returns.
func TestTeach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := newCard()
		s, err := openStore(card, nil)
		must(t, err)
		c := NewClock(slack, date("2026-05-05"))
		var rtc time.Time
		write := func(t time.Time) error { rtc = t; return nil }
		read := func() (time.Time, error) { return rtc, nil }
		none := func() (time.Time, error) { return rtc, errors.New("none") }
		if err := c.Teach(s, write); !errors.Is(err, ErrNothingToTeach) {
			t.Errorf("a kiosk that knows nothing teaches: %v", err)
		}
		must(t, c.SetDay(date("2026-11-21")))
		must(t, c.Teach(s, write))
		s, err = openStore(card, nil)
		must(t, err)
		c = NewClock(slack, date("2026-05-05"))
		must(t, c.Ask(s, none, read))
		if m := c.Moment(); !m.Set || m.Latest.Sub(m.Earliest) != 50*time.Hour {
			t.Errorf("after the power returned it is %v to %v", m.Earliest, m.Latest)
		}
		must(t, c.Ask(s, func() (time.Time, error) { return date("2026-11-21"), nil }, read))
		must(t, c.Teach(s, write))
		if !rtc.Equal(date("2026-11-21")) || s.rtcDoubt() != Certainty {
			t.Errorf("the network's time came as %v, to within %v", rtc, s.rtcDoubt())
		}
		must(t, c.Ask(s, none, none))
		if c.Moment().Set {
			t.Error("all clocks are gone and it is still set")
		}
		rtc = time.Unix(0, 0)
		if err := c.Ask(s, none, read); err == nil || c.Moment().Set {
			t.Errorf("a battery clock at 1970: %v", err)
		}
	})
}

// TestResetTime: the floor that a lying clock left is set back, and stays so.
func TestResetTime(t *testing.T) {
	card := newCard()
	s, err := openStore(card, nil)
	must(t, err)
	must(t, s.Passed(date("2031-01-01")))
	must(t, s.ResetTime(date("2026-11-21")))
	s, err = openStore(card, nil)
	must(t, err)
	if got := s.State().Time; !got.Equal(date("2026-11-21")) || len(s.State().Admin) != 1 {
		t.Errorf("the floor is %v, recorded: %v", got, s.State().Admin)
	}
}
