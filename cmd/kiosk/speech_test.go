package main

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/display/press"
	"badgekiosk/display/signal"
	"badgekiosk/display/signal/clip"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// A listener hears what a kiosk speaks, a part each second, through a
// loudspeaker or by headphones.
type listener struct {
	worn  bool
	mu    sync.Mutex
	heard []string // "es VERIFICADA"; "…" where it was cut
}

func (l *listener) Speak(ctx context.Context, line signal.Line) error {
	all := line.Aloud
	if l.worn {
		all = append(all[:len(all):len(all)], line.Private...)
	}
	for _, p := range all {
		if p.Names != nil {
			if _, err := fs.Stat(p.Names, clip.Name(p.Text)); err != nil {
				continue
			}
		}
		l.add(line.Lang + " " + p.Text)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			l.add("…")
			return ctx.Err()
		}
	}
	return nil
}

func (l *listener) add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, s)
}

// took is what was heard since it was last asked.
func (l *listener) took() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := strings.Join(l.heard, " | ")
	l.heard = nil
	return s
}

// listening runs test in front of a kiosk that speaks.
func listening(t *testing.T, worn bool, test func(f *front, l *listener)) {
	t.Helper()
	l := &listener{worn: worn}
	standingAt(t, func(k *Kiosk) {
		k.Signals = signal.New(signal.Wiring{Voice: l})
		k.Names = func(verify.Report) fs.FS {
			return fstest.MapFS{clip.Name("Welding I"): {}, clip.Name("Riverbend Academy"): {}}
		}
	}, func(f *front) {
		test(f, l)
		f.kiosk.Signals.Close()
	})
}

// forged is how it is said why a forged badge is not verified, and what to do.
func forged() string {
	m := speak("en").Reasons[reason.SInvalid]
	return "en " + m.Says.with(nil) + " | en " + m.Next.with(nil)
}

// TestSpokenResult: by a loudspeaker a verdict is one word; by headphones it
// comes with the badge's and its issuer's names, the level, why, what to do
// and the date.
func TestSpokenResult(t *testing.T) {
	l := speak("en")
	asOf := pieces(l.Notes["status"][0])[0]
	for badge, want := range map[string]string{
		"good": "en VERIFIED | en Welding I | en Riverbend Academy | en Level | en 3 | en of | en 4 | " +
			"en " + l.Verdicts["verified"].Says[0] + " | en " + asOf + " | en November | en 20 | en 2026",
		"bad": "en NOT VERIFIED | " + forged(),
	} {
		for _, worn := range []bool{false, true} {
			listening(t, worn, func(f *front, l *listener) {
				want := want
				if !worn {
					want, _, _ = strings.Cut(want, " | ")
				}
				f.hold(badge)
				f.wait(14 * time.Second)
				if got := l.took(); got != want {
					t.Errorf("%s, headphones %t: heard\n%s\nwant\n%s", badge, worn, got, want)
				}
			})
		}
	}
}

// TestHoldToHear: who holds OK hears all of it by the loudspeaker, until it is
// let go; a short press does what it does without a voice.
func TestHoldToHear(t *testing.T) {
	listening(t, false, func(f *front, l *listener) {
		f.hold("bad")
		f.wait(5 * time.Second)
		if got := l.took(); got != "en NOT VERIFIED" {
			t.Errorf("heard %q", got)
		}
		f.buttons <- press.Press{Button: press.Menu, Down: true}
		f.wait(holdToHear / 2)
		if got := l.took(); got != "" {
			t.Errorf("heard %q before OK was held", got)
		}
		f.wait(holdToHear/2 + 1500*time.Millisecond)
		f.buttons <- press.Press{Button: press.Menu}
		f.wait(5 * time.Second)
		why, _, _ := strings.Cut(forged(), " | ")
		if got, want := l.took(), "en NOT VERIFIED | "+why+" | …"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		f.reads("after OK was held", "NOT VERIFIED")
		f.press(press.Menu)
		f.wait(time.Second)
		f.reads("after OK was pressed", "Show your badge")
		if got := l.took(); got != "" {
			t.Errorf("heard %q after OK was pressed", got)
		}
		f.buttons <- press.Press{Button: press.Menu, Down: true}
		f.wait(10 * time.Second)
		if got := l.took(); !strings.HasPrefix(got, "en Show your badge | en "+speak("en").Screens["attract"].Says[0]) || strings.Contains(got, "NOT VERIFIED") {
			t.Errorf("at rest heard %q", got)
		}
		f.buttons <- press.Press{Button: press.Menu}
		f.wait(time.Second)
		f.reads("after OK was held at rest", "Show your badge")
	})
}

// TestHeldForLong: a result stays while it is read, though not for ever, and
// when it goes nothing more is said of it.
func TestHeldForLong(t *testing.T) {
	listening(t, false, func(f *front, l *listener) {
		f.hold("bad")
		f.wait(usual.other - 2*time.Second)
		if !f.glass.now().Leaving {
			t.Error("it does not say that it goes")
		}
		f.buttons <- press.Press{Button: press.Menu, Down: true}
		f.wait(heldMost - 5*time.Second)
		f.reads("while OK is held", "NOT VERIFIED")
		if f.glass.now().Leaving {
			t.Error("while OK is held it says that it goes")
		}
		f.wait(usual.other + 10*time.Second)
		f.reads("while OK is stuck", "Show your badge")
		l.took()
		f.hold("good")
		f.wait(5 * time.Second)
		if got := l.took(); got != "en VERIFIED" {
			t.Errorf("heard %q while OK is stuck", got)
		}
	})
}

