package scanner

import (
	"context"
	"io"
	"testing"
	"time"
)

// A reel is a camera whose frames are texts, or nil for an empty picture.
type reel struct {
	texts []string
	step  time.Duration
	at    time.Time
}

func (r *reel) Next(_ context.Context, f *Frame) error {
	if len(r.texts) == 0 {
		return io.EOF
	}
	*f = Frame{At: r.at}
	if r.texts[0] != "" {
		f.Text = []byte(r.texts[0])
	}
	r.texts, r.at = r.texts[1:], r.at.Add(r.step)
	return nil
}

func (r *reel) Close() error { return nil }

type blind struct{}

func (blind) Read(*Frame) []Symbol { return nil }

// TestOnce counts a code held in view once, a different one at once, and the
// first again when it comes back later.
func TestOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		step time.Duration
		in   []string
		want []string
	}{
		{"held", time.Second, []string{"a", "a", "", "a", "a", "a"}, []string{"a"}},
		{"another", time.Second, []string{"a", "b", "a", "b"}, []string{"a", "b"}},
		{"back later", time.Second, []string{"a", "", "", "", "", "a"}, []string{"a", "a"}},
	} {
		s := Scanner{Camera: &reel{texts: c.in, step: c.step, at: time.Unix(0, 0)}, Reader: blind{}}
		var got []string
		for {
			p, err := s.Next(context.Background())
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(p.Data))
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	}
}
