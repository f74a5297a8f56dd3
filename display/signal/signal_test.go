package signal

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// A line records what a wire was set to, and when.
type line struct {
	mu    sync.Mutex
	at    []time.Time
	level []gpio.Level
	err   error
}

func (l *line) Out(v gpio.Level) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.level = append(l.at, time.Now()), append(l.level, v)
	return l.err
}

// high tells whether the wire was high at t.
func (l *line) high(t time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := gpio.Low
	for i, at := range l.at {
		if at.After(t) {
			break
		}
		v = l.level[i]
	}
	return bool(v)
}

// edges are when the wire rose, as time since t.
func (l *line) edges(t time.Time) (out []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := gpio.Low
	for i, v := range l.level {
		if bool(v && !was) && !l.at[i].Before(t) {
			out = append(out, l.at[i].Sub(t))
		}
		was = v
	}
	return out
}

// A desk is a kiosk's signals, with somebody who looks and listens.
type desk struct {
	*Signals
	red, green, blue, buzzer line
	start                    time.Time
}

func newDesk(tonal bool) *desk {
	d := &desk{start: time.Now()}
	d.Signals = New(Wiring{Red: &d.red, Green: &d.green, Blue: &d.blue, Buzzer: &d.buzzer, Tonal: tonal})
	return d
}

// seen is what the lamp did from a time on, a letter for each tenth of a
// second: R, G, B, A amber, W white, - dark.
func (d *desk) seen(from time.Time, tenths int) string {
	letters := map[colour]byte{0: '-', red: 'R', green: 'G', blue: 'B', amber: 'A', white: 'W'}
	var b strings.Builder
	for i := range tenths {
		t := from.Add(time.Duration(i)*100*time.Millisecond + 50*time.Millisecond)
		var c colour
		for _, l := range []struct {
			l *line
			c colour
		}{{&d.red, red}, {&d.green, green}, {&d.blue, blue}} {
			if l.l.high(t) {
				c |= l.c
			}
		}
		b.WriteByte(letters[c])
	}
	return b.String()
}

// heard is what the buzzer did from a time on, in tones and pauses.
func (d *desk) heard(from time.Time) string {
	var tones []string
	var began, last time.Duration
	var cycles int
	end := func() {
		if cycles > 1 {
			hz := float64(cycles-1) / (last - began).Seconds()
			tones = append(tones, fmt.Sprintf("%.0fHz/%.1f", math.Round(hz/10)*10, (last-began).Seconds()))
		}
	}
	var period time.Duration
	for _, t := range d.buzzer.edges(from) {
		step := t - last
		if cycles > 1 && (step > period*5/4 || step < period*4/5) {
			end()
			cycles = 0
		}
		if cycles == 0 {
			began = t
		} else {
			period = step
		}
		cycles++
		last = t
	}
	end()
	return strings.Join(tones, " ")
}

// TestWhatIsSeenAndHeard is what a person before the kiosk makes of each sign.
func TestWhatIsSeenAndHeard(t *testing.T) {
	for _, c := range []struct {
		sign  Sign
		seen  string // by tenths of a second
		heard string // a tonal buzzer's pitch and seconds
	}{
		{Idle, "------------------------", ""},
		{Verified, "GGGGGGGGGGGGGGGGGGGGGGGG", "880Hz/0.1 1180Hz/0.1 1570Hz/0.2"},
		{Check, "AA--AA---------AA--AA---", "990Hz/0.1 990Hz/0.1"},
		{NotVerified, "RRRRRR------RRRRRR------", "200Hz/0.7"},
		{CannotTell, "BB----------------BB----", "260Hz/0.3 260Hz/0.3"},
		{Demo, "WW--WW--WW------------WW", ""},
		{Read, "W-----------------------", "2090Hz/0.0"},
		{Warn, "WWWWWWWW--WWWWWWWW--WWWW", "1320Hz/0.0 1320Hz/0.0 1320Hz/0.0 1320Hz/0.0 1320Hz/0.0"},
		{Fault, "RR--RRRRRRRRRR----------", "150Hz/0.9 150Hz/0.2"},
		{Done, "GGGG--------------------", "1570Hz/0.1 1570Hz/0.1 2090Hz/0.1"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(true)
			time.Sleep(time.Second)
			from := time.Now()
			d.Show(c.sign)
			time.Sleep(6 * time.Second)
			if got := d.seen(from, len(c.seen)); got != c.seen {
				t.Errorf("sign %d: seen %s, want %s", c.sign, got, c.seen)
			}
			if got := d.heard(from); got != c.heard {
				t.Errorf("sign %d: heard %q, want %q", c.sign, got, c.heard)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if d.red.high(time.Now()) || d.green.high(time.Now()) || d.blue.high(time.Now()) || d.buzzer.high(time.Now()) {
				t.Errorf("sign %d: lit or loud after Close", c.sign)
			}
		})
	}
}

