package signal

import (
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
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"badgekiosk/display/signal/clip"
)

// own are sentences of the kiosk.
func own(texts ...string) (all []Part) {
	for _, t := range texts {
		all = append(all, Part{Text: t})
	}
	return all
}

// A recital is a set of clips that a listener can tell apart: each text is a
// tone of its own, of 200 ms.
type recital map[float64]string

// texts of the recital, and their pitches.
var pieces = recital{300: "VERIFIED", 400: "NOT VERIFIED", 500: "Welding I", 600: "Riverbend Academy",
	700: "Badge is genuine.", 800: "Do not accept it.", 900: "Hold it closer"}

const pieceLasts = 200 * time.Millisecond

// beep is a clip of a tone.
func beep(hz float64, lasts time.Duration) []byte {
	c := clip.Clip{Rate: 11025, Channels: 1}
	for i := range int(lasts * 11025 / time.Second) {
		c.Samples = append(c.Samples, int16(8000*math.Sin(2*math.Pi*hz*float64(i)/11025)))
	}
	return c.Pack()
}

// clips are those of the texts that are not names, in English and Spanish,
// and names those that are.
func (r recital) clips(lasts time.Duration) (clips, names fstest.MapFS) {
	clips, names = fstest.MapFS{}, fstest.MapFS{}
	for hz, text := range r {
		file := &fstest.MapFile{Data: beep(hz, lasts)}
		if hz == 500 || hz == 600 {
			names[clip.Name(text)] = file
		} else {
			clips["en/"+clip.Name(text)], clips["es/"+clip.Name(text)] = file, file
		}
	}
	return clips, names
}

// A fakeCard plays in the test's time, and keeps what was heard.
type fakeCard struct {
	only           int           // the rate it has; 0 for any
	worn           bool          // headphones are in
	out            time.Duration // after so much sound they are pulled out; 0: never
	pulled         time.Duration // after so much sound it is pulled out; 0: never
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
	if c.pulled > 0 && c.lasted() >= c.pulled {
		return 0, syscall.ENODEV
	}
	return len(p), nil
}

func (c *fakeCard) lasted() time.Duration {
	return time.Duration(len(c.heard)/2/c.channels) * time.Second / time.Duration(c.rate)
}
func (c *fakeCard) Worn() bool                  { return c.worn && (c.out == 0 || c.lasted() < c.out) }
func (c *fakeCard) Drain(context.Context) error { c.drained = true; return nil }
func (c *fakeCard) Drop() error                 { c.cut = true; return nil }
func (c *fakeCard) Close() error                { c.closed = true; return nil }

// said is what a listener makes of it: which text of the recital each tone
// is, by its pitch, as long as one lasts.
func (c *fakeCard) said(r recital) (texts []string) {
	frames := int(pieceLasts) * c.rate / int(time.Second)
	for at := 0; at+frames/2 <= len(c.heard)/2/c.channels; at += frames {
		crossings, last, n := 0, int16(0), min(frames, len(c.heard)/2/c.channels-at)
		for i := at; i < at+n; i++ {
			v := int16(binary.LittleEndian.Uint16(c.heard[2*i*c.channels:]))
			if last < 0 && v >= 0 {
				crossings++
			}
			last = v
		}
		hz := math.Round(float64(crossings)*float64(c.rate)/float64(n)/100) * 100
		texts = append(texts, r[hz])
	}
	return texts
}

// A room has the sound cards that are opened in it, one after the other.
type room struct {
	mu    sync.Mutex
	cards []*fakeCard
	next  func() *fakeCard // nil result: none is there
}

func (r *room) open(int) (sounder, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.next()
	if c == nil {
		return nil, ErrNoSound
	}
	r.cards = append(r.cards, c)
	return c, nil
}

