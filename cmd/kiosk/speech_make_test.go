package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/display/signal/clip"
	"badgekiosk/display/signal/espeak"
)

// TestMakeSpeech: the folder has a clip of every sentence that was asked for, and none of what is
// no longer said; made again, it is the same. A program stands for espeak-ng.
func TestMakeSpeech(t *testing.T) {
	dir, tools := t.TempDir(), t.TempDir()
	tone := clip.Clip{Rate: 22050, Channels: 1}
	for i := range 2205 {
		tone.Samples = append(tone.Samples, int16(9000*(i/30%2)))
	}
	program := filepath.Join(tools, "espeak-ng")
	for name, data := range map[string][]byte{"espeak-ng": []byte("#!/bin/sh\ncat " + filepath.Join(tools, "sound")), "sound": tone.PCM()} {
		if err := os.WriteFile(filepath.Join(tools, name), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	old, kept := filepath.Join(dir, "es", clip.Name("no longer said")), filepath.Join(dir, "es", "README")
	if err := os.Mkdir(filepath.Dir(old), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{old, kept} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	few := map[string][]string{"es": sayable()["es"]()[:20], "ar": sayable()["ar"]()[:5]}
	var sums [2][]byte
	for i := range sums {
		if err := makeSpeech(t.Context(), t.Output(), espeak.Program(program), dir, few); err != nil {
			t.Fatal(err)
		}
		var err error
		if sums[i], err = os.ReadFile(filepath.Join(dir, speechSums)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(sums[0], sums[1]) {
		t.Error("made twice, the clips differ")
	}
	for lang, all := range few {
		for _, text := range all {
			name := lang + "/" + clip.Name(text)
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil || !strings.Contains(string(sums[0]), "  "+name+"\n") {
				t.Errorf("%s: no clip of %q: %v", lang, text, err)
			}
		}
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("a clip of what is no longer said stays")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error("a file that is no clip is gone")
	}
	if err := makeSpeech(t.Context(), t.Output(), "/no/such/program", dir, few); err == nil {
		t.Error("no program makes clips")
	}
}
