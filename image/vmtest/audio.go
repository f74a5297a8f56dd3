package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"badgekiosk/display/signal/clip"
	"badgekiosk/image/cpio"
)

// speechFolder is where make speech puts the clips.
const speechFolder = "build/speech"

// spoken are the verdicts whose clips may be heard: first those that must be.
func spoken() []string { return []string{"VERIFIED", "NOT VERIFIED", "CHECK", "CAN'T TELL", "DEMO"} }

// recording is where the emulated loudspeaker's sound goes.
func (t *trial) recording() string { return filepath.Join(t.dir, "heard.wav") }

// heard holds that the verdicts of a genuine and a forged badge are spoken,
// each by its own clip. QEMU's Pi loses most of a loudspeaker's
// sound, so this is its own board, on which the card's kernel finds no card:
// what the kiosk needs of it is laid over the initramfs.
func heard(ctx context.Context, t *trial) error {
	clips, files, err := t.clips(ctx)
	if err != nil {
		return err
	}
	e, err := t.witnessed(files...)
	if err != nil {
		return err
	}
	err = t.virtual(ctx, spare{}, screenSizes()["kms-800x480"], e,
		"-audiodev", fmt.Sprintf("wav,id=sound,out.frequency=%d,path=%s", recordingRate, t.recording()),
		"-device", "usb-audio,audiodev=sound,buffer=192000,bus=usb.0")
	if err != nil {
		return err
	}
	d := desk{t: t, c: t.coalition}
	if d.w, d.line, err = t.atDesk(); err != nil {
		return err
	}
	defer d.line.Close() //nolint:errcheck // the board is off by then
	var until []int64    // bytes of the recording, after each badge
	for _, badge := range []string{genuineFile, forgedFile} {
		before := t.recorded()
		if err := d.scans(ctx, badge); err != nil {
			return err
		}
		size, err := t.silence(before)
		if err != nil {
			return err
		}
		until = append(until, size)
	}
	// The rest of a recording is written when the emulator ends by itself.
	if _, err := t.board.monitor.do("quit", nil); err != nil {
		return err
	}
	<-t.board.exited
	sound, err := readRecording(t.recording())
	if err != nil {
		return err
	}
	first := int(until[0]-recordingHead) / 2
	for i, part := range [][]int16{sound.Samples[:first], sound.Samples[first:]} {
		want := spoken()[i]
		name, how := nearest(clip.Clip{Rate: sound.Rate, Channels: sound.Channels, Samples: part}, clips)
		if name != want || how < alike {
			return fmt.Errorf("the loudspeaker said what is most like %s (%.2f) in %d samples, want %s", name, how, len(part), want)
		}
		t.note("the loudspeaker's sound is the clip of %s (correlation %.3f; %s)", name, how, time.Duration(len(part)/2)*time.Second/recordingRate)
	}
	return nil
}

// alike is from which correlation on a sound is taken for a clip: those of
// different verdicts have 0.53 at most. It is of the whole sound, and so
// stricter than a test of one driver: VERIFIED sounds within NOT VERIFIED.
const alike = 0.9

// nearest is the clip that a sound is most like, from its beginning to its end,
// and how: 1 is the same but for its loudness. What either has more than the
// other tells against it.
func nearest(sound clip.Clip, among map[string]clip.Clip) (name string, how float64) {
	const rate = 4000 // Hz: enough to tell words apart
	sound = sound.As(sound.Rate, 1).As(rate, 1)
	for n, c := range among {
		if h := correlation(sound.Samples, c.As(rate, 1).Samples); h > how {
			name, how = n, h
		}
	}
	return name, how
}

// correlation is the best of two sounds, wherever the second begins.
func correlation(a, b []int16) (best float64) {
	energy := func(s []int16) (sum float64) {
		for _, v := range s {
			sum += float64(v) * float64(v)
		}
		return sum
	}
	both := math.Sqrt(energy(a) * energy(b))
	if both == 0 {
		return 0
	}
	for shift := -len(b); shift < len(a); shift++ {
		sum := 0.
		for i := max(0, shift); i < min(len(a), shift+len(b)); i++ {
			sum += float64(a[i]) * float64(b[i-shift])
		}
		best = max(best, sum/both)
	}
	return best
}

// recorded is how large the recording is.
func (t *trial) recorded() int64 {
	info, err := os.Stat(t.recording())
	if err != nil {
		return 0
	}
	return info.Size()
}

// silence waits until the recording is larger than it was, and then grows no
// more for a while, and returns how large it is.
func (t *trial) silence(before int64) (int64, error) {
	const still = 5 * time.Second
	if err := t.until("speaking", lookTime, func() bool { return t.recorded() > max(before, recordingHead) }); err != nil {
		return 0, err
	}
	last, since := t.recorded(), time.Now()
	err := t.until("silent", lookTime, func() bool {
		if now := t.recorded(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > still
	})
	return last, err
}

// clips are those that verdicts are spoken with, which make speech made or
// makes now, and the files of a kiosk without a card that has all of them.
func (t *trial) clips(ctx context.Context) (all map[string]clip.Clip, files []cpio.File, err error) {
	from, err := filepath.Abs(filepath.Join(t.repository, speechFolder))
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(from, "SHA256SUMS")); err != nil {
		cmd := exec.CommandContext(ctx, "image/speech/make", from)
		cmd.Dir = t.repository
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, nil, fmt.Errorf("make speech: %w: %s", err, out)
		}
	}
	config := `{"lang": "en", "panel": {"name": "kms-800x480"}, "camera": {"kind": "hand"}, "state": "/var/lib/badge-kiosk", "root": "/boot/root.json", "signals": {"voice": "/voice"}}`
	files = []cpio.File{{Name: "voice", Mode: cpio.Dir | 0o755}, {Name: "voice/en", Mode: cpio.Dir | 0o755}, {Name: "boot", Mode: cpio.Dir | 0o755},
		{Name: "boot/kiosk.json", Mode: cpio.Regular | 0o644, Data: []byte(config)}}
	add := func(name, file string) error {
		data, err := os.ReadFile(file)
		files = append(files, cpio.File{Name: name, Mode: cpio.Regular | 0o644, Data: data})
		return err
	}
	err = errors.Join(add("boot/root.json", t.coalition.file(rootFile)), add("boot/"+bundleName, t.coalition.file(bundleFile)))
	names, _ := filepath.Glob(filepath.Join(from, "en", "*.wav")) // the pattern is well formed
	for _, name := range names {
		err = errors.Join(err, add("voice/en/"+filepath.Base(name), name))
	}
	all = map[string]clip.Clip{}
	for _, word := range spoken() {
		data, readErr := os.ReadFile(filepath.Join(from, "en", clip.Name(word)))
		c, clipErr := clip.Read(bytes.NewReader(data))
		all[word], err = c, errors.Join(err, readErr, clipErr)
	}
	return all, files, err
}

// The emulator's recording: a head, then frames of two samples.
// Source: QEMU, audio/wavaudio.c.
const (
	recordingHead = 44
	recordingRate = 48000
)

// readRecording reads it. What its head says of its length is not looked at,
// which is right only after an emulator that ended by itself.
func readRecording(path string) (c clip.Clip, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	if len(data) <= recordingHead {
		return c, fmt.Errorf("%s has %d bytes: nothing was played", path, len(data))
	}
	c.Rate, c.Channels = recordingRate, 2
	for b := data[recordingHead:]; len(b) >= 4; b = b[4:] {
		le := binary.LittleEndian
		c.Samples = append(c.Samples, int16(le.Uint16(b)), int16(le.Uint16(b[2:])))
	}
	return c, nil
}