// TestSaid: by headphones the whole line is heard, in its order; by a
// loudspeaker only what everybody may hear, also on a card that has only
// another rate.
func TestSaid(t *testing.T) {
	sounds, names := pieces.clips(pieceLasts)
	line := Line{Lang: "es", Aloud: own("VERIFIED"), Private: []Part{
		{"Welding I", names}, {"Somebody Else", names}, {"Riverbend Academy", names}, {"Badge is genuine.", nil}, {"Nobody recorded this", nil}}}
	whole := []string{"VERIFIED", "Welding I", "Riverbend Academy", "Badge is genuine."}
	for _, c := range []struct {
		only    int
		worn    bool // by the card
		setting bool
		want    []string
	}{
		{0, false, false, whole[:1]}, {0, true, false, whole}, {0, false, true, whole}, {48000, true, false, whole}, {44100, false, false, whole[:1]},
	} {
		synctest.Test(t, func(t *testing.T) {
			card := &fakeCard{only: c.only, worn: c.worn}
			v := clips{Sound{Clips: sounds, Headphones: c.setting}, (&room{next: func() *fakeCard { return card }}).open}
			start := time.Now()
			if err := v.Speak(t.Context(), line); err != nil {
				t.Fatal(err)
			}
			if got := card.said(pieces); !slices.Equal(got, c.want) || !card.drained || !card.closed {
				t.Errorf("%+v: heard %q; drained %t, closed %t", c, got, card.drained, card.closed)
			}
			if took, want := time.Since(start), time.Duration(len(c.want))*pieceLasts; took < want-5*time.Millisecond || took > want+5*time.Millisecond {
				t.Errorf("%s of sound took %s", want, took)
			}
		})
	}
}

// TestHeadphonesOut: when headphones are pulled out in the middle nobody hears
// the rest, and a line that is for headphones alone is then silent.
func TestHeadphonesOut(t *testing.T) {
	sounds, _ := pieces.clips(pieceLasts)
	synctest.Test(t, func(t *testing.T) {
		card := &fakeCard{worn: true, out: pieceLasts + pieceLasts/2}
		v := clips{Sound{Clips: sounds}, (&room{next: func() *fakeCard { return card }}).open}
		if err := v.Speak(t.Context(), Line{Lang: "en", Aloud: own("NOT VERIFIED"), Private: own("Do not accept it.", "Hold it closer")}); err != nil {
			t.Fatal(err)
		}
		if d := card.lasted(); !card.cut || d > pieceLasts+pieceLasts/2+time.Second/sip {
			t.Errorf("%s were heard, cut %t", d, card.cut)
		}
		card.heard, card.worn = nil, false
		if err := v.Speak(t.Context(), Line{Lang: "en", Private: own("Hold it closer")}); err != nil || len(card.heard) > 0 {
			t.Errorf("advice is said by the loudspeaker, %v", err)
		}
	})
}

