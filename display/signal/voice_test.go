package signal

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// wav is a sound file of a 440 Hz tone.
func wav(rate, channels int, lasts time.Duration) []byte {
	frames := int(lasts * time.Duration(rate) / time.Second)
	var data []byte
	for i := range frames {
		v := int16(8000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
		for range channels {
			data = binary.LittleEndian.AppendUint16(data, uint16(v))
		}
	}
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(4+8+16+8+len(data)))
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00"...)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(2*rate*channels))
	b = le.AppendUint16(b, uint16(2*channels))
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

// A fakeCard plays in the test's time, and keeps what was heard.
type fakeCard struct {
	only           int // the rate it has; 0 for any
	rate, channels int
	heard          []byte
	drained, cut   bool
	closed         bool
}

func (c *fakeCard) Start(rate, channels int) error {
	if c.only != 0 && (rate != c.only || channels != 2) {
		return fmt.Errorf("%w: %d Hz", errUnfit, rate)
	}
	c.rate, c.channels = rate, channels
	return nil
}

func (c *fakeCard) Write(p []byte) (int, error) {
	time.Sleep(time.Duration(len(p)/2/c.channels) * time.Second / time.Duration(c.rate))
	c.heard = append(c.heard, p...)
	return len(p), nil
}
func (c *fakeCard) Drain() error { c.drained = true; return nil }
func (c *fakeCard) Drop() error  { c.cut = true; return nil }
func (c *fakeCard) Close() error { c.closed = true; return nil }

// pitchOf is the tone that a listener hears: how often it crosses zero upward.
func (c *fakeCard) pitchOf() float64 {
	crossings, last := 0, int16(0)
	n := len(c.heard) / 2 / c.channels
	for i := range n {
		v := int16(binary.LittleEndian.Uint16(c.heard[2*i*c.channels:]))
		if last < 0 && v >= 0 {
			crossings++
		}
		last = v
	}
	return float64(crossings) * float64(c.rate) / float64(n)
}

func clipFolder(t *testing.T, clips map[string][]byte) string {
	dir := t.TempDir()
	for name, data := range clips {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestClip: a clip sounds as long and as high as it was recorded, also on a
// card that has only another rate.
func TestClip(t *testing.T) {
	dir := clipFolder(t, map[string][]byte{"es/verified.wav": wav(22050, 1, time.Second)})
	for _, only := range []int{0, 48000, 44100} {
		synctest.Test(t, func(t *testing.T) {
			card := &fakeCard{only: only}
			v := clips{dir, func() (sounder, error) { return card, nil }}
			start := time.Now()
			if err := v.Speak(t.Context(), Line{Lang: "es", Key: "verified"}); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took < 990*time.Millisecond || took > 1010*time.Millisecond {
				t.Errorf("a second of sound took %s", took)
			}
			if hz := card.pitchOf(); math.Abs(hz-440) > 3 || !card.drained || !card.closed {
				t.Errorf("%.0f Hz was heard, want 440; drained %t, closed %t", hz, card.drained, card.closed)
			}
		})
	}
}

// TestNewestLine: a new line cuts the one that is spoken, and quiet hours cut
// all.
func TestNewestLine(t *testing.T) {
	dir := clipFolder(t, map[string][]byte{"en/long.wav": wav(8000, 2, 20*time.Second), "en/short.wav": wav(8000, 1, time.Second)})
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var cards []*fakeCard
		s := New(Wiring{Voice: clips{dir, func() (sounder, error) {
			mu.Lock()
			defer mu.Unlock()
			cards = append(cards, &fakeCard{})
			return cards[len(cards)-1], nil
		}}})
		s.Say(Line{Lang: "en", Key: "long"})
		time.Sleep(2 * time.Second)
		s.Say(Line{Lang: "en", Key: "short"})
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if len(cards) != 2 || !cards[0].cut || len(cards[0].heard) > 9*8000 || cards[1].cut || len(cards[1].heard) != 2*8000 {
			t.Fatalf("the newer line did not take over: %d cards", len(cards))
		}
		s.Say(Line{Lang: "en", Key: "long"})
		time.Sleep(time.Second)
		s.Hush(true)
		s.Say(Line{Lang: "en", Key: "short"})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(cards) != 3 || !cards[2].cut {
			t.Error("quiet hours are not quiet")
		}
		if err := s.Err(); err != nil {
			t.Errorf("a line that was cut is a fault: %v", err)
		}
		s.Hush(false)
		s.Say(Line{Lang: "en", Key: "never-recorded"})
		time.Sleep(time.Second)
		if err := s.Close(); !errors.Is(err, ErrNoClip) {
			t.Errorf("a missing clip: %v", err)
		}
	})
}

// TestClipNames: no key leads out of the folder.
func TestClipNames(t *testing.T) {
	dir := clipFolder(t, map[string][]byte{"secret.wav": wav(8000, 1, time.Second), "en/a.wav": []byte("no sound")})
	v := clips{filepath.Join(dir, "en"), func() (sounder, error) { return &fakeCard{}, nil }}
	for _, l := range []Line{{Lang: "..", Key: "secret"}, {Lang: ".", Key: "a"}, {Lang: "en", Key: "../../secret"}, {Lang: "", Key: "a"}} {
		if err := v.Speak(t.Context(), l); !errors.Is(err, ErrNoClip) {
			t.Errorf("%q: %v", l, err)
		}
	}
	v.dir = dir
	if err := v.Speak(t.Context(), Line{Lang: "en", Key: "a"}); !errors.Is(err, ErrWAV) {
		t.Errorf("a file that is no sound: %v", err)
	}
}

// TestFirstVoice: where there is no clip the next voice speaks.
func TestFirstVoice(t *testing.T) {
	if FirstVoice(nil, nil) != nil {
		t.Error("no voice is one")
	}
	var said []string
	v := FirstVoice(clips{t.TempDir(), nil}, voiceFunc(func(_ context.Context, l Line) error {
		said = append(said, l.Text)
		return nil
	}))
	if err := v.Speak(t.Context(), Line{Lang: "en", Key: "x", Text: "hello"}); err != nil || !slices.Equal(said, []string{"hello"}) {
		t.Errorf("said %q, %v", said, err)
	}
}

type voiceFunc func(context.Context, Line) error

func (f voiceFunc) Speak(ctx context.Context, l Line) error { return f(ctx, l) }

// TestESpeak: the program is given the language, and the words by its input,
// where no other user sees them.
func TestESpeak(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "said")
	program := filepath.Join(dir, "espeak-ng")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$@\" >"+out+"\ncat >>"+out+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	v := ESpeak()
	if v == nil {
		t.Fatal("an installed espeak-ng is not found")
	}
	long := strings.Repeat("é", MaxSpoken)
	if err := v.Speak(t.Context(), Line{Lang: "zh", Text: "--help " + long}); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(out)
	if want := "-v cmn --stdin\n--help é"; err != nil || !strings.HasPrefix(string(said), want) || len(said) > MaxSpoken+20 {
		t.Errorf("said %.40q (%d bytes), %v, want %q…", said, len(said), err, want)
	}
	if err := v.Speak(t.Context(), Line{Lang: "-w/tmp/x", Text: "x"}); err == nil {
		t.Error("an option is a language")
	}
	t.Setenv("PATH", t.TempDir())
	if ESpeak() != nil {
		t.Error("espeak-ng is found where there is none")
	}
}

