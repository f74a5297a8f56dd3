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
// the emulated bus.
const firstLight = 100 * time.Millisecond

// TestFirstLight puts each verdict, as a kiosk does, on e-paper that shows how
// to hold up a badge and was woken by the code, upright and turned.
func TestFirstLight(t *testing.T) {
	r, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	all := screens()
	for _, name := range glasstest.Names() {
		if !strings.HasPrefix(name, "epd-") || strings.Contains(name, "spectra") {
			continue
		}
		for i, verdict := range []string{"verified", "not-verified", "cannot-tell", "check"} {
			synctest.Test(t, func(t *testing.T) {
				g, p := glasstest.New(t, name)
				kiosk := display.Govern(display.Turned(p, display.Turn(i)), r)
				must(t, kiosk.Put(t.Context(), all["attract"]))
				must(t, kiosk.Wake(t.Context()))
				time.Sleep(200 * time.Millisecond) // judging
				start := time.Now()
				must(t, kiosk.Put(t.Context(), all[verdict]))
				begins, ends := g.Driven().Sub(start), time.Since(start)
				t.Logf("%s: %s begins after %v and stands after %v", name, verdict, begins.Round(time.Millisecond), ends.Round(time.Millisecond))
				if begins > firstLight || begins <= 0 {
					t.Errorf("%s: the glass begins to change after %v", name, begins)
				}
				noFaults(t, g)
			})
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
