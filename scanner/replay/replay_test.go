package replay

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
)

// TestReplay shows a folder's pictures in the order of their names, names
// the file that is none, and ends.
func TestReplay(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"2.png", "1.png", "3.txt"} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 10+i, 10))); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".txt") {
			b.Reset()
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Unix(1000, 0)
	c, err := Open(start, time.Second, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var f scanner.Frame
	for i, width := range []int{11, 10} {
		if err := c.Next(context.Background(), &f); err != nil || f.Rect.Dx() != width || !f.At.Equal(start.Add(time.Duration(i)*time.Second)) {
			t.Errorf("frame %d: width %d at %v, %v, want %d", i, f.Rect.Dx(), f.At, err, width)
		}
	}
	if err := c.Next(context.Background(), &f); !errors.Is(err, scanner.ErrNotPicture) || !strings.Contains(err.Error(), "3.txt") {
		t.Errorf("text file: %v", err)
	}
	if err := c.Next(context.Background(), &f); err != io.EOF {
		t.Errorf("at the end: %v, want EOF", err)
	}
}

// TestOpen names what is not there.
func TestOpen(t *testing.T) {
	if _, err := Open(time.Time{}, 0, "no-such-folder"); err == nil || !strings.Contains(err.Error(), "no-such-folder") {
		t.Errorf("%v", err)
	}
	if _, err := Open(time.Time{}, 0, t.TempDir()); err == nil {
		t.Error("an empty folder opened")
	}
}
