package scanner

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// A stage is a camera and reader in one that play hints in real time.
type stage struct {
	rate  time.Duration
	play  []Hint
	now   Hint
	found string // what the last frame says
}

func (s *stage) Next(ctx context.Context, f *Frame) error {
	if len(s.play) == 0 {
		return io.EOF
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.rate):
	}
	s.now, s.play = s.play[0], s.play[1:]
	f.At, f.Text = time.Now(), nil
	return nil
}

func (s *stage) Close() error { return nil }

func (s *stage) Hint() Hint { return s.now }

func (s *stage) Read(*Frame) []Symbol {
	if s.found != "" && len(s.play) == 0 {
		return []Symbol{{Text: s.found}}
	}
	return nil
}

// shown plays a stage and tells when after the first frame each advice
// appeared.
func shown(t *testing.T, s *stage, patience time.Duration) (when []time.Duration, what []Advice) {
	t.Helper()
	scan := Scanner{Camera: s, Reader: s}
	steady := Steady{Patience: patience}
	var start time.Time
	last := NoAdvice
	for {
		x, err := scan.Look(t.Context())
		if err == io.EOF {
			return when, what
		}
		if err != nil {
			t.Fatal(err)
		}
		if start.IsZero() {
			start = x.At
		}
		if a := steady.Add(x); a != last {
			when, what, last = append(when, x.At.Sub(start)), append(what, a), a
		}
	}
}

func hints(runs ...any) (out []Hint) {
	for i := 0; i < len(runs); i += 2 {
		for range runs[i].(int) {
			h := Hint{}
			if a := runs[i+1].(Advice); a != lookedAway {
				h = Hint{Advice: a, Sure: .8, Near: .3}
			}
			out = append(out, h)
		}
	}
	return out
}

// lookedAway is a frame in which nothing is seen.
const lookedAway = Advice(-1)

// TestSteadyScreen shows an advice within 300 ms at every camera's speed, and
// none for a frame that errs.
func TestSteadyScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fps := range []int{5, 7, 10, 15, 30} {
			rate := time.Second / time.Duration(fps)
			when, what := shown(t, &stage{rate: rate, play: hints(fps, HoldCloser)}, 0)
			if len(what) != 1 || what[0] != HoldCloser || when[0] > 300*time.Millisecond || when[0] < rate {
				t.Errorf("%d frames a second: %v after %v", fps, what, when)
			}
			when, what = shown(t, &stage{rate: rate, play: hints(fps, HoldCloser, fps, Glare)}, 0)
			if len(what) != 2 || what[1] != Glare || when[1]-time.Duration(fps)*rate > 300*time.Millisecond {
				t.Errorf("%d frames a second: %v after %v, the change in frame %d", fps, what, when, fps)
			}
			when, what = shown(t, &stage{rate: rate, play: hints(fps, HoldCloser, 1, Glare, 2, HoldCloser, 1, TiltLess, 1, Glare, fps, HoldCloser)}, 0)
			if len(what) != 1 {
				t.Errorf("%d frames a second: two frames that err changed the advice: %v after %v", fps, what, when)
			}
		}
		_, what := shown(t, &stage{rate: 100 * time.Millisecond, play: hints(10, HoldCloser, 3, lookedAway, 10, Glare, 10, NoAdvice, 5, TooDark, 20, lookedAway)}, 0)
		if want := []Advice{HoldCloser, Glare, NoAdvice, TooDark, NoAdvice}; !same(what, want) {
			t.Errorf("advised %v, want %v", what, want)
		}
		_, what = shown(t, &stage{rate: 100 * time.Millisecond, found: "a badge", play: hints(10, HoldCloser)}, 0)
		if want := []Advice{HoldCloser, NoAdvice}; !same(what, want) {
			t.Errorf("until the code was read: %v, want %v", what, want)
		}
		_, what = shown(t, &stage{rate: 100 * time.Millisecond, play: hints(900, HoldCloser, 20, lookedAway, 9, HoldCloser)}, 0)
		if want := []Advice{HoldCloser, NoAdvice, HoldCloser}; !same(what, want) {
			t.Errorf("for a poster, and then a person: %v, want %v", what, want)
		}
		if _, what = shown(t, &stage{rate: 100 * time.Millisecond, play: hints(1, HoldCloser, 1, Glare, 1, TiltLess, 1, Glare, 1, HoldCloser)}, 0); len(what) > 0 {
			t.Errorf("frames that do not agree advised %v", what)
		}
	})
}

func same(a, b []Advice) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestSteadyPaper draws one hint after four seconds, not before, and no
// second until that code was read or is gone.
func TestSteadyPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rate = 100 * time.Millisecond
		for name, c := range map[string]struct {
			play  []Hint
			found string
			want  []Advice
		}{
			"read in time":    {hints(39, HoldCloser), "a badge", nil},
			"gone in time":    {hints(35, HoldCloser, 20, lookedAway, 35, HoldCloser), "", nil},
			"held":            {hints(60, HoldCloser), "", []Advice{HoldCloser}},
			"another comes":   {hints(60, HoldCloser, 60, Glare), "", []Advice{HoldCloser}},
			"gone then":       {hints(60, HoldCloser, 20, lookedAway), "", []Advice{HoldCloser, NoAdvice}},
			"on a wall":       {hints(600, HoldCloser), "", []Advice{HoldCloser, NoAdvice}},
			"the next person": {hints(60, HoldCloser, 20, lookedAway, 60, TiltLess), "", []Advice{HoldCloser, NoAdvice, TiltLess}},
		} {
			when, what := shown(t, &stage{rate: rate, play: c.play, found: c.found}, PaperPatience)
			if !same(what, c.want) {
				t.Errorf("%s: drew %v, want %v", name, what, c.want)
			}
			if len(when) > 0 && (when[0] < PaperPatience || when[0] > PaperPatience+2*rate) {
				t.Errorf("%s: drew it after %v, want 4 s", name, when[0])
			}
		}
	})
}

// TestSteadyNear rises at once and falls slowly, so that a light's pulse is
// even.
func TestSteadyNear(t *testing.T) {
	var s Steady
	var last float64
	for i, near := range []float64{.1, .2, .15, .3, .25, .45, .5} {
		s.Add(Sight{At: start.Add(time.Duration(i) * 100 * time.Millisecond), Hint: Hint{Sure: 1, Near: near}})
		if s.Near() < last-nearFall/10-1e-9 || s.Near() < near {
			t.Errorf("frame %d: %v after %v, hint %v", i, s.Near(), last, near)
		}
		last = s.Near()
	}
	for i := range 30 {
		s.Add(Sight{At: start.Add(time.Second + time.Duration(i)*100*time.Millisecond)})
	}
	if s.Near() != 0 {
		t.Errorf("%v three seconds after the code is gone", s.Near())
	}
}
