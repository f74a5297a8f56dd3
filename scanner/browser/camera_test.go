package browser

import (
	"bytes"
	"context"
	"image"
	"testing"
	"time"

	"badgekiosk/scanner"
)

// TestWipe leaves nothing of a picture that nobody took, and gives it to
// nobody; a text stays.
func TestWipe(t *testing.T) {
	c := newCamera()
	size := image.Pt(4, 2)
	for range 2 { // one to take, one to be overtaken
		if err := c.expose(bytes.NewReader(bytes.Repeat([]byte{7}, 8)), size); err != nil {
			t.Fatal(err)
		}
	}
	c.Type([]byte("a badge"))
	c.Wipe()
	for _, b := range [][]byte{c.frame.Pix, c.spare} {
		if len(b) == 0 || !bytes.Equal(b, make([]byte, len(b))) {
			t.Errorf("%v is still in memory", b)
		}
	}
	var f scanner.Frame
	if err := c.Next(t.Context(), &f); err != nil || string(f.Text) != "a badge" {
		t.Errorf("the text is %q, %v", f.Text, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Next(ctx, &f); err != context.DeadlineExceeded {
		t.Errorf("a wiped picture came out: %v", err)
	}
}
