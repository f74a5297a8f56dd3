package main

import (
	"context"
	"image"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display/glass"
	"badgekiosk/display/qr"
	"badgekiosk/scanner"
	qrscan "badgekiosk/scanner/qr"
	"badgekiosk/verify"
)

// A parade is a camera in front of which people file past with badges.
type parade struct {
	shots [][]byte
	left  int
	each  func(left int)
}

func (p *parade) Next(_ context.Context, f *scanner.Frame) error {
	if p.left == 0 {
		return io.EOF
	}
	p.left--
	p.each(p.left)
	shot := p.shots[p.left%len(p.shots)]
	f.Pix, f.Stride, f.Rect, f.At = append(f.Pix[:0], shot...), filmSize.X, image.Rectangle{Max: filmSize}, time.Now()
	return nil
}

func (p *parade) Close() error { return nil }

// TestMemoryStays holds that scans leave nothing behind: from photograph to
// glass, as often as PROOF asks, memory grows by less than 2 MB.
func TestMemoryStays(t *testing.T) {
	synctest.Test(t, memoryStays)
}

func memoryStays(t *testing.T) {
	const warm = 40 // scans until caches and buffers are there
	scans := 160
	if os.Getenv("PROOF") != "" {
		scans = 10_000
	}
	d, dice := makeDemo(t), rand.New(rand.NewPCG(3, 4))
	camera := &parade{left: scans}
	for _, b := range d.samples {
		code, err := qr.New(b.Payload, qr.Low)
		if err != nil {
			t.Fatal(err)
		}
		camera.shots = append(camera.shots, shot(code, dice))
	}
	var before, after uint64
	camera.each = func(left int) {
		switch left {
		case scans - warm:
			before = heap()
		case 0:
			after = heap()
		}
	}
	kind, err := panelNamed("epd-2in13-v4")
	if err != nil {
		t.Fatal(err)
	}
	panel, _, err := kind.emulated(glass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	judge := verify.Verifier{Trust: d.trust}
	k := Kiosk{
		Scanner: scanner.Scanner{Camera: camera, Reader: new(qrscan.Reader), Again: time.Nanosecond},
		Judge:   judge.Verify,
		Glass:   governed(t, panel),
		Ask:     func() verify.Ask { told++; return verify.Ask{At: verify.At(time.Now())} },
		Lang:    "en",
		Stays:   stays{pass: time.Hour, other: time.Hour},
		Seen:    newSeen(),
	}
	if err := k.Run(t.Context()); err != io.EOF {
		t.Fatal(err)
	}
	if told < scans*9/10 {
		t.Errorf("%d of %d badges were read", told, scans)
	}
	t.Logf("%d scans: heap %d kB, then %d kB", told, before>>10, after>>10)
	if after > before+2<<20 {
		t.Errorf("%d scans left %d kB behind", scans-warm, (after-before)>>10)
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
