package fourwire

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
	"time"

	"badgekiosk/display"
)

// Whatever changed, writing the windows of the new picture over the old one
// makes the new one, and windows never send more than all.
func TestChanges(t *testing.T) {
	const stride, lines = 50, 90
	dice := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		was := make([]byte, stride*lines)
		for i := range was {
			was[i] = byte(dice.IntN(256))
		}
		now := bytes.Clone(was)
		for range dice.IntN(6) { // some blocks change
			x, y := dice.IntN(stride), dice.IntN(lines)
			for dy := range dice.IntN(lines - y) {
				for dx := range dice.IntN(stride - x) {
					now[(y+dy)*stride+x+dx] ^= byte(1 + dice.IntN(255))
				}
			}
		}
		got, sent := bytes.Clone(was), 0
		for _, r := range Changes(now, was, stride, false) {
			p := Window(now, stride, r)
			sent += len(p)
			for y := range r.Dy() {
				copy(got[(r.Min.Y+y)*stride+r.Min.X:], p[y*r.Dx():][:r.Dx()])
			}
		}
		if !bytes.Equal(got, now) {
			t.Fatal("the windows do not hold all that changed")
		}
		if sent > len(now) {
			t.Fatalf("%d bytes sent of a picture of %d", sent, len(now))
		}
	}
}

// One far letter costs a letter, not all between.
func TestChangesAreSmall(t *testing.T) {
	const stride, lines = 100, 480
	was := make([]byte, stride*lines)
	now := bytes.Clone(was)
	now[3*stride+2], now[470*stride+97] = 1, 1
	if got := Changes(now, was, stride, false); len(got) != 2 || area(got[0])+area(got[1]) != 2 {
		t.Errorf("windows %v", got)
	}
	whole := []image.Rectangle{image.Rect(0, 0, stride, lines)}
	for _, got := range [][]image.Rectangle{Changes(now, nil, stride, false), Changes(now, was, stride, true)} {
		if len(got) != 1 || got[0] != whole[0] {
			t.Errorf("all is sent as %v", got)
		}
	}
}

func TestLimit(t *testing.T) {
	g := Glass{Full: 4 * time.Second, Partial: time.Second}
	for how, want := range map[display.Refresh]time.Duration{
		display.Full: 9 * time.Second, display.Partial: 3 * time.Second, display.Fast: 9 * time.Second,
	} {
		if got := g.Limit(how); got != want {
			t.Errorf("Limit(%v) = %v, want %v", how, got, want)
		}
	}
}
