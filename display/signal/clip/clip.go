// Package clip keeps spoken sounds: WAV files of plain samples, and of a
// quarter of that size, IMA ADPCM, which the kiosk's own clips are.
package clip

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"
)

// A Clip is a sound: frames of one or two 16-bit samples.
type Clip struct {
	Rate     int // frames a second
	Channels int
	Samples  []int16 // those of a frame lie together, left first
}

// nameLength is how many hex digits a clip's name has: 64 bits, so that no
// two of a million texts have the same.
const nameLength = 16

// Name is what the file of a text's clip is called. It follows from the text,
// so that a text that was changed never speaks an old clip.
func Name(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:nameLength] + ".wav"
}

// Lasts is how long the clip is.
func (c Clip) Lasts() time.Duration {
	if c.Rate == 0 || c.Channels == 0 {
		return 0
	}
	return time.Duration(len(c.Samples)/c.Channels) * time.Second / time.Duration(c.Rate)
}

const (
	hush   = 100 // samples below this are silence
	margin = 20  // parts of a second of silence that stay at the end
)

// Trimmed is a clip of one channel without the silence before and after it.
func (c Clip) Trimmed() Clip {
	first, last := 0, len(c.Samples)
	for first < last && quiet(c.Samples[first]) {
		first++
	}
	for last > first && quiet(c.Samples[last-1]) {
		last--
	}
	c.Samples = c.Samples[first:min(len(c.Samples), last+c.Rate/margin)]
	return c
}

func quiet(s int16) bool { return s < hush && s > -hush }

// As is the clip at another rate and number of channels: two channels become
// their mean, one becomes both.
func (c Clip) As(rate, channels int) Clip {
	if channels < c.Channels {
		c = c.mixed(channels)
	}
	if rate != c.Rate {
		c = c.at(rate)
	}
	if channels > c.Channels {
		c = c.mixed(channels)
	}
	return c
}

func (c Clip) mixed(channels int) Clip {
	frames := len(c.Samples) / c.Channels
	out := Clip{c.Rate, channels, make([]int16, frames*channels)}
	for f := range frames {
		if channels == 1 {
			out.Samples[f] = int16((int(c.Samples[2*f]) + int(c.Samples[2*f+1])) / 2)
		} else {
			out.Samples[2*f], out.Samples[2*f+1] = c.Samples[f], c.Samples[f]
		}
	}
	return out
}

// How a clip is resampled: each new sample is the sum of those around its
// instant, weighed by a windowed sinc. The weights are whole numbers, so that
// every computer makes the same clip.
const (
	lobes     = 10   // of the sinc on either side
	maxPhases = 1024 // instants between two samples that are told apart
	unitBits  = 14   // of a weight: sums of 16-bit samples stay in 32 bits
	unit      = 1 << unitBits
	passes    = .92 // of the band, before it is cut
)

// at is the clip at another rate.
func (c Clip) at(rate int) Clip {
	scale := min(1, float64(rate)/float64(c.Rate)) * passes
	half := int(math.Ceil(lobes / scale))
	phases := min(maxPhases, rate/gcd(rate, c.Rate))
	weights := make([][]int32, phases)
	frames := len(c.Samples) / c.Channels
	out := Clip{rate, c.Channels, make([]int16, int(int64(frames)*int64(rate)/int64(c.Rate))*c.Channels)}
	for ch := range c.Channels {
		in := make([]int32, frames+2*half) // silence before and after
		for f := range frames {
			in[half+f] = int32(c.Samples[f*c.Channels+ch])
		}
		for i := range len(out.Samples) / c.Channels {
			at := int64(i) * int64(c.Rate)
			f, phase := int(at/int64(rate)), int(at%int64(rate)*int64(phases)/int64(rate))
			if weights[phase] == nil {
				weights[phase] = sinc(float64(phase)/float64(phases), scale, half)
			}
			around := in[f+1:][:2*half]
			sum := int32(unit / 2)
			for k, w := range weights[phase] {
				sum += w * around[k]
			}
			out.Samples[i*c.Channels+ch] = clamp(int(sum >> unitBits))
		}
	}
	return out
}

// sinc are the weights of the samples from half-1 before to half after an
// instant that lies at phase, 0 to 1, behind the last one before it.
func sinc(phase, scale float64, half int) []int32 {
	w, sum := make([]float64, 2*half), 0.
	for k := range w {
		x := float64(k-half+1) - phase
		w[k] = scale * (.5 + .5*math.Cos(math.Pi*min(1, math.Abs(x)/float64(half)))) // Hann
		if y := math.Pi * x * scale; y != 0 {
			w[k] *= math.Sin(y) / y
		}
		sum += w[k]
	}
	out := make([]int32, len(w))
	for k := range w {
		out[k] = int32(math.Round(w[k] / sum * unit))
	}
	return out
}

func clamp(v int) int16 { return int16(max(math.MinInt16, min(math.MaxInt16, v))) }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
