package qr

import (
	"bytes"
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

// FuzzHint advises on random frames: shares that are some, and no panic.
func FuzzHint(f *testing.F) {
	m, err := scansim.Text("Welding I", 'Q')
	if err != nil {
		f.Fatal(err)
	}
	p := m.Print(3)
	f.Add(uint16(p.Rect.Dx()), p.Pix[:len(p.Pix)*3/4], uint8(3))
	f.Add(uint16(64), make([]byte, 64*64), uint8(200))
	r := Reader{Live: true}
	f.Fuzz(func(t *testing.T, width uint16, pix []byte, shade uint8) {
		w := max(1, int(width))
		h := len(pix) / w
		if h == 0 || len(pix) > 1<<18 {
			return
		}
		pix = bytes.Clone(pix)
		for i := range pix {
			pix[i] = uint8(int(pix[i]) * int(shade) / 255)
		}
		r.Read(&scanner.Frame{Gray: image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}})
		if h := r.Hint(); !(h.Sure >= 0 && h.Sure <= 1 && h.Near >= 0 && h.Near <= 1) {
			t.Errorf("%+v", h)
		}
		r.Wipe()
	})
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
