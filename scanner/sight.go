package scanner

import (
	"cmp"
	"context"
	"image"
	"slices"
	"time"
)

// A Sight is what one frame had to say.
type Sight struct {
	// At is when the frame was taken.
	At time.Time
	// Payloads are what is news: complete, and not in sight just before.
	// Those of one frame are in the order of their codes from left to right.
	Payloads []Payload
	// Hint says why a code in the frame was not read.
	Hint Hint
	// Progress tells how far a message in several codes is.
	Progress Progress
	// Small is the frame's picture, made to fit into [Scanner.Preview]; nil
	// if that is zero or the frame is a text. The next Look writes over it.
	Small *image.Gray
}

// Look takes the next frame and returns what it has to say: for a kiosk's
// loop, which has hints to show and a light to pulse between two payloads.
// Nothing of the frame's picture is left in memory afterwards but Small. Its
// error is the camera's: io.EOF at the end of a recording, ctx's when that
// ends.
func (s *Scanner) Look(ctx context.Context) (Sight, error) {
	if err := s.Camera.Next(ctx, &s.frame); err != nil {
		return Sight{}, err
	}
	f := &s.frame
	x := Sight{At: f.At}
	s.hint = Hint{}
	if f.Text != nil {
		clear(s.small.Pix)
		x.Payloads = s.news(nil, &Symbol{Text: string(f.Text), Bytes: slices.Clone(f.Text)}, f.At)
		f.Text = nil
	} else {
		x.Small = s.shrink(f)
		x.Payloads = s.read(f)
	}
	s.forget(f.At)
	x.Hint, x.Progress = s.hint, s.joiner.Progress()
	return x, nil
}

// read returns the news of a picture, whose memory it wipes.
func (s *Scanner) read(f *Frame) (news []Payload) {
	found := s.Reader.Read(f)
	slices.SortStableFunc(found, func(a, b Symbol) int { return cmp.Compare(a.left(), b.left()) })
	for i := range found {
		news = s.news(news, &found[i], f.At)
	}
	if h, ok := s.Reader.(Hinter); ok {
		s.hint = h.Hint()
	}
	s.wipeFrame()
	return news
}

// left is how far a symbol is from the frame's left edge, in pixels.
func (y *Symbol) left() int {
	c := &y.Corners
	return min(c[0].X, c[1].X, c[2].X, c[3].X)
}

// A Wiper is a reader that can clear what it has kept of a frame's picture
// and of its codes, and is called after each frame, the codes taken; or a
// camera that can clear pictures that nobody took, called when the kiosk
// blanks.
type Wiper interface {
	Wipe()
}

// wipeFrame overwrites the frame and what the reader made of it.
func (s *Scanner) wipeFrame() {
	clear(s.frame.Pix)
	if w, ok := s.Reader.(Wiper); ok {
		w.Wipe()
	}
}

// Wipe overwrites what the scanner holds of pictures and of messages that
// are not complete: for a kiosk that blanks its screen. What was in sight
// just before still counts once.
func (s *Scanner) Wipe() {
	s.wipeFrame()
	if w, ok := s.Camera.(Wiper); ok {
		w.Wipe()
	}
	clear(s.small.Pix)
	clear(s.queue[:cap(s.queue)])
	s.queue = s.queue[:0]
	s.hint = Hint{}
	s.joiner.Wipe()
}

// shrink makes the frame's small picture, by the mean of four of the pixels
// that become one.
func (s *Scanner) shrink(f *Frame) *image.Gray {
	w, h := f.Rect.Dx(), f.Rect.Dy()
	if s.Preview.X <= 0 || s.Preview.Y <= 0 || w == 0 || h == 0 {
		return nil
	}
	n := max(1, (w+s.Preview.X-1)/s.Preview.X, (h+s.Preview.Y-1)/s.Preview.Y)
	m := &s.small
	m.Rect, m.Stride = image.Rect(0, 0, w/n, h/n), w/n
	if cap(m.Pix) < m.Rect.Dx()*m.Rect.Dy() {
		m.Pix = make([]byte, m.Rect.Dx()*m.Rect.Dy())
	}
	m.Pix = m.Pix[:m.Rect.Dx()*m.Rect.Dy()]
	near, far := n/4, n-1-n/4
	for y := range m.Rect.Dy() {
		a, b := f.Pix[(y*n+near)*f.Stride:], f.Pix[(y*n+far)*f.Stride:]
		out := m.Pix[y*m.Stride : (y+1)*m.Stride]
		for x := range out {
			i := x * n
			out[x] = byte((int(a[i+near]) + int(a[i+far]) + int(b[i+near]) + int(b[i+far]) + 2) / 4)
		}
	}
	return m
}