// rhythm is what of a sign is left to somebody who sees no colour and hears
// no pitch: for each piece of ten milliseconds, whether there was something.
func rhythm[T comparable](s score[T], pieces int) string {
	var nothing T
	var b strings.Builder
	for i := 0; s != nil && b.Len() < pieces; i++ {
		st, more := s(i)
		if !more {
			break
		}
		mark := "-"
		if st.what != nothing {
			mark = "#"
		}
		n := int(st.lasts / (10 * time.Millisecond))
		if st.lasts == 0 {
			n = pieces
		}
		b.WriteString(strings.Repeat(mark, n))
	}
	return (b.String() + strings.Repeat("-", pieces))[:pieces]
}

// TestNeverByColourOrPitchAlone: any two signs differ in rhythm, by light and
// by tone where both have one, for a tenth of a second in five.
func TestNeverByColourOrPitchAlone(t *testing.T) {
	differ := func(a, b string) (n int) {
		for i := range a {
			if a[i] != b[i] {
				n++
			}
		}
		return n
	}
	for a := range signs {
		for b := range a {
			if n := differ(rhythm(signs[a].light, 500), rhythm(signs[b].light, 500)); n < 10 {
				t.Errorf("lights of signs %d and %d are alike but for %d ms", a, b, 10*n)
			}
			if signs[a].tone != nil && signs[b].tone != nil {
				if n := differ(rhythm(signs[a].tone, 500), rhythm(signs[b].tone, 500)); n < 10 {
					t.Errorf("tones of signs %d and %d are alike but for %d ms", a, b, 10*n)
				}
			}
		}
	}
}

// TestNoSeizure: no light flashes more than three times in any second.
func TestNoSeizure(t *testing.T) {
	for sign, s := range signs {
		r := rhythm(s.light, 1000)
		for i := 0; i+100 < len(r); i++ {
			if n := strings.Count(r[i:i+100], "-#"); n > 3 {
				t.Errorf("sign %d flashes %d times in a second", sign, n)
				break
			}
		}
	}
	if quickest < time.Second/3 {
		t.Errorf("a near code flashes every %s", quickest)
	}
}

// TestNear: the nearer a code, the faster lamp and buzzer pulse, and within
// 300 ms of a change.
func TestNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(false)
		defer d.Close()
		// say the nearness ten times a second, as the camera does
		say := func(x float64, how time.Duration) {
			for end := time.Now().Add(how); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
				d.Near(x)
			}
		}
		rate := func(x float64) float64 {
			from := time.Now()
			say(x, 12*time.Second)
			flashes, ticks := len(d.green.edges(from)), len(d.buzzer.edges(from))
			if flashes-ticks > 1 || ticks-flashes > 1 {
				t.Errorf("at %.1f: %d flashes, %d ticks", x, flashes, ticks)
			}
			return float64(flashes) / 12
		}
		last := 0.0
		for _, x := range []float64{0.1, 0.4, 0.7, 1} {
			r := rate(x)
			if r < last*1.2 || r > 3 {
				t.Errorf("at %.1f: %.2f flashes a second after %.2f", x, r, last)
			}
			last = r
		}

		// from far to near in the middle of a pause
		say(0.01, 3*time.Second)
		synctest.Wait()
		changed := time.Now()
		say(1, time.Second)
		if e := d.green.edges(changed); len(e) == 0 || e[0] > 300*time.Millisecond {
			t.Errorf("a code came near; the lamp says so after %v", e)
		}

		// the camera stops: no promise is kept up
		stopped := time.Now()
		time.Sleep(10 * time.Second)
		if e := d.green.edges(stopped); len(e) > 4 || len(e) > 0 && e[len(e)-1] > Stale+slowest {
			t.Errorf("flashes long after the camera stopped: %v", e)
		}
		back := time.Now()
		say(0.5, time.Second)
		if len(d.green.edges(back)) == 0 {
			t.Error("no flash after the camera came back")
		}

		// and a verdict is not disturbed
		d.Show(NotVerified)
		from := time.Now()
		say(1, 2*time.Second)
		if got, want := d.seen(from, 18), "RRRRRR------RRRRRR"; got != want {
			t.Errorf("with a code near a verdict is seen as %s, want %s", got, want)
		}
		d.Show(Idle)
		say(0.5, time.Second)
		d.Near(0)
		gone := time.Now()
		time.Sleep(5 * time.Second)
		if e := d.green.edges(gone); len(e) > 0 {
			t.Errorf("flashes after the code went away: %v", e)
		}
		d.Near(math.NaN())
	})
}