// TestPulledOut: a card that is pulled out in the middle is silence and a
// fault, and the next line is heard on the card that is there then.
func TestPulledOut(t *testing.T) {
	sounds, _ := pieces.clips(pieceLasts)
	synctest.Test(t, func(t *testing.T) {
		r := &room{}
		plugged := []*fakeCard{{pulled: 100 * time.Millisecond}, nil, {}}
		r.next = func() *fakeCard {
			c := plugged[0]
			plugged = plugged[1:]
			return c
		}
		s := New(Wiring{Voice: clips{Sound{Clips: sounds}, r.open}})
		for _, want := range []error{syscall.ENODEV, ErrNoSound, nil} {
			s.Say(Line{Lang: "en", Aloud: own("VERIFIED")})
			time.Sleep(time.Second)
			if err := s.Err(); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
		if last := r.cards[len(r.cards)-1]; len(r.cards) != 2 || !slices.Equal(last.said(pieces), []string{"VERIFIED"}) {
			t.Errorf("%d cards, the last said %q", len(r.cards), last.said(pieces))
		}
		s.Close()
	})
}

// TestNewestLine: a new line cuts the one that is spoken, an empty one is
// silence, and quiet hours cut all.
func TestNewestLine(t *testing.T) {
	long, _ := pieces.clips(20 * time.Second)
	short, _ := pieces.clips(time.Second)
	for _, lang := range []string{"en/", "es/"} {
		long[lang+clip.Name("VERIFIED")] = short[lang+clip.Name("VERIFIED")]
	}
	synctest.Test(t, func(t *testing.T) {
		r := &room{next: func() *fakeCard { return &fakeCard{} }}
		s := New(Wiring{Voice: clips{Sound{Clips: long}, r.open}})
		s.Say(Line{Lang: "en", Aloud: own("NOT VERIFIED")})
		time.Sleep(2 * time.Second)
		s.Say(Line{Lang: "en", Aloud: own("VERIFIED")})
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if len(r.cards) != 2 || !r.cards[0].cut || r.cards[0].lasted() > 2100*time.Millisecond || r.cards[1].cut || r.cards[1].lasted() != time.Second {
			t.Fatalf("the newer line did not take over: %d cards", len(r.cards))
		}
		s.Say(Line{Lang: "en", Aloud: own("NOT VERIFIED")})
		time.Sleep(time.Second)
		s.Say(Line{})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(r.cards) != 3 || !r.cards[2].cut {
			t.Error("silence is not silent")
		}
		s.Say(Line{Lang: "en", Aloud: own("NOT VERIFIED")})
		time.Sleep(time.Second)
		s.Hush(true)
		s.Say(Line{Lang: "en", Aloud: own("VERIFIED")})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(r.cards) != 4 || !r.cards[3].cut {
			t.Error("quiet hours are not quiet")
		}
		if err := s.Err(); err != nil {
			t.Errorf("a line that was cut is a fault: %v", err)
		}
		s.Hush(false)
		s.Say(Line{Lang: "en", Aloud: own("never recorded")})
		time.Sleep(time.Second)
		if err := s.Close(); !errors.Is(err, ErrNoClip) || len(r.cards) != 4 {
			t.Errorf("a missing clip: %v, %d cards", err, len(r.cards))
		}
	})
}

// TestClipFolder: no language leads out of the folder, and a file that is no
// sound is named.
func TestClipFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"secret", "en"} {
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o755), os.WriteFile(filepath.Join(dir, name, clip.Name("a")), []byte("no sound"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	v := clips{Sound{Clips: os.DirFS(dir)}, (&room{next: func() *fakeCard { return &fakeCard{} }}).open}
	for _, lang := range []string{"..", ".", "../secret", "", "en/../secret"} {
		if err := v.Speak(t.Context(), Line{Lang: lang, Aloud: own("a")}); !errors.Is(err, ErrNoClip) {
			t.Errorf("%q: %v", lang, err)
		}
	}
	if err := v.Speak(t.Context(), Line{Lang: "en", Aloud: own("a")}); !errors.Is(err, clip.ErrWAV) || !strings.Contains(err.Error(), "en/"+clip.Name("a")) {
		t.Errorf("a file that is no sound: %v", err)
	}
}

// TestFirstVoice: where there is no clip the next voice speaks, and an
// installed espeak-ng says no names, and nothing private without headphones.
func TestFirstVoice(t *testing.T) {
	if FirstVoice(nil, nil) != nil {
		t.Error("no voice is one")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\ncat >>" + filepath.Join(dir, "said") + "\necho >>" + filepath.Join(dir, "said") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	line := Line{Lang: "en", Aloud: own("VERIFIED"), Private: []Part{{"Welding I", fstest.MapFS{}}, {"Badge is genuine.", nil}}}
	for _, worn := range []bool{false, true} {
		v := FirstVoice(clips{Sound{Clips: fstest.MapFS{}}, nil}, ESpeak(worn))
		if err := v.Speak(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}
	said, err := os.ReadFile(filepath.Join(dir, "said"))
	if want := "Verified\nVerified\nBadge is genuine.\n"; err != nil || string(said) != want {
		t.Errorf("said %q, %v, want %q", said, err, want)
	}
	t.Setenv("PATH", t.TempDir())
	if ESpeak(true) != nil {
		t.Error("espeak-ng is found where there is none")
	}
}
