package clip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"slices"
	"testing"
	"time"
)

// tone is a clip of hz.
func tone(rate, channels int, hz float64, lasts time.Duration) Clip {
	c := Clip{Rate: rate, Channels: channels}
	for i := range int(lasts * time.Duration(rate) / time.Second) {
		for range channels {
			c.Samples = append(c.Samples, int16(12000*math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
		}
	}
	return c
}

// loudness is how much of hz there is in a clip of one channel, in dB of full
// scale.
func (c Clip) loudness(hz float64) float64 {
	var re, im float64
	skip := len(c.Samples) / 10 // the ends
	s := c.Samples[skip : len(c.Samples)-skip]
	for i, v := range s {
		window := 1 - math.Cos(2*math.Pi*float64(i)/float64(len(s)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(c.Rate))
		re, im = re+float64(v)*cos*window, im+float64(v)*sin*window
	}
	return 20 * math.Log10(2*math.Hypot(re, im)/float64(len(s))/32768+1e-9)
}

// TestSoX: a file that SoX 14.4.2 has made comes out as SoX reads it, sample
// by sample. (sox -n -r 8000 -b 16 chirp.wav synth 0.15 sine 200-3000 gain -3;
// sox chirp.wav -e ima-adpcm sox.wav; sox sox.wav -t s16 sox.s16)
func TestSoX(t *testing.T) {
	file, err := os.ReadFile("testdata/sox.wav")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/sox.s16")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Read(bytes.NewReader(file))
	if err != nil || c.Rate != 8000 || c.Channels != 1 {
		t.Fatalf("%d Hz, %d channels, %v", c.Rate, c.Channels, err)
	}
	var got []byte
	for _, s := range c.Samples {
		got = binary.LittleEndian.AppendUint16(got, uint16(s))
	}
	// SoX plays the last block's padding too.
	if len(got) != 2*1200 || !bytes.HasPrefix(want, got) {
		t.Errorf("%d bytes are not SoX's %d", len(got), len(want))
	}
}

// TestPack: a clip is a quarter of its size, as long as before, and what is
// lost is 25 dB below what is heard.
func TestPack(t *testing.T) {
	for _, n := range []int{0, 1, 2, 504, 505, 506, 11025} {
		c := tone(11025, 1, 700, time.Second)
		c.Samples = c.Samples[:n]
		packed := c.Pack()
		if most := 60 + n/2 + 4*(n/505+1) + 1; len(packed) > most {
			t.Errorf("%d samples take %d bytes, want at most %d", n, len(packed), most)
		}
		got, err := Read(bytes.NewReader(packed))
		if err != nil || got.Rate != 11025 || len(got.Samples) != n {
			t.Fatalf("%d samples became %d, %v", n, len(got.Samples), err)
		}
		var power, noise float64
		for i, s := range c.Samples {
			power += float64(s) * float64(s)
			noise += math.Pow(float64(s)-float64(got.Samples[i]), 2)
		}
		if n > 1000 && 10*math.Log10(power/noise) < 25 {
			t.Errorf("%.0f dB above the noise", 10*math.Log10(power/noise))
		}
	}
}

// TestPCM: plain samples stay as they are.
func TestPCM(t *testing.T) {
	for channels := 1; channels <= 2; channels++ {
		c := tone(22050, channels, 300, 20*time.Millisecond)
		if got, err := Read(bytes.NewReader(c.PCM())); err != nil || got.Rate != c.Rate || !slices.Equal(got.Samples, c.Samples) {
			t.Errorf("%d channels: %v", channels, err)
		}
	}
}

// TestAs: at another rate a tone keeps its pitch, its loudness and its length,
// and no other tone comes with it.
func TestAs(t *testing.T) {
	for _, c := range []struct {
		from, to int
		hz       float64
	}{{11025, 48000, 3000}, {11025, 44100, 4000}, {22050, 11025, 3000}, {8000, 96000, 1000}, {44100, 48000, 5000}, {95999, 96000, 4000}, {48000, 8000, 1500}} {
		before := tone(c.from, 1, c.hz, 300*time.Millisecond)
		after := before.As(c.to, 1)
		if d := after.Lasts() - before.Lasts(); d > time.Millisecond || d < -time.Millisecond {
			t.Errorf("%v: lasts %s, was %s", c, after.Lasts(), before.Lasts())
		}
		if d := after.loudness(c.hz) - before.loudness(c.hz); math.Abs(d) > .5 {
			t.Errorf("%v: %.1f dB louder", c, d)
		}
		for _, image := range []float64{float64(c.from) - c.hz, float64(c.to) - c.hz, float64(c.from) + c.hz} {
			if image < float64(c.to)/2 && after.loudness(image) > before.loudness(c.hz)-45 {
				t.Errorf("%v: %.0f Hz comes with it, at %.0f dB", c, image, after.loudness(image))
			}
		}
	}
	// What the lower rate cannot have is gone, not folded down.
	if high := tone(22050, 1, 8000, 300*time.Millisecond).As(11025, 1); high.loudness(11025-8000) > -50 {
		t.Errorf("8 kHz became 3 kHz, at %.0f dB", high.loudness(11025-8000))
	}
	stereo := Clip{Rate: 8000, Channels: 2, Samples: []int16{100, 300, -200, -400}}
	if got := stereo.As(8000, 1); !slices.Equal(got.Samples, []int16{200, -300}) {
		t.Errorf("the mean of two channels is %v", got.Samples)
	}
	if got := stereo.As(8000, 1).As(8000, 2); !slices.Equal(got.Samples, []int16{200, 200, -300, -300}) {
		t.Errorf("one channel as two is %v", got.Samples)
	}
}

// TestTrimmed: silence goes, but for a breath at the end.
func TestTrimmed(t *testing.T) {
	c := tone(8000, 1, 500, time.Second)
	c.Samples = slices.Concat(make([]int16, 4000), c.Samples, make([]int16, 4000))
	if got := c.Trimmed().Lasts(); got < time.Second || got > time.Second+60*time.Millisecond {
		t.Errorf("lasts %s", got)
	}
	if got := (Clip{Rate: 8000, Channels: 1, Samples: make([]int16, 100)}).Trimmed(); len(got.Samples) != 0 {
		t.Errorf("silence lasts %s", got.Lasts())
	}
}

// TestName: a changed text has another name, and every name is a file's on
// any file system.
func TestName(t *testing.T) {
	if a, b := Name("The code is damaged."), Name("The code is broken."); a == b || len(a) != nameLength+4 {
		t.Errorf("%s and %s", a, b)
	}
	if got := Name("VERIFIED"); got != "8766e017df3d4497.wav" {
		t.Errorf("VERIFIED is in %s; clips made before are not found any more", got)
	}
}

// TestMangled: a file that is cut anywhere, or changed in any byte of its
// head, is a clip or ErrWAV, and never much longer than the file.
func TestMangled(t *testing.T) {
	for _, whole := range [][]byte{tone(8000, 2, 440, 10*time.Millisecond).PCM(), tone(8000, 1, 440, 100*time.Millisecond).Pack()} {
		check := func(data []byte) {
			c, err := Read(bytes.NewReader(data))
			if err != nil && !errors.Is(err, ErrWAV) || err == nil && len(c.Samples) > 2*len(data) {
				t.Fatalf("%d bytes: %d samples, %v", len(data), len(c.Samples), err)
			}
		}
		for i := range whole {
			check(whole[:i])
		}
		for i := range 80 {
			for bit := range 8 {
				b := slices.Clone(whole)
				b[i] ^= 1 << bit
				check(b)
			}
		}
	}
	if _, err := Read(bytes.NewReader(make([]byte, Max+1))); !errors.Is(err, ErrWAV) {
		t.Errorf("a file over the limit: %v", err)
	}
	if b := tone(8000, 1, 440, 100*time.Millisecond).Pack(); b[60+2] > lastStep {
		t.Fatal("the block's step is elsewhere")
	} else if b[60+2] = lastStep + 1; true {
		if _, err := Read(bytes.NewReader(b)); !errors.Is(err, ErrWAV) {
			t.Errorf("a step that there is not: %v", err)
		}
	}
}

// FuzzRead: no file makes it fall over, and what it reads can be played.
func FuzzRead(f *testing.F) {
	f.Add(tone(8000, 1, 440, 5*time.Millisecond).PCM())
	f.Add(tone(48000, 2, 440, time.Millisecond).PCM())
	f.Add(tone(11025, 1, 440, 60*time.Millisecond).Pack())
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVELIST\x01\x00\x00\x00xx"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		if c.Channels < 1 || c.Channels > 2 || len(c.Samples)%c.Channels != 0 || c.Lasts() > time.Hour || len(c.Samples) > maxSamples {
			t.Errorf("%d samples in %d channels at %d Hz", len(c.Samples), c.Channels, c.Rate)
		}
		if got := c.As(48000, 2); len(got.Samples) > 12*2*len(c.Samples) {
			t.Errorf("%d samples became %d", len(c.Samples), len(got.Samples))
		}
		if c.Channels == 1 {
			if again, err := Read(bytes.NewReader(c.Pack())); err != nil || len(again.Samples) != len(c.Samples) {
				t.Errorf("%d samples became %d, %v", len(c.Samples), len(again.Samples), err)
			}
		}
	})
}

// BenchmarkUnpack beside copying plain samples: what a clip costs when it is
// spoken, a second of it each time.
func BenchmarkUnpack(b *testing.B) {
	c := tone(11025, 1, 440, time.Second)
	for name, file := range map[string][]byte{"adpcm": c.Pack(), "pcm": c.PCM()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := Read(bytes.NewReader(file)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("to 48 kHz", func(b *testing.B) {
		for b.Loop() {
			c.As(48000, 2)
		}
	})
}
