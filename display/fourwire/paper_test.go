package fourwire

import (
	"testing"
	"time"

	"badgekiosk/display"
)

// A refresh that the glass does not have takes as long as the full one.
func TestTakes(t *testing.T) {
	g := Glass{Full: 4 * time.Second, Partial: time.Second}
	for how, want := range map[display.Refresh]time.Duration{
		display.Full: 4 * time.Second, display.Partial: time.Second, display.Fast: 4 * time.Second,
	} {
		if got := g.takes(how); got != want {
			t.Errorf("takes(%v) = %v, want %v", how, got, want)
		}
	}
}
