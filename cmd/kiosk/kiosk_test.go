package main

import (
	"bytes"
	"context"
	"image"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/scanner"
	qrscan "badgekiosk/scanner/qr"
	"badgekiosk/verify"
)

// A script is a camera that sees texts at given times.
type script []struct {
	after time.Duration // since the one before
	text  []byte
}

func (s *script) Next(ctx context.Context, f *scanner.Frame) error {
	if len(*s) == 0 {
		return io.EOF
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After((*s)[0].after):
	}
	f.Text, f.At = (*s)[0].text, time.Now()
	*s = (*s)[1:]
	return nil
}

func (s *script) Close() error { return nil }

// wantOf is the verdict on each sample.
var wantOf = map[string]string{
	"genuine": "verified", "tampered": "not-verified", "revoked": "not-verified", "expired": "not-verified",
	"unknown": "cannot-tell", "lookalike": "cannot-tell", "notbadge": "cannot-tell",
}

// TestKioskShowsEverySample walks the samples from camera to glass, through
// real drivers, in virtual time. Between two of them nobody comes for long
// enough that the glass is wiped.
func TestKioskShowsEverySample(t *testing.T) {
	for _, k := range panelKinds() {
		t.Run(k.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { everySample(t, k) }) })
	}
}

func everySample(t *testing.T, kind panelKind) {
	d := makeDemo(t)
	panel, face, err := kind.emulated(glass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const hold = 15 * time.Second
	camera := script{}
	var want []string
	for _, b := range d.samples {
		camera = append(camera, script{{time.Minute, b.Payload}}...)
		want = append(want, "", wantOf[b.Name])
	}
	var told []display.Screen
	judge := verify.Verifier{Trust: d.trust}
	k := Kiosk{
		Scanner: scanner.Scanner{Camera: &camera, Reader: new(qrscan.Reader)},
		Judge:   judge.Verify,
		Glass:   governed(t, panel),
		Ask:     func() verify.Ask { return verify.Ask{At: verify.At(time.Now())} },
		Lang:    "en",
		Stays:   stays{pass: hold, other: hold},
	}
	k.Tell = func(s display.Screen) {
		if len(told) > 0 {
			last := display.Render(told[len(told)-1], panel.Format())
			if !bytes.Equal(face.Picture().Pix, last.Pix) {
				t.Errorf("the glass did not come to show %q", told[len(told)-1].Word)
			}
		}
		told = append(told, s)
	}
	if err := k.Run(t.Context()); err != io.EOF {
		t.Fatalf("Run: %v, want the camera's io.EOF", err)
	}
	var got []string
	for _, s := range told {
		got = append(got, verdictOf(s))
	}
	if len(got) == len(want)+1 && got[len(want)] == "" {
		got = got[:len(want)] // glass so slow that the last badge's time was up when it was on it
	}
	if !slices.Equal(got, want) {
		t.Errorf("the kiosk showed %q, want %q", got, want)
	}
	for _, f := range face.Faults() {
		t.Errorf("the driver was wrong: %v", f)
	}
}

// TestKioskStopsWithGlass holds that a panel that fails is not scanned past.
func TestKioskStopsWithGlass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		panel, _, err := panelKinds()[0].emulated(glass.Options{})
		if err != nil {
			t.Fatal(err)
		}
		camera := script{{0, []byte("hello")}}
		k := Kiosk{
			Scanner: scanner.Scanner{Camera: &camera, Reader: new(qrscan.Reader)},
			Judge:   new(verify.Verifier).Verify,
			Glass:   governed(t, brokenGlass{panel}),
			Ask:     func() verify.Ask { return verify.Ask{} },
		}
		if err := k.Run(t.Context()); err != io.ErrClosedPipe {
			t.Errorf("Run: %v, want the panel's error", err)
		}
	})
}

// governed is the panel under a governor with the built-in fonts.
func governed(t testing.TB, p display.Panel) *display.Governor {
	t.Helper()
	draw, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return display.Govern(p, draw)
}

// brokenGlass cannot show anything.
type brokenGlass struct{ display.Panel }

func (brokenGlass) Show(context.Context, *image.Paletted, display.Refresh) error {
	return io.ErrClosedPipe
}

// anyGlass shows everything, and nobody looks.
type anyGlass struct{}

func (anyGlass) Put(context.Context, display.Screen) error { return nil }
func (anyGlass) Holds(display.Screen) bool                 { return true }
func (anyGlass) Wake(context.Context) error                { return nil }
func (anyGlass) Renew(context.Context) error               { return nil }
func (anyGlass) Due() time.Time                            { return time.Now().Add(time.Hour) }
