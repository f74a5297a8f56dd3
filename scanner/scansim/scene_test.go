package scansim

import (
	"bytes"
	"image"
	"testing"
)

// TestScene makes the same picture of the same scene, and another of another
// seed.
func TestScene(t *testing.T) {
	s := Scene{Kind: Screen, Quality: Typical, Version: 10, Level: 'L', Module: 4, Frame: image.Pt(640, 480), Seed: 1}
	a, text, err := s.Render()
	if err != nil || len(text) != 271 {
		t.Fatalf("%d bytes, %v, want 271: ISO/IEC 18004 Table 7", len(text), err)
	}
	b, _, _ := s.Render()
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("the same scene looks different")
	}
	s.Seed++
	if c, _, _ := s.Render(); bytes.Equal(a.Pix, c.Pix) {
		t.Error("another seed looks the same")
	}
	s.Version = 40
	if _, _, err := s.Render(); err == nil {
		t.Error("a code larger than the frame was drawn")
	}
}

// TestCapacity holds some of Table 7.
func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		version int
		level   byte
		want    int
	}{{1, 'L', 17}, {9, 'H', 98}, {10, 'H', 119}, {15, 'L', 520}, {25, 'L', 1273}, {40, 'L', 2953}, {41, 'L', 0}} {
		if got := Capacity(c.version, c.level); got != c.want {
			t.Errorf("version %d-%c holds %d bytes, want %d", c.version, c.level, got, c.want)
		}
	}
}
