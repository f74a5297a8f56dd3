package main

import (
	"context"
	"image"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// An eye is a camera that sees what a test holds up.
type eye chan scanner.Frame

func (e eye) Next(ctx context.Context, f *scanner.Frame) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case *f = <-e:
		return nil
	}
}

func (eye) Close() error { return nil }

// A slate is a glass with room for so many fields, that remembers what was
// put on it.
type slate struct {
	anyGlass
	fields int
	mu     sync.Mutex
	put    []display.Screen
}

func (g *slate) Put(_ context.Context, s display.Screen) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.put = append(g.put, s)
	return nil
}
func (g *slate) Holds(s display.Screen) bool { return len(s.Fields) <= g.fields }
func (g *slate) now() display.Screen         { all := g.all(); return all[len(all)-1] }

func (g *slate) all() []display.Screen {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.put)
}

// A front is a kiosk with a person in front of it.
type front struct {
	*testing.T
	kiosk   *Kiosk
	glass   *slate
	eye     eye
	buttons chan press.Press
	do      chan func()
}

// reports are what the judge of a front says of each text.
var reports = map[string]verify.Report{
	"good":  genuine(),
	"bad":   {Verdict: verify.NotVerified, Codes: []reason.Code{reason.SInvalid}},
	"other": {Verdict: verify.CannotTell, Codes: []reason.Code{reason.QNotBadge}},
}

// standing runs test in front of a kiosk, in virtual time.
func standing(t *testing.T, test func(f *front)) { standingAt(t, func(*Kiosk) {}, test) }

// standingAt is standing at a kiosk that set has changed.
func standingAt(t *testing.T, set func(*Kiosk), test func(f *front)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &front{T: t, glass: &slate{fields: 3}, eye: make(eye), buttons: make(chan press.Press), do: make(chan func())}
		f.kiosk = &Kiosk{
			Scanner: scanner.Scanner{Camera: f.eye, Reader: new(blur)}, Glass: f.glass, Lang: "en", Stays: usual,
			Seen: newSeen(), Presses: f.buttons, Do: f.do,
			Judge: func(p []byte, _ verify.Ask) verify.Report { return reports[string(p)] },
			Ask:   func() verify.Ask { return verify.Ask{} },
		}
		set(f.kiosk)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- f.kiosk.Run(ctx) }()
		f.wait(time.Second)
		test(f)
		cancel()
		<-ended
	})
}

func (f *front) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (f *front) hold(badge string) {
	f.eye <- scanner.Frame{Text: []byte(badge), At: time.Now()}
	synctest.Wait()
}

func (f *front) press(all ...press.Button) {
	for _, b := range all {
		f.buttons <- press.Press{Button: b, Down: true, At: time.Now()}
		f.buttons <- press.Press{Button: b, At: time.Now()}
		synctest.Wait()
	}
}

// reads holds that the glass now says all of want.
func (f *front) reads(when string, want ...string) {
	f.Helper()
	got := readAloud(f.glass.now())
	for _, w := range want {
		if !strings.Contains(got, w) {
			f.Errorf("%s the glass reads\n%s\nwithout %q", when, got, w)
		}
	}
}

// TestForgets: the kiosk forgets once after each person, and not before the
// badge has left the glass.
func TestForgets(t *testing.T) {
	var forgot atomic.Int32
	standingAt(t, func(k *Kiosk) { k.Forget = func() { forgot.Add(1) } }, func(f *front) {
		for n := range int32(3) {
			before := forgot.Load()
			f.hold("good")
			f.wait(usual.pass - time.Second)
			if f.reads("before it goes", "VERIFIED"); forgot.Load() != before {
				t.Errorf("person %d: forgotten with the badge on the glass", n)
			}
			f.wait(time.Minute)
			if forgot.Load() != before+1 {
				t.Errorf("person %d: forgotten %d times", n, forgot.Load()-before)
			}
		}
	})
}

// TestResultStays: a result stays 15 or 20 seconds, says 5 seconds before
// that it goes, and any button keeps it.
func TestResultStays(t *testing.T) {
	standing(t, func(f *front) {
		f.reads("at first", "Show your badge")
		f.hold("good")
		f.reads("with a badge", "VERIFIED")
		f.wait(9 * time.Second)
		if f.glass.now().Leaving {
			t.Error("after 9 seconds it says that it goes")
		}
		f.wait(2 * time.Second)
		if !f.glass.now().Leaving {
			t.Error("after 11 seconds it does not say that it goes")
		}
		f.press(press.Next)
		if f.glass.now().Leaving {
			t.Error("after a press it says that it goes")
		}
		f.wait(14 * time.Second)
		if f.glass.now().Mark != display.Verified {
			t.Error("a press did not keep it")
		}
		f.wait(2 * time.Second)
		f.reads("after its time", "Show your badge")
		f.hold("bad")
		f.wait(18 * time.Second)
		f.reads("after 18 seconds", "NOT VERIFIED")
		f.wait(3 * time.Second)
		f.reads("after 21 seconds", "Show your badge")
	})
}

