package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/display/signal"
	"badgekiosk/display/signal/clip"
)

// TestSpokenNames: names that were spoken at sealing are heard at the kiosk,
// by headphones; without the clips it says everything else.
func TestSpokenNames(t *testing.T) {
	c, badge := installed(t)
	c.Signals.Voice = "clips"
	tools := t.TempDir()
	sound := clip.Clip{Rate: 22050, Channels: 1, Samples: make([]int16, 2205)}
	for i := range sound.Samples {
		sound.Samples[i] = int16(9000 * (i / 20 % 2))
	}
	must(t, os.WriteFile(filepath.Join(tools, "sound"), sound.PCM(), 0o600))
	must(t, os.WriteFile(filepath.Join(tools, "espeak-ng"), []byte("#!/bin/sh\ncat "+filepath.Join(tools, "sound")), 0o700))
	path := os.Getenv("PATH")

	hear := func() string {
		l := &listener{worn: true}
		attend(t, c, func(n *counter) {
			n.hold(badge)
			n.wait(10 * time.Second)
		}, func(n *counter) {
			n.app.openSignals = func(signalConfig) (*signal.Signals, error) { return signal.New(signal.Wiring{Voice: l}), nil }
		})
		return l.took()
	}
	if got := hear(); !strings.HasPrefix(got, "en VERIFIED | en "+speak("en").Verdicts["verified"].Says[0]) {
		t.Errorf("without clips of names heard %q", got)
	}
	t.Setenv("PATH", tools+":"+path)
	must(t, os.MkdirAll("co/trust/districts/elm/manifests", 0o700))
	must(t, os.WriteFile("co/trust/districts/elm/manifests/w.json", []byte(`{"achievement":"urn:w","name":{"en":"Welding I"}}`), 0o600))
	says := say(t, exitAll, "bundle", "seal", "co", "--speech")
	if !strings.Contains(says, "clips of names made") {
		t.Errorf("sealing says %q", says)
	}
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	if got := hear(); !strings.HasPrefix(got, "en VERIFIED | en Welding I | en Elm Academy | en "+speak("en").Verdicts["verified"].Says[0]) {
		t.Errorf("with clips of names heard %q", got)
	}
}
