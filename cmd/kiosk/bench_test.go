package main

import (
	"crypto/ed25519"
	"image"
	"math/rand/v2"
	"testing"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/qr"
	"badgekiosk/scanner"
	qrscan "badgekiosk/scanner/qr"
	"badgekiosk/verify"
)

// BenchmarkCameraToGlass is the straight line, step by step and whole: a
// frame of 1280x720 that holds a badge's code, to the picture for a panel of
// 800x480. The bus and the glass come after it. The unit it is measured in,
// a millisecond of a reference machine, is 17.5 Ed25519 verifications of
// Go's standard library.
func BenchmarkCameraToGlass(b *testing.B) {
	d, err := newDemo(time.Now(), "")
	if err != nil {
		b.Fatal(err)
	}
	payload := d.payload("genuine")
	code, err := qr.New(payload, qr.Low)
	if err != nil {
		b.Fatal(err)
	}
	kind, err := panelNamed(demoPanel)
	if err != nil {
		b.Fatal(err)
	}
	panel, _, err := kind.emulated(glass.Options{})
	if err != nil {
		b.Fatal(err)
	}
	frame := scanner.Frame{Gray: image.Gray{
		Pix: shot(code, rand.New(rand.NewPCG(5, 6))), Stride: filmSize.X, Rect: image.Rectangle{Max: filmSize},
	}}
	reader, judge := new(qrscan.Reader), verify.Verifier{Trust: d.trust}
	ask := verify.Ask{At: verify.At(time.Now())}
	report := judge.Verify(payload, ask)
	screen := words(report, "en")
	if report.Verdict != verify.Verified || string(reader.Read(&frame)[0].Data()) != string(payload) {
		b.Fatal("the badge does not verify")
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"read", func() { reader.Read(&frame) }},
		{"judge", func() { judge.Verify(payload, ask) }},
		{"words", func() { words(report, "en") }},
		{"draw", func() { display.Render(screen, panel.Format()) }},
		{"all", func() {
			r := judge.Verify(reader.Read(&frame)[0].Data(), ask)
			display.Render(words(r, "en"), panel.Format())
		}},
	} {
		b.Run(step.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step.do()
			}
		})
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	signature := ed25519.Sign(private, payload)
	b.Run("two-units", func(b *testing.B) { // 35 verifications are two units
		for b.Loop() {
			for range 35 {
				ed25519.Verify(public, payload, signature)
			}
		}
	})
}
