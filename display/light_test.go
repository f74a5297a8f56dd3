package display_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glasstest"
)

// firstLight is how soon after a verdict the glass must begin to change, by
// the emulated bus and the waveforms as the emulator has them.
const firstLight = 100 * time.Millisecond

// slowGlass is the old 7.5 inch: its only waveform takes 4.2 s and, as the
// emulator has it, 84 ms to show anything.
const slowGlass = 115 * time.Millisecond

// TestFirstLight puts each verdict on e-paper that shows how to hold up a
// badge and was woken by the code.
func TestFirstLight(t *testing.T) {
	all := screens()
	for _, name := range glasstest.Names() {
		if !strings.HasPrefix(name, "epd-") || strings.Contains(name, "spectra") {
			continue
		}
		limit := firstLight
		if name == "epd-7in5-v2-old" {
			limit = slowGlass
		}
		for _, verdict := range []string{"verified", "not-verified", "cannot-tell", "check"} {
			synctest.Test(t, func(t *testing.T) {
				g, p := glasstest.New(t, name)
				show := func(screen string, how display.Refresh) {
					if err := p.Show(t.Context(), display.Render(all[screen], p.Format()), how); err != nil {
						t.Fatal(err)
					}
				}
				show("attract", display.Full)
				if w, ok := p.(display.Waker); ok {
					if err := w.Wake(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(200 * time.Millisecond) // judging
				}
				start := time.Now()
				show(verdict, display.Fast)
				for _, f := range g.Frames() {
					if took := f.At.Sub(start); took > 0 {
						t.Logf("%s: %s after %v", name, verdict, took)
						if took > limit {
							t.Errorf("%s: %s shows after %v", name, verdict, took)
						}
						break
					}
				}
				noFaults(t, g)
			})
		}
	}
}
