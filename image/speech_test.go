package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badgekiosk/image/fat32"
)

// spoken is a folder of clips, as make speech leaves it.
func spoken(t *testing.T, clips map[string]string) string {
	t.Helper()
	dir, list := t.TempDir(), ""
	for name, data := range clips {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		list += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(data)), name)
	}
	for name, data := range map[string]string{speechSums: list, "COPYRIGHT-voice": "its licence"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSpeech puts the clips into the slot, where the settings say that they
// are, and their licence beside the card.
func TestSpeech(t *testing.T) {
	o := order(t)
	o.speech = spoken(t, map[string]string{"en/0123.wav": "a clip", "es/4567.wav": "another"})
	c, err := o.card(stand())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"voice/en/0123.wav": "a clip", "voice/es/4567.wav": "another"} {
		i := slices.IndexFunc(c.system, func(f fat32.File) bool { return f.Name == name })
		if i < 0 || string(c.system[i].Data) != want {
			t.Errorf("%s is not in the slot", name)
		}
	}
	i := slices.IndexFunc(c.first, func(f fat32.File) bool { return f.Name == configName })
	if !strings.Contains(string(c.first[i].Data), `"voice": "/system/voice"`) {
		t.Errorf("the kiosk does not look for them: %s", c.first[i].Data)
	}
	words, list, err := speechNotices(o.speech)
	if err != nil || !strings.Contains(string(words), "its licence") || len(list) != 1 || list[0].Name != voiceFolder {
		t.Errorf("beside the card stands %q, %+v, %v", words, list, err)
	}
	if err := os.WriteFile(filepath.Join(o.speech, "en", "0123.wav"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := o.card(stand()); err == nil {
		t.Error("a clip that was changed goes on the card")
	}
	o.speech = spoken(t, map[string]string{"en/0123.wav": strings.Repeat("x", maxSpeech+1)})
	if _, err := o.card(stand()); err == nil {
		t.Error("clips without a limit go on the card")
	}
}

// TestNoSpeech makes a card that does not speak.
func TestNoSpeech(t *testing.T) {
	o := order(t)
	o.speech = filepath.Join(t.TempDir(), "nowhere")
	c, err := o.card(stand())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(c.first, c.system...) {
		if strings.Contains(string(f.Data), "voice") || strings.HasPrefix(f.Name, voiceFolder) {
			t.Errorf("%s speaks of a voice", f.Name)
		}
	}
	if words, list, err := speechNotices(o.speech); words != nil || list != nil || err != nil {
		t.Errorf("%q %v %v", words, list, err)
	}
}

// TestSlotOnBoard holds the place of the slot to where the first process
// mounts it.
func TestSlotOnBoard(t *testing.T) {
	source, err := os.ReadFile("../cmd/kiosk/boot/voice_linux.go")
	if err != nil || !strings.Contains(string(source), `systemFolder = "`+systemFolder+`"`) {
		t.Errorf("the slot is not mounted on %s (%v)", systemFolder, err)
	}
}
