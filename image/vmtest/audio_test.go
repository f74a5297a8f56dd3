package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"badgekiosk/display/signal/clip"
)

// TestReadRecording: a recording is read whole, also one whose head was never
// finished, and one without sound is an error.
func TestReadRecording(t *testing.T) {
	data := make([]byte, recordingHead)
	for i := range recordingRate / 10 {
		v := uint16(int16(8000 * math.Sin(float64(i)/20)))
		data = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(data, v), v)
	}
	at := filepath.Join(t.TempDir(), "heard.wav")
	for cut, want := range map[int]int{0: recordingRate / 10, 1: recordingRate/10 - 1, 400: recordingRate/10 - 100} {
		if err := os.WriteFile(at, data[:len(data)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readRecording(at)
		if err != nil || len(c.Samples) != 2*want || c.Samples[200] != c.Samples[201] || c.Samples[200] == 0 {
			t.Errorf("cut by %d: %d samples, want %d (%v)", cut, len(c.Samples), 2*want, err)
		}
	}
	if err := os.WriteFile(at, data[:recordingHead], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readRecording(at); err == nil {
		t.Error("no sound was taken for some")
	}
}

// TestNearest: a clip that came out of a loudspeaker is told from others, also
// from one that it is a part of; half a clip, or noise, is nobody's.
func TestNearest(t *testing.T) {
	chirp := func(from, to, seconds float64) (c clip.Clip) {
		c.Rate, c.Channels = 11025, 1
		n := int(seconds * float64(c.Rate))
		for i := range n {
			x := float64(i) / float64(c.Rate)
			c.Samples = append(c.Samples, int16(9000*math.Sin(2*math.Pi*(from*x+(to-from)*x*x/2/seconds))))
		}
		return c
	}
	all := map[string]clip.Clip{"VERIFIED": chirp(300, 900, .6), "CHECK": chirp(900, 200, .3)}
	not := chirp(500, 400, .25)
	not.Samples = append(not.Samples, all["VERIFIED"].Samples...)
	all["NOT VERIFIED"] = not
	heard := func(c clip.Clip) clip.Clip {
		c = c.As(recordingRate, 2)
		for i := range c.Samples {
			c.Samples[i] /= 3
		}
		return c
	}
	for want, c := range all {
		if name, how := nearest(heard(c), all); name != want || how < alike {
			t.Errorf("%s was heard as %s (%.3f)", want, name, how)
		}
		c.Samples = c.Samples[:len(c.Samples)/2]
		if name, how := nearest(heard(c), all); how >= alike {
			t.Errorf("half of %s was heard as %s (%.3f)", want, name, how)
		}
	}
	if name, how := nearest(heard(chirp(1500, 1501, .6)), all); how >= alike {
		t.Errorf("a whistle was heard as %s (%.3f)", name, how)
	}
	if _, how := nearest(clip.Clip{Rate: recordingRate, Channels: 2}, all); how > 0 {
		t.Errorf("silence was heard (%.3f)", how)
	}
}
