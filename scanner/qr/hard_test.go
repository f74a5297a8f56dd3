package qr

import (
	"image"
	"math/rand/v2"
	"os"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestBadgeSizes holds up codes that fill half of a 1280x720 frame's height
// with their quiet zone: 1,273 bytes read in every typical frame, 1,732 in
// nearly all, and of 2,953 those that are not read bring the advice to hold
// them closer. SCAN_ALL=1 takes more of each.
func TestBadgeSizes(t *testing.T) {
	seeds := uint64(2)
	if os.Getenv("SCAN_ALL") != "" {
		seeds = 12
	}
	for _, c := range []struct {
		version int
		least   uint64 // read of seeds
	}{{25, seeds}, {30, seeds - seeds/6}, {40, 0}} {
		read := uint64(0)
		for seed := range seeds {
			s := scansim.Scene{Quality: scansim.Typical, Version: c.version, Level: 'L', Module: 360 / float64(25+4*c.version), Frame: image.Pt(1280, 720), Seed: 500 + seed}
			m, want, err := s.Render()
			if err != nil {
				t.Fatal(err)
			}
			r := Reader{Live: true}
			got := r.Read(&scanner.Frame{Gray: *m})
			switch {
			case len(got) == 1 && got[0].Text == want:
				read++
			case len(got) > 0:
				t.Errorf("%v: read %.40q", s, got[0].Text)
			case r.Hint().Advice != scanner.HoldCloser:
				t.Errorf("%v: not read, and advised %v", s, r.Hint().Advice)
			}
		}
		t.Logf("version %d: %d of %d first frames read", c.version, read, seeds)
		if read < c.least {
			t.Errorf("version %d: %d of %d first frames read, want %d", c.version, read, seeds, c.least)
		}
	}
}

// TestBlurred reads hard scenes in which rows of most finders are blurred or
// modules half hidden in their neighbours' light.
func TestBlurred(t *testing.T) {
	var r Reader
	read, all := 0, 0
	for i, version := range []int{5, 10, 15, 20, 25} {
		for _, module := range []float64{2.25, 2.5} {
			s := scansim.Scene{Quality: scansim.Hard, Version: version, Level: 'M', Module: module, Frame: image.Pt(640, 480), Seed: uint64(700 + i)}
			m, want, err := s.Render()
			if err != nil {
				continue // it does not fit
			}
			all++
			got := r.Read(&scanner.Frame{Gray: *m})
			if len(got) > 0 && got[0].Text == want {
				read++
			} else {
				t.Logf("not read: %v", s)
			}
		}
	}
	t.Logf("%d of %d read", read, all)
	if read < leastBlurred {
		t.Errorf("%d of %d read, want %d", read, all, leastBlurred)
	}
}

// leastBlurred is above what a reader reads that takes blur out with one
// sample a module.
const leastBlurred = 7

// TestThirdFinder reads codes of which one finder, not the corner, has no row or column like
// one, two sides being broken, upright and turned.
func TestThirdFinder(t *testing.T) {
	modules, want := fullSymbol(t, 7, 'H', 3)
	n := len(modules)
	for corner, at := range map[string]image.Point{"top right": {n - 4, 3}, "bottom left": {3, n - 4}} {
		broken := make(scansim.Modules, n)
		for y := range n {
			broken[y] = append(broken[y], modules[y]...)
		}
		for i := -1; i <= 1; i++ { // the middle of two sides
			broken[at.Y+i][at.X-3], broken[at.Y-3][at.X+i] = false, false
		}
		for turn := range 4 {
			var r Reader
			got := r.Read(&scanner.Frame{Gray: *scansim.Turned(broken.Print(3), turn)})
			if len(got) != 1 || string(got[0].Bytes) != string(want) {
				t.Errorf("%s broken, turned %d: %d codes", corner, 90*turn, len(got))
			}
		}
	}
}

// TestRota reads a light code on dark within a few frames of a camera, and
// costs a frame without a code but one of the further ways.
func TestRota(t *testing.T) {
	m, want := fullSymbol(t, 3, 'M', 1)
	r := Reader{Live: true}
	f := &scanner.Frame{Gray: *scansim.Inverted(m.Print(4))}
	for i := range rota {
		if got := r.Read(f); len(got) == 1 && string(got[0].Bytes) == string(want) {
			return
		} else if len(got) > 0 {
			t.Fatalf("frame %d: read %q", i, got[0].Bytes)
		}
	}
	t.Errorf("not read in %d frames", len(rota))
}

// busy is a frame full of what is like finders in rows, but no code.
func busy(w, h int) *image.Gray {
	rnd := rand.New(rand.NewPCG(3, 3))
	m := scansim.Room(w, h, 3)
	for range 1500 {
		x, y, side := rnd.IntN(w-40), rnd.IntN(h-40), 1+rnd.IntN(4)
		for i := range 7 * side {
			for k, v := range [7]uint8{30, 190, 30, 30, 30, 190, 30} {
				for j := range side {
					if rnd.IntN(3) > 0 {
						m.Pix[(y+i)*m.Stride+x+k*side+j] = v
					}
				}
			}
		}
	}
	return m
}

// TestBusyFrame reads nothing in a busy frame, allocates nothing, and spends
// no more than a frame may.
func TestBusyFrame(t *testing.T) {
	f := &scanner.Frame{Gray: *busy(1280, 720)}
	for _, live := range []bool{true, false} {
		r := Reader{Live: live}
		for range rota {
			if got := r.Read(f); len(got) > 0 {
				t.Fatalf("read %q", got[0].Data())
			}
		}
		if n := testing.AllocsPerRun(3, func() { r.Read(f) }); n != 0 {
			t.Errorf("live %v: %v allocations, want none", live, n)
		}
		r.allow()
		if most := r.effort / 4; r.effort < 0 {
			t.Errorf("live %v: no effort", live)
		} else if r.Read(f); r.effort < -most {
			t.Errorf("live %v: overspent by %d, more than %d", live, -r.effort, most)
		}
	}
}
