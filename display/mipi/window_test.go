package mipi

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Whatever changed, writing the windows of the new picture over the old one
// makes the new one, and windows never send more than all.
func TestChanges(t *testing.T) {
	const width, lines = 50, 90
	dice := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		was := make([]byte, width*lines)
		for i := range was {
			was[i] = byte(dice.IntN(256))
		}
		now := bytes.Clone(was)
		for range dice.IntN(6) { // some blocks change
			x, y := dice.IntN(width), dice.IntN(lines)
			for dy := range dice.IntN(lines - y) {
				for dx := range dice.IntN(width - x) {
					now[(y+dy)*width+x+dx] ^= byte(1 + dice.IntN(255))
				}
			}
		}
		got, sent := bytes.Clone(was), 0
		for _, r := range changes(now, was, width) {
			sent += area(r)
			for y := r.Min.Y; y < r.Max.Y; y++ {
				copy(got[y*width+r.Min.X:y*width+r.Max.X], now[y*width+r.Min.X:])
			}
		}
		if !bytes.Equal(got, now) {
			t.Fatal("the windows do not hold all that changed")
		}
		if sent > len(now) {
			t.Fatalf("%d pixels sent of a picture of %d", sent, len(now))
		}
	}
}

// One far letter costs a letter, not all between.
func TestChangesAreSmall(t *testing.T) {
	const width, lines = 100, 480
	was := make([]byte, width*lines)
	now := bytes.Clone(was)
	now[3*width+2], now[470*width+97] = 1, 1
	if got := changes(now, was, width); len(got) != 2 || area(got[0])+area(got[1]) != 2 {
		t.Errorf("windows %v", got)
	}
	if got := changes(now, now, width); len(got) != 0 {
		t.Errorf("where nothing changed: windows %v", got)
	}
}
