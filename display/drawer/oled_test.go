package drawer

import (
	"bytes"
	"image"
	"testing"

	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/devices/v3/ssd1306"

	"badgekiosk/display"
)

// TestOLED puts a picture through periph's own driver of a small OLED and
// reads it back from what went over the bus: pages of eight rows, the top row
// the lowest bit (SSD1306 datasheet, 8.7 and 10.1.3).
func TestOLED(t *testing.T) {
	var bus i2ctest.Record
	dev, err := ssd1306.NewI2C(&bus, &ssd1306.DefaultOpts)
	if err != nil {
		t.Fatal(err)
	}
	p := New(dev, 130)
	f := p.Format()
	img := image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks)
	for y := range f.Size.Y {
		for x := range f.Size.X {
			img.SetColorIndex(x, y, uint8((x/3+y/5)%2))
		}
	}
	bus.Ops = nil
	if err := p.Show(t.Context(), img, display.Full); err != nil {
		t.Fatal(err)
	}
	var pages []byte
	for _, op := range bus.Ops {
		if data, ok := bytes.CutPrefix(op.W, []byte{0x40}); ok {
			pages = append(pages, data...)
		}
	}
	if want := f.Size.X * f.Size.Y / 8; len(pages) != want {
		t.Fatalf("%d bytes of picture went over the bus, want %d", len(pages), want)
	}
	for y := range f.Size.Y {
		for x := range f.Size.X {
			lit := pages[y/8*f.Size.X+x]>>(y%8)&1 == 1
			if r, _, _, _ := img.At(x, y).RGBA(); lit != (r > 0x7fff) {
				t.Fatalf("pixel %d,%d is lit: %v", x, y, lit)
			}
		}
	}
}