// TestWAVMangled: a file that is cut anywhere, or changed in any byte of its
// head, is a clip or ErrWAV, and never longer than the file.
func TestWAVMangled(t *testing.T) {
	whole := wav(8000, 2, 10*time.Millisecond)
	check := func(data []byte) {
		c, err := ReadWAV(bytes.NewReader(data))
		if err != nil && !errors.Is(err, ErrWAV) || err == nil && 2*len(c.Samples) > len(data) {
			t.Fatalf("%d bytes: %d samples, %v", len(data), len(c.Samples), err)
		}
	}
	for i := range whole {
		check(whole[:i])
	}
	for i := range 44 {
		for bit := range 8 {
			b := slices.Clone(whole)
			b[i] ^= 1 << bit
			check(b)
		}
	}
}

// FuzzReadWAV: no file makes it fall over, and what it reads can be played.
func FuzzReadWAV(f *testing.F) {
	f.Add(wav(8000, 1, 5*time.Millisecond))
	f.Add(wav(48000, 2, time.Millisecond))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVELIST\x01\x00\x00\x00xx"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadWAV(bytes.NewReader(data))
		if err != nil {
			return
		}
		if c.Channels < 1 || c.Channels > 2 || len(c.Samples)%c.Channels != 0 || c.Lasts() > time.Hour {
			t.Errorf("%d samples in %d channels at %d Hz", len(c.Samples), c.Channels, c.Rate)
		}
		if got := c.as(48000, 2); len(got.Samples) > 12*2*len(c.Samples) {
			t.Errorf("%d samples became %d", len(c.Samples), len(got.Samples))
		}
	})
}

// TestStereoToMono: two channels become their mean, and half way between two
// samples lies half way.
func TestStereoToMono(t *testing.T) {
	c := Clip{Rate: 8000, Channels: 2, Samples: []int16{100, 300, -200, -400}}
	if got := c.as(8000, 1); !slices.Equal(got.Samples, []int16{200, -300}) {
		t.Errorf("%v", got.Samples)
	}
	c = Clip{Rate: 8000, Channels: 1, Samples: []int16{0, 100, 200}}
	if got := c.as(16000, 1); !slices.Equal(got.Samples, []int16{0, 50, 100, 150, 200, 200}) {
		t.Errorf("%v", got.Samples)
	}
}