// TestFewerLamps: what cannot be shown in colour still has its rhythm.
func TestFewerLamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var red, green line
		s := New(Wiring{Red: &red, Green: &green})
		synctest.Wait()
		from := time.Now()
		s.Show(CannotTell)
		time.Sleep(4 * time.Second)
		if a, b := len(red.edges(from)), len(green.edges(from)); a != 3 || b != 3 {
			t.Errorf("two lamps flash %d and %d times in 4 s, want 3", a, b)
		}
		s.Close()

		var only line
		s = New(Wiring{Blue: &only, Inverted: true})
		synctest.Wait()
		s.Show(Verified)
		time.Sleep(time.Second)
		if only.high(time.Now()) {
			t.Error("an inverted lamp is dark")
		}
		s.Close()
		if !only.high(time.Now()) {
			t.Error("an inverted lamp is lit after Close")
		}
	})
}

// TestHush: in quiet hours the lamp alone tells.
func TestHush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(false)
		defer d.Close()
		d.Hush(true)
		from := time.Now()
		d.Show(Check)
		time.Sleep(2 * time.Second)
		if d.buzzer.edges(from) != nil || !strings.HasPrefix(d.seen(from, 6), "AA--AA") {
			t.Errorf("hushed: seen %s, beeps %v", d.seen(from, 6), d.buzzer.edges(from))
		}
		d.Hush(false)
		from = time.Now()
		d.Show(Check)
		time.Sleep(2 * time.Second)
		if len(d.buzzer.edges(from)) != 2 {
			t.Errorf("after quiet hours: %v", d.buzzer.edges(from))
		}
		d.Show(NotVerified)
		time.Sleep(100 * time.Millisecond)
		d.Hush(true)
		synctest.Wait()
		if d.buzzer.high(time.Now()) {
			t.Error("hushed in the middle of a beep, and it beeps on")
		}
	})
}

// TestNewestSign: signs that follow each other at once leave the last.
func TestNewestSign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(true)
		defer d.Close()
		for range 1000 {
			d.Show(NotVerified)
			d.Near(0.5)
			d.Show(Verified)
		}
		from := time.Now()
		time.Sleep(time.Second)
		if got := d.seen(from, 8); got != "GGGGGGGG" {
			t.Errorf("seen %s", got)
		}
		d.Show(Sign(99))
		from = time.Now()
		time.Sleep(time.Second)
		if got := d.seen(from, 6); got != "RR--RR" {
			t.Errorf("an unknown sign is seen as %s, want a fault", got)
		}
	})
}

// TestBrokenWire: a line that cannot be set is told once and stops nothing.
func TestBrokenWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(true)
		synctest.Wait()
		d.red.mu.Lock()
		d.red.err = errors.New("busy")
		d.red.mu.Unlock()
		from := time.Now()
		d.Show(Check)
		time.Sleep(time.Second)
		if err := d.Err(); err == nil || !strings.Contains(err.Error(), "red lamp") {
			t.Errorf("a broken wire is told as %v", err)
		}
		if len(d.green.edges(from)) != 2 {
			t.Error("the other lamp does not work")
		}
		d.Close()
	})
}

// TestNothing: a kiosk without signals has a nil *Signals.
func TestNothing(t *testing.T) {
	var s *Signals
	s.Show(Verified)
	s.Near(1)
	s.Say(Line{})
	s.Hush(true)
	if s.Err() != nil || s.Close() != nil {
		t.Error("nothing has a fault")
	}
	synctest.Test(t, func(t *testing.T) {
		s := New(Wiring{})
		s.Show(Verified)
		s.Say(Line{Lang: "en", Aloud: own("VERIFIED")})
		time.Sleep(time.Minute)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
