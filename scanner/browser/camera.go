package browser

import (
	"context"
	"image"
	"io"
	"sync"
	"time"

	"badgekiosk/scanner"
)

// A Camera gives what one page sent: grey pictures from the computer's
// camera, and texts that were pasted or chosen. A text is never lost to a
// picture that came after it.
type Camera struct {
	mu     sync.Mutex
	frame  scanner.Frame // the newest picture, if fresh
	fresh  bool
	spare  []byte // memory for the next picture
	text   []byte // the newest text that nobody read, if not nil
	textAt time.Time
	closed bool
	wake   chan struct{} // holds one when there may be news
}

func newCamera() *Camera { return &Camera{wake: make(chan struct{}, 1)} }

// Next fills f with the newest text or picture, and waits for one. It returns
// io.EOF after Close.
func (c *Camera) Next(ctx context.Context, f *scanner.Frame) error {
	for {
		if done, err := c.take(f); done {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.wake:
		}
	}
}

// take swaps the newest picture's memory with f's: no pixel is copied.
func (c *Camera) take(f *scanner.Frame) (done bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return true, io.EOF
	case c.text != nil:
		f.Text, f.At, f.Gray.Rect = c.text, c.textAt, image.Rectangle{}
		c.text = nil
		return true, nil
	case c.fresh:
		c.frame.Pix, f.Pix = f.Pix[:0], c.frame.Pix
		f.Stride, f.Rect, f.At, f.Text = c.frame.Stride, c.frame.Rect, c.frame.At, nil
		c.fresh = false
		return true, nil
	}
	return false, nil
}

// Wipe overwrites the picture that nobody took. A text stays.
func (c *Camera) Wipe() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.frame.Pix)
	clear(c.spare)
	c.fresh = false
}

// Close ends the camera: Next returns io.EOF.
func (c *Camera) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.signal()
	return nil
}

// Type gives text as a hand scanner would.
func (c *Camera) Type(text []byte) {
	c.mu.Lock()
	c.text, c.textAt = text, time.Now()
	c.mu.Unlock()
	c.signal()
}

// expose reads one grey picture of the given size from r. An error leaves
// what was there.
func (c *Camera) expose(r io.Reader, size image.Point) error {
	at := time.Now()
	c.mu.Lock()
	pix := c.spare
	c.spare = nil
	c.mu.Unlock()
	n := size.X * size.Y
	if cap(pix) < n {
		pix = make([]byte, n)
	}
	pix = pix[:n]
	_, err := io.ReadFull(r, pix)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.spare = pix
		return err
	}
	c.spare = c.frame.Pix
	c.frame.Pix, c.frame.Stride, c.frame.Rect, c.frame.At = pix, size.X, image.Rectangle{Max: size}, at
	c.fresh = true
	c.signal()
	return nil
}

func (c *Camera) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
