package cliptest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"badgekiosk/display/signal/clip"
)

// voice is a clip of a made-up word: tones that follow each other by chance.
func voice(seed uint64, seconds float64) clip.Clip {
	r := rand.New(rand.NewPCG(seed, 1))
	c := clip.Clip{Rate: 11025, Channels: 1}
	at, hz := 0., 200.
	for i := range int(seconds * 11025) {
		if i%900 == 0 {
			hz = 100 + 900*r.Float64()
		}
		at += 2 * math.Pi * hz / 11025
		c.Samples = append(c.Samples, int16(8000*math.Sin(at)))
	}
	return c
}

// TestHeard: clips are told apart and in order, on another card, softer, and
// with gaps; silence and a stranger are none.
func TestHeard(t *testing.T) {
	among := map[string]clip.Clip{}
	for i, name := range []string{"one", "two", "three", "four"} {
		among[name] = voice(uint64(i), 1+float64(i)/3)
	}
	recording := clip.Clip{Rate: 48000, Channels: 2, Samples: make([]int16, 30000)}
	for _, name := range []string{"three", "one"} {
		played := among[name].As(48000, 2).Samples
		for i := range played {
			played[i] /= 5
		}
		half := len(played) / 4 * 2
		recording.Samples = slices.Concat(recording.Samples, played[:half], make([]int16, 2000), played[half:], make([]int16, 20000))
	}
	if got := Heard(recording, among); !slices.Equal(got, []string{"three", "one"}) {
		t.Errorf("heard %q", got)
	}
	for what, r := range map[string]clip.Clip{"silence": {Rate: 48000, Channels: 2, Samples: make([]int16, 1e5)}, "a stranger": voice(9, 3), "nothing": {Rate: 8000, Channels: 1}} {
		if got := Heard(r, among); got != nil {
			t.Errorf("in %s heard %q", what, got)
		}
	}
}