// TestPagesTurn: the buttons turn a result's pages, round and round, and menu
// puts it away.
func TestPagesTurn(t *testing.T) {
	standing(t, func(f *front) {
		f.hold("good")
		first := readAloud(f.glass.now())
		n := f.glass.now().Pages
		if n < 2 {
			t.Fatalf("the badge has %d pages", n)
		}
		f.press(press.Next)
		if s := f.glass.now(); s.Page != 2 || readAloud(s) == first {
			t.Errorf("next shows page %d", s.Page)
		}
		f.press(press.Back, press.Back)
		if s := f.glass.now(); s.Page != n {
			t.Errorf("back from the first shows page %d of %d", s.Page, n)
		}
		f.press(press.Next)
		f.reads("round", first)
		f.press(press.Menu)
		f.reads("after menu", "Show your badge")
	})
}

// TestPagesTurnAlone: without buttons the pages turn by themselves.
func TestPagesTurnAlone(t *testing.T) {
	standing(t, func(f *front) {
		f.do <- func() { f.kiosk.Presses = nil }
		f.hold("good")
		n := f.glass.now().Pages
		seen := map[int]bool{}
		for range 20 {
			if s := f.glass.now(); s.Mark == display.Verified {
				seen[s.Page] = true
			}
			f.wait(time.Second)
		}
		f.wait(time.Duration(n) * 15 * time.Second)
		f.reads("after all pages", "Show your badge")
		for _, s := range f.glass.all() {
			seen[s.Page] = true
		}
		for p := 1; p <= n; p++ {
			if !seen[p] {
				t.Errorf("page %d of %d was never shown", p, n)
			}
		}
	})
}

// TestShownBefore: a badge that comes back hours later says so, one that is
// still there does not, nor one that is no badge.
func TestShownBefore(t *testing.T) {
	standing(t, func(f *front) {
		for _, c := range []struct {
			badge string
			after time.Duration
			want  bool
		}{
			{"good", 0, false}, {"good", time.Minute, false}, {"good", time.Hour, true},
			{"other", 0, false}, {"other", time.Hour, false}, {"good", 9 * time.Hour, false},
		} {
			f.wait(c.after)
			f.hold(c.badge)
			if got := strings.Contains(readAloud(f.glass.now()), "shown here"); got != c.want {
				t.Errorf("%s after %s: says that it was shown before: %v", c.badge, c.after, got)
			}
		}
	})
}

// TestAnotherReplaces: another badge replaces the shown result at once, and
// garbage does not poison the one after it.
func TestAnotherReplaces(t *testing.T) {
	standing(t, func(f *front) {
		for range 20 {
			f.hold("other")
			f.reads("with garbage", "CAN'T TELL")
			f.hold("good")
			f.reads("with a badge", "VERIFIED")
			f.hold("bad")
			f.reads("with another", "NOT VERIFIED")
			f.wait(4 * time.Second)
		}
	})
}

// A blur is a reader that sees a code and cannot read it, as far as its
// pictures are dark.
type blur struct{ hint scanner.Hint }

func (b *blur) Read(f *scanner.Frame) []scanner.Symbol {
	b.hint = scanner.Hint{}
	if f.Pix[0] < 128 {
		b.hint = scanner.Hint{Advice: scanner.HoldCloser, Sure: .9, Near: .3}
	}
	return nil
}

func (b *blur) Hint() scanner.Hint { return b.hint }

// film shows frames of one grey to the kiosk, ten a second.
func (f *front) film(grey byte, lasts time.Duration) {
	for range lasts / (100 * time.Millisecond) {
		picture := scanner.Frame{At: time.Now()}
		picture.Gray = *image.NewGray(image.Rect(0, 0, 64, 36))
		for i := range picture.Pix {
			picture.Pix[i] = grey
		}
		f.eye <- picture
		f.wait(100 * time.Millisecond)
	}
}

// TestAdvice: a code that is not read gets advice at once on a screen with a
// picture of what the camera sees, on e-paper after four seconds, and a poster
// none; with the code it goes, and it never hides a result.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    func(*Kiosk)
		after  time.Duration
		advice bool
		frame  bool
	}{
		{"a screen", func(k *Kiosk) { k.Scanner.Preview = image.Pt(32, 18) }, time.Second, true, true},
		{"e-paper, soon", func(k *Kiosk) { k.Patience = scanner.PaperPatience }, 3 * time.Second, false, false},
		{"e-paper", func(k *Kiosk) { k.Patience = scanner.PaperPatience }, 5 * time.Second, true, false},
		{"a poster", func(k *Kiosk) { k.Poster = true }, 5 * time.Second, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			standingAt(t, c.set, func(f *front) {
				f.film(10, c.after)
				s := f.glass.now()
				if got := s.Word == "Hold it closer"; got != c.advice || (s.Preview != nil) != c.frame {
					t.Errorf("after %s the glass says %q, with a picture: %v", c.after, s.Word, s.Preview != nil)
				}
				f.film(250, 3*time.Second)
				f.reads("without a code", "Show your badge")
				f.hold("good")
				was := f.glass.now().Word
				f.film(10, 6*time.Second)
				if f.glass.now().Word != was {
					t.Errorf("advice hides a result: %q", f.glass.now().Word)
				}
			})
		})
	}
}

// TestPoster: a glass too slow for verdicts keeps its poster.
func TestPoster(t *testing.T) {
	standingAt(t, func(k *Kiosk) { k.Poster = true }, func(f *front) {
		before := readAloud(f.glass.now())
		for range 3 {
			f.hold("good")
			f.hold("bad")
			f.wait(5 * time.Second)
		}
		if now := readAloud(f.glass.now()); now != before {
			t.Errorf("the poster became\n%s", now)
		}
	})
}
