package kms

import (
	"context"
	"errors"
	"image"
	"syscall"
	"testing"

	"badgekiosk/display"
)

func sample(d *Dev, title string) *image.Paletted {
	return display.Render(display.Screen{Mark: display.Check, Word: "CHECK", Say: "A person must look.", Title: title}, d.Format())
}

// differ counts the pixels that a person would not see as they were drawn.
func differ(g *Glass, img *image.Paletted) (n int) {
	seen := g.Picture()
	for i := range img.Pix {
		if seen.Palette[seen.Pix[i]] != img.Palette[img.Pix[i]] {
			n++
		}
	}
	return n
}

// TestShow shows pictures on cards that show memory as it is and on those
// that must be told, and finds every pixel.
func TestShow(t *testing.T) {
	for _, lazy := range []bool{false, true} {
		d, g, err := Emulate(image.Pt(800, 480), lazy, display.Colours())
		if err != nil {
			t.Fatal(err)
		}
		for i, how := range []display.Refresh{display.Partial, display.Partial, display.Fast, display.Full} {
			img := sample(d, "Welding "+string(rune('A'+i)))
			if err := d.Show(t.Context(), img, how); err != nil {
				t.Fatal(err)
			}
			if n := differ(g, img); n > 0 {
				t.Errorf("lazy %v, picture %d: %d pixels are wrong", lazy, i, n)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		for _, f := range g.Misuse() {
			t.Errorf("lazy %v: %s", lazy, f)
		}
	}
}

// A small change tells a lazy card of a small rectangle only.
func TestShowDirty(t *testing.T) {
	d, g, err := Emulate(image.Pt(480, 320), true, display.Colours())
	if err != nil {
		t.Fatal(err)
	}
	img := sample(d, "Welding")
	if err := d.Show(t.Context(), img, display.Full); err != nil {
		t.Fatal(err)
	}
	img.SetColorIndex(100, 200, 3)
	img.SetColorIndex(110, 202, 3)
	if got, want := d.changed(img), image.Rect(100, 200, 111, 203); got != want {
		t.Errorf("the change is %v, want %v", got, want)
	}
	if err := d.Show(t.Context(), img, display.Partial); err != nil || differ(g, img) > 0 {
		t.Errorf("%v, %d pixels are wrong", err, differ(g, img))
	}
}

// Every call that fails ends in an error, and leaves nothing behind; a flush
// that fails is made good by the next Show.
func TestFailures(t *testing.T) {
	for _, call := range []string{"resources", "createDumb", "addFB", "mapDumb", "setCRTC"} {
		g := newGlass(image.Pt(480, 320), true, display.Colours())
		g.failures[call] = syscall.EBUSY
		if _, err := openCard(g); !errors.Is(err, syscall.EBUSY) {
			t.Errorf("%s failed: %v", call, err)
		}
		if g.mem != nil || g.lit != 0 {
			t.Errorf("%s failed, and memory is left", call)
		}
	}
	g := newGlass(image.Pt(480, 320), true, display.Colours())
	g.unplug = true
	if _, err := openCard(g); !errors.Is(err, display.ErrNoScreen) {
		t.Errorf("no screen: %v", err)
	}
	d, g, err := Emulate(image.Pt(480, 320), true, display.Colours())
	if err != nil {
		t.Fatal(err)
	}
	g.failures["dirty"] = syscall.EIO
	img := sample(d, "Welding")
	if err := d.Show(t.Context(), img, display.Partial); !errors.Is(err, syscall.EIO) {
		t.Errorf("flush failed: %v", err)
	}
	delete(g.failures, "dirty")
	if err := d.Show(t.Context(), img, display.Partial); err != nil || differ(g, img) > 0 {
		t.Errorf("after a failure: %v, %d pixels are wrong", err, differ(g, img))
	}
	if err := d.Show(t.Context(), image.NewPaletted(image.Rect(0, 0, 9, 9), img.Palette), display.Full); !errors.Is(err, display.ErrPicture) {
		t.Errorf("a picture of another size: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Show(ctx, img, display.Full); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Show: %v", err)
	}
}

// depth2 is a frame buffer of 16 bits a pixel.
type depth2 struct{ mem []byte }

func (b *depth2) frame() ([]byte, int, int)   { return b.mem, 2 * 480, 2 }
func (b *depth2) flush(image.Rectangle) error { return nil }
func (b *depth2) close() error                { return nil }

func TestShow16(t *testing.T) {
	b := &depth2{make([]byte, 2*480*320)}
	d, err := newDev(b, image.Pt(480, 320), image.Pt(73, 49))
	if err != nil {
		t.Fatal(err)
	}
	img := sample(d, "Welding")
	if err := d.Show(t.Context(), img, display.Full); err != nil {
		t.Fatal(err)
	}
	for i, ink := range img.Pix {
		r, g, bl, _ := img.Palette[ink].RGBA()
		want := r>>11<<11 | g>>10<<5 | bl>>11
		if got := uint32(b.mem[2*i]) | uint32(b.mem[2*i+1])<<8; got != want {
			t.Fatalf("pixel %d is %04X, want %04X", i, got, want)
		}
	}
}
