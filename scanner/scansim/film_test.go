package scansim

import (
	"bytes"
	"image"
	"testing"
)

// TestFilm ends where its scene stands, whichever way it plays, and shows
// something else before.
func TestFilm(t *testing.T) {
	scene := Scene{Quality: Clean, Version: 2, Level: 'L', Module: 4, Frame: image.Pt(240, 180), Seed: 4}
	for m := Approach; m <= Shine; m++ {
		f := Film{Scene: scene, Move: m, Frames: 3}
		shot := func(i int) *image.Gray {
			p, _, err := f.Shot(i)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first, last := shot(0), shot(2)
		if again := shot(2); !bytes.Equal(last.Pix, again.Pix) {
			t.Errorf("%v: the same frame looks different", f)
		}
		if d := difference(first, last); d < 1 {
			t.Errorf("%v: first and last frame differ by %.1f grey levels in the mean", f, d)
		}
		f.Backwards = true
		if d, whole := difference(shot(0), last), difference(first, last); d > whole { // a hand trembles
			t.Errorf("%v: played backwards it begins %.1f grey levels from its end, of %.1f", f, d, whole)
		}
		if f.Far(0) != 1 || f.ModuleAt(0) != scene.Module {
			t.Errorf("%v: begins at %v with %v pixels", f, f.Far(0), f.ModuleAt(0))
		}
	}
}

func difference(a, b *image.Gray) float64 {
	sum := 0
	for i, v := range a.Pix {
		sum += max(int(v)-int(b.Pix[i]), int(b.Pix[i])-int(v))
	}
	return float64(sum) / float64(len(a.Pix))
}