// TestSpokenAdvice: by headphones whoever holds a code up is told what helps,
// once; a loudspeaker keeps silent.
func TestSpokenAdvice(t *testing.T) {
	for _, worn := range []bool{true, false} {
		listening(t, worn, func(f *front, l *listener) {
			for range 3 {
				f.do <- func() { f.kiosk.advise(sight{advice: scanner.HoldCloser, code: true}) }
				f.wait(2 * time.Second)
			}
			want := ""
			if worn {
				m := speak("en").Screens["closer"]
				want = "en " + m.Word + " | en " + m.Says[0]
			}
			if got := l.took(); got != want {
				t.Errorf("headphones %t: heard %q, want %q", worn, got, want)
			}
		})
	}
}

// TestSpokenLanguages: by headphones the menu says each language in itself,
// and the next badge is spoken in the one that was chosen.
func TestSpokenLanguages(t *testing.T) {
	listening(t, true, func(f *front, l *listener) {
		f.do <- func() { f.kiosk.put(f.kiosk.askLanguage(languages(), "en", nil)) }
		f.wait(3 * time.Second)
		f.press(press.Next)
		f.wait(3 * time.Second)
		if got, want := l.took(), "en English | es Español"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		f.press(press.Next, press.Next)
		f.wait(3 * time.Second)
		if got, want := l.took(), "fr Français | … | vi Tiếng Việt"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		f.press(press.Back, press.Back, press.Menu)
		f.wait(3 * time.Second)
		l.took()
		f.hold("bad")
		f.wait(900 * time.Millisecond)
		if got := l.took(); got != "es "+speak("es").Verdicts["not-verified"].Word {
			t.Errorf("heard %q", got)
		}
	})
}

// TestAllCanBeSaid: whatever the kiosk asks its voice to say, in any language,
// is among the sentences that clips are made of, or a name that the bundle has
// a clip of.
func TestAllCanBeSaid(t *testing.T) {
	for _, l := range languages() {
		can := l.sentences()
		check := func(of string, line signal.Line) {
			if len(line.Aloud)+len(line.Private) == 0 {
				t.Errorf("%s in %s says nothing", of, l.Tag)
			}
			for _, p := range slices.Concat(line.Aloud, line.Private) {
				if !slices.Contains(can, p.Text) && p.Names == nil {
					t.Errorf("%s in %s says %q, which has no clip", of, l.Tag, p.Text)
				}
			}
		}
		for name, r := range judgements() {
			r.Badge.Holder.Name = "Avery Marker"
			line := l.report(r, nil)
			check(name, line)
			for _, p := range slices.Concat(line.Aloud, line.Private) {
				for _, said := range []string{genuine().Badge.Name, "Marker", genuine().Axes.Issuer.Name} {
					if strings.Contains(p.Text, said) {
						t.Errorf("%s in %s says %q, which is not the kiosk's own", name, l.Tag, p.Text)
					}
				}
			}
			if len(line.Aloud) != 1 || len(line.Private) < 2 {
				t.Errorf("%s in %s says %d parts to everybody and %d to one", name, l.Tag, len(line.Aloud), len(line.Private))
			}
		}
		for _, make := range screenNames() {
			for _, p := range aloud(make(l.Tag)).Private {
				if !slices.Contains(can, p.Text) && !slices.ContainsFunc(languages(), func(l language) bool { return l.Name == p.Text }) {
					t.Errorf("a screen in %s says %q, which has no clip", l.Tag, p.Text)
				}
			}
		}
		if len(l.Aloud.Months) != 12 || len(l.aloud(time.Now())) < 3 {
			t.Errorf("%s cannot say a date: %q", l.Tag, l.aloud(time.Now()))
		}
	}
}

// TestDates: a date is said in the order of its language, and one beyond the
// clips is left out with its sentence.
func TestDates(t *testing.T) {
	day := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	for tag, want := range map[string]string{"en": "March 1 2026", "es": "1 de marzo de 2026", "zh": "2026年 3月 1日", "vi": "ngày 1 tháng 3 năm 2026", "ar": "1 مارس 2026"} {
		if got := strings.Join(speak(tag).aloud(day), " "); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	r := genuine()
	r.Verdict, r.Codes, r.Badge.Until = verify.NotVerified, []reason.Code{reason.TExpired}, time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC)
	if line := speak("en").report(r, nil); !slices.ContainsFunc(line.Private, func(p signal.Part) bool { return p.Text == speak("en").Reasons[reason.TExpired].Says.with(nil) }) {
		t.Errorf("says %q", line.Private)
	}
}

// TestPieces: punctuation around a place is not spoken.
func TestPieces(t *testing.T) {
	for text, want := range map[string][]string{
		"Not withdrawn as of {asof}, but that is a long time ago.": {"Not withdrawn as of", "{asof}", "but that is a long time ago."},
		"{n} of {of}": {"{n}", "of", "{of}"},
		"Badge is genuine. Who holds it: not checked": {"Badge is genuine. Who holds it: not checked"},
		"截至{asof}，未被撤回。":                              {"截至", "{asof}", "未被撤回。"},
		"":                                            nil,
		"…":                                           nil,
	} {
		if got := pieces(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q", text, got)
		}
	}
}

// BenchmarkSpoken beside putting the same report into words for the glass:
// what a voice adds to a scan.
func BenchmarkSpoken(b *testing.B) {
	r, l := genuine(), speak("es")
	b.Run("glass", func(b *testing.B) {
		for b.Loop() {
			words(r, "es")
		}
	})
	b.Run("voice", func(b *testing.B) {
		for b.Loop() {
			l.report(r, nil)
		}
	})
	b.Run("all sentences, once", func(b *testing.B) {
		for b.Loop() {
			l.sentences()
		}
	})
}
