package drawer

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/display/displaytest"

	"badgekiosk/display"
)

// A slow display is busy, fails or hangs.
type slow struct {
	displaytest.Drawer
	draws int
	takes time.Duration
	err   error
}

func (s *slow) Draw(r image.Rectangle, src image.Image, sp image.Point) error {
	s.draws++
	time.Sleep(s.takes)
	if s.err != nil {
		return s.err
	}
	return s.Drawer.Draw(r, src, sp)
}

func newSlow() *slow {
	return &slow{Drawer: displaytest.Drawer{Img: image.NewNRGBA(image.Rect(0, 0, 250, 122))}}
}

func picture(p *Panel, word string) *image.Paletted {
	return display.Render(display.Screen{Mark: display.Check, Word: word}, p.Format())
}

func TestShow(t *testing.T) {
	dev := newSlow()
	p := New(dev, 130)
	img := picture(p, "CHECK")
	for range 3 {
		if err := p.Show(t.Context(), img, display.Partial); err != nil {
			t.Fatal(err)
		}
	}
	if dev.draws != 1 {
		t.Errorf("one picture was drawn %d times", dev.draws)
	}
	for i := range img.Pix {
		x, y := i%250, i/250
		if r, g, b, _ := dev.Img.At(x, y).RGBA(); !same(img.At(x, y), r, g, b) {
			t.Fatalf("pixel %d,%d is another", x, y)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := dev.Img.At(20, 20).RGBA(); r != 0xFFFF {
		t.Error("a closed panel still shows something")
	}
}

func same(c color.Color, r, g, b uint32) bool {
	cr, cg, cb, _ := c.RGBA()
	return cr == r && cg == g && cb == b
}

// A driver that hangs does not hang the kiosk, and may come back.
func TestShowHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := newSlow()
		dev.takes = time.Hour
		p := New(dev, 130)
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			start := time.Now()
			err := p.Show(ctx, picture(p, "CHECK"), display.Full)
			cancel()
			if !errors.Is(err, display.ErrBusyTimeout) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
				t.Errorf("Show = %v after %v", err, time.Since(start))
			}
		}
		time.Sleep(time.Hour)
		dev.takes = 0
		if err := p.Show(t.Context(), picture(p, "DEMO"), display.Full); err != nil {
			t.Error(err)
		}
	})
}

func TestShowFails(t *testing.T) {
	dev := newSlow()
	dev.err = errors.New("no ACK")
	p := New(dev, 130)
	if err := p.Show(t.Context(), picture(p, "CHECK"), display.Full); !errors.Is(err, display.ErrBus) || !errors.Is(err, dev.err) {
		t.Errorf("Show = %v", err)
	}
	if err := p.Show(t.Context(), image.NewPaletted(image.Rect(0, 0, 1, 1), p.Format().Inks), display.Full); !errors.Is(err, display.ErrPicture) {
		t.Errorf("a small picture: %v", err)
	}
}

// A display that knows two colours gets text without shades.
func TestOneBit(t *testing.T) {
	two := color.ModelFunc(func(c color.Color) color.Color {
		if g := color.GrayModel.Convert(c).(color.Gray); g.Y < 128 {
			return color.Black
		}
		return color.White
	})
	if !few(two) || few(color.RGBAModel) || few(color.GrayModel) {
		t.Error("colour models are mistaken")
	}
}
