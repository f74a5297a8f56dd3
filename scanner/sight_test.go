package scanner

import (
	"bytes"
	"context"
	"image"
	"io"
	"slices"
	"testing"
	"time"
)

// A still is a camera that shows one picture again and again, step apart.
type still struct {
	image.Gray
	at     time.Time
	step   time.Duration
	frames int
	given  []byte // the memory that the last frame is in
	wiped  bool
}

func (c *still) Next(_ context.Context, f *Frame) error {
	if c.frames == 0 {
		return io.EOF
	}
	c.frames--
	f.Pix = append(f.Pix[:0], c.Pix...)
	f.Stride, f.Rect, f.At, f.Text = c.Stride, c.Rect, c.at, nil
	c.at, c.given = c.at.Add(c.step), f.Pix
	return nil
}

func (c *still) Close() error { return nil }

func (c *still) Wipe() { c.wiped = true }

// A prompter is a reader that sees the symbols of each frame in turn.
type prompter struct {
	frames [][]Symbol
	wiped  int
}

func (p *prompter) Read(*Frame) []Symbol {
	now := p.frames[0]
	if len(p.frames) > 1 {
		p.frames = p.frames[1:]
	}
	return slices.Clone(now)
}

func (p *prompter) Wipe() { p.wiped++ }

func at(text string, x int) Symbol {
	return Symbol{Text: text, Corners: [4]image.Point{{X: x + 50}, {X: x}, {X: x, Y: 50}, {X: x + 50, Y: 50}}}
}

func stripes(w, h int) image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(1 + i%255)
	}
	return *m
}

// TestSeveralBadges delivers all badges of a frame from left to right, and a
// further one at once.
func TestSeveralBadges(t *testing.T) {
	p := prompter{frames: [][]Symbol{
		{at("right", 900), at("left", 10), at("middle", 300)},
		{at("middle", 300), at("new", 700), at("left", 10)},
		{at("left", 500)},
	}}
	s := Scanner{Camera: &still{Gray: stripes(64, 64), at: start, step: time.Second, frames: 3}, Reader: &p}
	for i, want := range [][]string{{"left", "middle", "right"}, {"new"}, nil} {
		x, err := s.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range x.Payloads {
			got = append(got, string(p.Data))
		}
		if !slices.Equal(got, want) {
			t.Errorf("frame %d: %q, want %q", i, got, want)
		}
		if want := start.Add(time.Duration(i) * time.Second); !x.At.Equal(want) {
			t.Errorf("frame %d at %v", i, x.At)
		}
	}
	if _, err := s.Look(t.Context()); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	p.frames = [][]Symbol{{at("b", 20), at("a", 10)}}
	s = Scanner{Camera: &still{Gray: stripes(64, 64), at: start, frames: 1}, Reader: &p}
	for _, want := range []string{"a", "b"} {
		if got, err := s.Next(t.Context()); err != nil || string(got.Data) != want {
			t.Errorf("Next: %q, %v, want %q", got.Data, err, want)
		}
	}
}

// TestSameBadge counts a badge again when it was out of sight for Again, at
// whichever rate the camera works.
func TestSameBadge(t *testing.T) {
	for _, c := range []struct{ away, want int }{{4, 1}, {8, 2}} { // frames of half a second
		p := prompter{frames: [][]Symbol{{at("a", 0)}, {at("a", 0)}}}
		p.frames = append(p.frames, make([][]Symbol, c.away)...)
		p.frames = append(p.frames, []Symbol{at("a", 0)})
		s := Scanner{Camera: &still{Gray: stripes(64, 64), at: start, step: time.Second / 2, frames: len(p.frames)}, Reader: &p, Again: 3 * time.Second}
		n := 0
		for {
			if _, err := s.Next(t.Context()); err == io.EOF {
				break
			}
			n++
		}
		if n != c.want {
			t.Errorf("%d frames out of sight: counted %d times, want %d", c.away, n, c.want)
		}
	}
}

// TestFrameIsWiped leaves nothing of a frame in memory when it was read, and
// nothing of a half message or a small picture when the kiosk blanks.
func TestFrameIsWiped(t *testing.T) {
	camera := &still{Gray: stripes(320, 240), at: start, frames: 2}
	part := sequence("Amelia's badge", 2)[0]
	p := &prompter{frames: [][]Symbol{{*part}}}
	s := Scanner{Camera: camera, Reader: p, Preview: image.Pt(100, 100)}
	x, err := s.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsFunc(camera.given[:cap(camera.given)], func(r rune) bool { return r != 0 }) || p.wiped != 1 {
		t.Errorf("the frame is still in memory; the reader was wiped %d times", p.wiped)
	}
	if x.Progress != (Progress{1, 2}) || len(x.Small.Pix) == 0 || x.Small.Pix[0] == 0 {
		t.Fatalf("%+v", x)
	}
	var kept []byte
	for _, m := range s.joiner.open {
		kept = m.parts[0]
	}
	if !bytes.HasSuffix(kept, []byte("Amelia'")) {
		t.Fatalf("the half message is %q", kept)
	}
	s.Wipe()
	for name, b := range map[string][]byte{"the small picture": x.Small.Pix, "half a message": kept} {
		if !bytes.Equal(b, make([]byte, len(b))) {
			t.Errorf("%s is still in memory", name)
		}
	}
	if !camera.wiped {
		t.Error("the camera was not told to wipe")
	}
	if s.Progress() != (Progress{}) || s.Hint() != (Hint{}) {
		t.Errorf("%+v, %+v after a wipe", s.Progress(), s.Hint())
	}
}

// TestPreview makes a small picture of each frame that fits, at the frame's
// proportions.
func TestPreview(t *testing.T) {
	for _, c := range []struct{ frame, into, want image.Point }{
		{image.Pt(1280, 720), image.Pt(320, 240), image.Pt(320, 180)},
		{image.Pt(640, 480), image.Pt(240, 240), image.Pt(213, 160)},
		{image.Pt(64, 48), image.Pt(320, 240), image.Pt(64, 48)},
		{image.Pt(1279, 719), image.Pt(200, 200), image.Pt(182, 102)},
	} {
		m := image.NewGray(image.Rectangle{Max: c.frame})
		for i := range m.Pix { // dark, with a light right half
			if i%c.frame.X >= c.frame.X/2 {
				m.Pix[i] = 200
			}
		}
		s := Scanner{Camera: &still{Gray: *m, at: start, frames: 1}, Reader: blind{}, Preview: c.into}
		x, err := s.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := x.Small.Rect.Size(); got != c.want {
			t.Errorf("%v into %v: %v, want %v", c.frame, c.into, got, c.want)
			continue
		}
		y := c.want.Y - 1
		if l, r := x.Small.GrayAt(1, y).Y, x.Small.GrayAt(c.want.X-2, y).Y; l != 0 || r != 200 {
			t.Errorf("%v into %v: %d and %d in the last row, want 0 and 200", c.frame, c.into, l, r)
		}
	}
	s := Scanner{Camera: &still{Gray: stripes(64, 64), at: start, frames: 1}, Reader: blind{}}
	if x, err := s.Look(t.Context()); err != nil || x.Small != nil {
		t.Errorf("a picture that nobody asked for: %v, %v", x.Small, err)
	}
}
