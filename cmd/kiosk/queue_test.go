package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// inQueue are how many people stand in line, and every badAt-th badge is bad.
const (
	inQueue = 60
	badAt   = 20
	swap    = 1500 * time.Millisecond // from a tone to the next badge in front of the camera
)

// queued is the report on the n-th badge of the queue.
func queued(n int) verify.Report {
	r := genuine()
	r.Badge.Name = fmt.Sprintf("Welding %d", n)
	r.Badge.Holder.Name = fmt.Sprintf("Learner %d", n)
	if n%badAt == 0 {
		r.Verdict, r.Axes.Status.State, r.Codes = verify.NotVerified, verify.Fail, []reason.Code{reason.RRevoked}
	}
	return r
}

// A tone is when a verdict was told, and which.
type tone struct {
	at     time.Time
	screen display.Screen
}

// TestQueue lets sixty people through, each of whom holds up a badge when the
// one before has heard the tone: nobody is missed, and each one's own text
// has been on the glass, whole, before the next one's tone.
func TestQueue(t *testing.T) {
	for panel, most := range map[string]time.Duration{"lcd-st7789": 4 * time.Minute, "kms-800x480": 4 * time.Minute, "epd-7in5-v2": 8 * time.Minute, "epd-2in13-v4": 8 * time.Minute} {
		t.Run(panel, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { queue(t, panel, most) }) })
	}
}

func queue(t *testing.T, name string, most time.Duration) {
	kind, err := panelNamed(name)
	must(t, err)
	panel, face, err := kind.emulated(glass.Options{})
	must(t, err)
	seen, tones := make(eye), make(chan tone, 1)
	var glassAt []*image.Paletted // when each tone sounds
	k := Kiosk{
		Scanner: scanner.Scanner{Camera: seen}, Glass: governed(t, panel), Lang: "en", Stays: usual,
		Judge: func(p []byte, _ verify.Ask) verify.Report {
			var n int
			if _, err := fmt.Sscan(string(p), &n); err != nil {
				t.Fatal(err)
			}
			return queued(n)
		},
		Ask: func() verify.Ask { return verify.Ask{} },
		Tell: func(s display.Screen) {
			if s.Mark != display.NoMark && s.Page <= 1 && !s.Leaving {
				glassAt = append(glassAt, face.Picture())
				tones <- tone{time.Now(), s}
			}
		},
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- k.Run(ctx) }()
	time.Sleep(10 * time.Second)
	start := time.Now()
	var last display.Screen
	for n := 1; n <= inQueue; n++ {
		seen <- scanner.Frame{Text: fmt.Append(nil, n), At: time.Now()}
		got := <-tones
		want := words(queued(n), "en")
		if got.screen.Mark != want.Mark || got.screen.Title != want.Title {
			t.Fatalf("badge %d is answered with %s %q", n, got.screen.Word, got.screen.Title)
		}
		if n > 1 && !bytes.Equal(glassAt[n-1].Pix, display.Render(last, panel.Format()).Pix) {
			t.Errorf("at the tone of badge %d the glass did not show the one before, whole", n)
		}
		last = got.screen
		time.Sleep(swap)
	}
	took := time.Since(start)
	t.Logf("%d people took %s", inQueue, took.Round(time.Second))
	if took > most {
		t.Errorf("%d people took %s, want at most %s", inQueue, took, most)
	}
	for _, f := range face.Faults() {
		t.Errorf("the driver was wrong: %v", f)
	}
	cancel()
	<-ended
}
