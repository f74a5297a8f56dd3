package signal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// Limits on a sound file.
const (
	// MaxWAV is the largest sound file, in bytes: a minute of the best.
	MaxWAV  = 12 << 20
	minRate = 4000  // Hz
	maxRate = 96000 // Hz
)

// A Clip is a sound: frames of one or two 16-bit samples.
type Clip struct {
	Rate     int // frames a second
	Channels int
	Samples  []int16 // those of a frame lie together, left first
}

// ErrWAV says that a file is no sound that can be played here.
var ErrWAV = errors.New("not a WAV file of 16-bit PCM in one or two channels")

// ReadWAV reads a sound file: RIFF WAVE, linear PCM, 16 bits, one or two
// channels, up to [MaxWAV] bytes. Its error is [ErrWAV] or the reader's.
//
// Source: Multimedia Programming Interface and Data Specifications 1.0, IBM
// and Microsoft 1991.
func ReadWAV(r io.Reader) (c Clip, err error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxWAV+1))
	if err != nil {
		return c, err
	}
	if len(data) > MaxWAV {
		return c, fmt.Errorf("%w: larger than %d MB", ErrWAV, MaxWAV>>20)
	}
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return c, fmt.Errorf("%w: it does not begin as one", ErrWAV)
	}
	for data = data[12:]; len(data) >= 8; {
		name, size := string(data[:4]), int64(binary.LittleEndian.Uint32(data[4:]))
		body := data[8:]
		switch {
		case name == "data" && c.Rate != 0:
			// Programs that write to a pipe do not know the size beforehand.
			return c.with(body[:min(int64(len(body)), size)])
		case size > int64(len(body)):
			return c, fmt.Errorf("%w: chunk %q is cut off", ErrWAV, name)
		case name == "fmt ":
			if err := c.format(body[:size]); err != nil {
				return c, err
			}
		}
		size += size & 1 // chunks begin at even places
		data = body[min(size, int64(len(body))):]
	}
	return c, fmt.Errorf("%w: no sound in it", ErrWAV)
}

// format reads the chunk that says how the samples are kept.
func (c *Clip) format(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("%w: its format is cut off", ErrWAV)
	}
	kind, channels := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	rate, bits := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint16(b[14:])
	const pcm, extensible = 1, 0xfffe
	if kind != pcm && kind != extensible || bits != 16 || channels < 1 || channels > 2 || rate < minRate || rate > maxRate {
		return fmt.Errorf("%w: kind %d, %d bits, %d channels, %d Hz", ErrWAV, kind, bits, channels, rate)
	}
	c.Rate, c.Channels = int(rate), int(channels)
	return nil
}

// with is the clip with its samples; half a frame at the end is dropped.
func (c Clip) with(b []byte) (Clip, error) {
	c.Samples = make([]int16, len(b)/2/c.Channels*c.Channels)
	for i := range c.Samples {
		c.Samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return c, nil
}

// Lasts is how long the clip is.
func (c Clip) Lasts() time.Duration {
	return time.Duration(len(c.Samples)/c.Channels) * time.Second / time.Duration(c.Rate)
}

// as is the clip at another rate and number of channels, the samples between
// two being on the straight line from one to the other.
func (c Clip) as(rate, channels int) Clip {
	if rate == c.Rate && channels == c.Channels {
		return c
	}
	frames := len(c.Samples) / c.Channels
	out := Clip{Rate: rate, Channels: channels, Samples: make([]int16, int(int64(frames)*int64(rate)/int64(c.Rate))*channels)}
	for i := range len(out.Samples) / channels {
		at := int64(i) * int64(c.Rate)
		f, rest := int(at/int64(rate)), int(at%int64(rate))
		for ch := range channels {
			a, b := c.sample(f, ch, channels), c.sample(min(f+1, frames-1), ch, channels)
			out.Samples[i*channels+ch] = int16(a + (b-a)*rest/rate)
		}
	}
	return out
}

// sample is what frame f has for channel ch of so many: the same twice for
// two of one, the mean for one of two.
func (c Clip) sample(f, ch, of int) int {
	switch {
	case c.Channels == of:
		return int(c.Samples[f*of+ch])
	case c.Channels == 1:
		return int(c.Samples[f])
	}
	return (int(c.Samples[2*f]) + int(c.Samples[2*f+1])) / 2
}

// A sounder is a sound card's output, opened.
type sounder interface {
	// Start sets rate and channels; errUnfit if the card has no such.
	Start(rate, channels int) error
	// Write plays frames of little-endian samples; it waits for room.
	io.Writer
	// Drain waits until all has been heard; Drop forgets what has not.
	Drain() error
	Drop() error
	io.Closer
}

// errUnfit says that a sound card cannot play at a rate.
var errUnfit = errors.New("the sound card has no such rate or channels")

// fits are what to try where a card does not take a clip as it is.
var fits = []struct{ rate, channels int }{{48000, 2}, {44100, 2}, {48000, 1}, {44100, 1}}

// sip is how much is written at once: how late a newer line may cut in.
const sip = 20 // parts of a second

// play sounds the clip on out until it ends, or ctx does.
func (c Clip) play(ctx context.Context, out sounder) error {
	err := out.Start(c.Rate, c.Channels)
	for i := 0; errors.Is(err, errUnfit) && i < len(fits); i++ {
		if err = out.Start(fits[i].rate, fits[i].channels); err == nil {
			c = c.as(fits[i].rate, fits[i].channels)
		}
	}
	if err != nil {
		return err
	}
	buf := make([]byte, 0, 2*(c.Rate/sip+1)*c.Channels)
	for s := c.Samples; len(s) > 0; {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), out.Drop())
		}
		n := min(len(s), c.Rate/sip*c.Channels)
		buf = buf[:0]
		for _, v := range s[:n] {
			buf = binary.LittleEndian.AppendUint16(buf, uint16(v))
		}
		if _, err := out.Write(buf); err != nil {
			return err
		}
		s = s[n:]
	}
	return out.Drain()
}
