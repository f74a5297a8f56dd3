package qr

import (
	"crypto/ed25519"
	"image"
	"math/rand/v2"
	"testing"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestOracle holds every version against gozxing: the same text, bytes and
// version, and corners within a module.
func TestOracle(t *testing.T) {
	var r Reader
	for v := minVersion; v <= maxVersion; v += 3 {
		m, _ := fullSymbol(t, v, 'M', (v+5)%8)
		f := &scanner.Frame{Gray: *m.Print(4)}
		got, want := r.Read(f), oracle{}.Read(f)
		if len(want) == 0 {
			continue // gozxing's one alignment pattern does not reach
		}
		if len(got) != 1 || got[0].Text != want[0].Text || got[0].Version != want[0].Version {
			t.Errorf("version %d: %d codes, not gozxing's", v, len(got))
			continue
		}
		for i, p := range got[0].Corners {
			if d := p.Sub(want[0].Corners[i]); max(d.X, -d.X, d.Y, -d.Y) > 4 {
				t.Errorf("version %d: corner %d at %v, gozxing has %v", v, i, p, want[0].Corners[i])
			}
		}
	}
}

// A room is a frame without a code, full of edges.
func room(w, h int) *image.Gray {
	rnd := rand.New(rand.NewPCG(1, 2))
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	for range 400 {
		x, y, s, c := rnd.IntN(w), rnd.IntN(h), 4+rnd.IntN(60), uint8(rnd.IntN(256))
		for yy := y; yy < min(h, y+s); yy++ {
			for xx := x; xx < min(w, x+2*s); xx++ {
				m.Pix[yy*w+xx] = c
			}
		}
	}
	for i, v := range m.Pix {
		m.Pix[i] = uint8(max(0, min(255, int(v)+rnd.IntN(9)-4)))
	}
	return m
}

// TestNoAllocation holds that a frame without a code costs no memory.
func TestNoAllocation(t *testing.T) {
	var r Reader
	f := &scanner.Frame{Gray: *room(1280, 720)}
	if n := testing.AllocsPerRun(5, func() { r.Read(f) }); n != 0 {
		t.Errorf("%v allocations in a frame without a code, want none", n)
	}
}

// BenchmarkRead compares frames with gozxing's time for them; unit/op is
// 1 ms-equivalent, 17.5 Ed25519 verifications.
func BenchmarkRead(b *testing.B) {
	dense, _ := fullSymbol(b, 15, 'L', 2)
	for _, c := range []struct {
		name  string
		frame *image.Gray
	}{
		{"none 1280x720", room(1280, 720)},
		{"busy 1280x720", busy(1280, 720)},
		{"version 15", scansim.Turned(dense.Print(5), 1)},
	} {
		f := &scanner.Frame{Gray: *c.frame}
		b.Run(c.name, func(b *testing.B) {
			var r Reader
			b.ReportAllocs()
			for b.Loop() {
				r.Read(f)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(unit()), "ms-eq/op")
		})
		b.Run(c.name+" gozxing", func(b *testing.B) {
			for b.Loop() {
				oracle{}.Read(f)
			}
		})
	}
}

// unit is how long 17.5 signature verifications take on this machine now.
func unit() time.Duration {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	message := []byte("a badge")
	signature := ed25519.Sign(private, message)
	const n = 175
	start := time.Now()
	for range n {
		if !ed25519.Verify(public, message, signature) {
			panic("a signature of ours is not verified")
		}
	}
	return time.Since(start) / (n * 2 / 35)
}
