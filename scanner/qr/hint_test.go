package qr

import (
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestHints spoils a picture of a code in the ways that a person can mend.
func TestHints(t *testing.T) {
	code, err := scansim.Text(strings.Repeat("welding ", 30), 'L')
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	noise := func(v, n int) uint8 { return uint8(max(0, min(255, v+rnd.IntN(2*n+1)-n))) }
	spoil := func(m *image.Gray, f func(x, y, v int) uint8) {
		for y := range m.Rect.Dy() {
			for x := range m.Rect.Dx() {
				i := y*m.Stride + x
				m.Pix[i] = f(x, y, int(m.Pix[i]))
			}
		}
	}
	for want, f := range map[scanner.Advice]func(x, y, v int) uint8{
		scanner.TooDark: func(_, _, v int) uint8 { return noise(v/40, 3) },
		scanner.BrighterScreen: func(x, y, v int) uint8 {
			if x > 100 && x < 200 && y > 100 && y < 200 {
				v = 255 * ((x/8 + y/8) % 2) // and what a hand hides
			}
			return noise(90+v/8, 8)
		},
		scanner.Glare: func(x, y, v int) uint8 {
			if x > 100 && x < 200 && y > 100 && y < 200 {
				return 255
			}
			return uint8(v)
		},
	} {
		m := code.Print(4)
		spoil(m, f)
		var r Reader
		got := r.Read(&scanner.Frame{Gray: *m})
		if h := r.Hint(); len(got) > 0 || h.Advice != want || h.Sure <= 0 {
			t.Errorf("%v: %d codes, %v, %+v", want, len(got), h.Advice, h)
		}
	}
}

// BenchmarkHint is what a hint costs beside the look at the same frame.
func BenchmarkHint(b *testing.B) {
	f := &scanner.Frame{Gray: *scansim.Room(1280, 720, 1)}
	var r Reader
	r.Read(f)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			r.Read(f)
		}
	})
	b.Run("hint", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Hint()
		}
	})
}
