package kms

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"badgekiosk/display"
)

// The kernel's structures are as long as it expects them.
func TestFrameBufferABI(t *testing.T) {
	fix := uintptr(80)
	if unsafe.Sizeof(uintptr(0)) == 4 {
		fix = 68
	}
	if v, x := unsafe.Sizeof(fbVar{}), unsafe.Sizeof(fbFix{}); v != 160 || x != fix {
		t.Errorf("fb_var_screeninfo of %d bytes, want 160; fb_fix_screeninfo of %d, want %d", v, x, fix)
	}
}

// A frame buffer shows what was drawn, line by line, and nothing when closed;
// what is no frame buffer is an error.
func TestFrameBuffer(t *testing.T) {
	const width, height, depth, pitch = 120, 100, 2, 256
	f, err := os.Create(filepath.Join(t.TempDir(), "fb"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(pitch * height); err != nil {
		t.Fatal(err)
	}
	if _, err := openFrameBuffer(f); err == nil {
		t.Error("a file was taken for a frame buffer")
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, pitch*height, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDev(&frameBuffer{File: f, mem: mem, pitch: pitch, depth: depth}, image.Pt(width, height), image.Point{})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewPaletted(image.Rect(0, 0, width, height), d.Format().Inks)
	img.SetColorIndex(3, 7, 1) // ink on paper
	if err := d.Show(t.Context(), img, display.Full); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	for y := range height {
		for x := range width {
			want := uint16(0xFFFF)
			if x == 3 && y == 7 {
				want = 0
			}
			if at := y*pitch + x*depth; uint16(seen[at])|uint16(seen[at+1])<<8 != want {
				t.Fatalf("pixel %d,%d is %02X%02X, want %04X", x, y, seen[at+1], seen[at], want)
			}
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if seen, _ = os.ReadFile(f.Name()); seen[7*pitch] != 0 || seen[0] != 0 {
		t.Error("something stays on a closed frame buffer")
	}
}
