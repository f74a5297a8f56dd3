package espeak

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/display/signal/clip"
)

// stand is a program that stands for espeak-ng: it writes down what it was
// asked, and speaks the file sound.
func stand(t *testing.T, sound []byte) (p Program, asked func() string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\ncd " + dir + "\necho \"$@\" >asked\ncat >>asked\ncat sound\n"
	for name, data := range map[string][]byte{"espeak-ng": []byte(script), "sound": sound} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return Find(), func() string {
		data, err := os.ReadFile(filepath.Join(dir, "asked"))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
}

// TestSpeak: the program is given the language, and the words by its input,
// where no other user sees them.
func TestSpeak(t *testing.T) {
	p, asked := stand(t, nil)
	if p == "" {
		t.Fatal("an installed espeak-ng is not found")
	}
	for _, c := range []struct{ lang, text, want string }{
		{"en", "--help me", "-v en-us --stdin\n--help me"},
		{"vi", "CÓ HIỆU LỰC", "-v vi --stdin\nCó hiệu lực"},
		{"ar", "حقيقي", "-v ar --stdin\nحقيقي"},
		{"ar", "17", "-v ar --stdin\nسَبْعَةَ عَشَر"},
		{"fr", "17", "-v fr-fr --stdin\n17"},
		{"zh", "真实", "-v cmn -s 230 --stdin\n真实"},
		{"en", "4 of 5", "-v en-us --stdin\n4 of 5"},
	} {
		if err := p.Speak(t.Context(), c.lang, c.text); err != nil || asked() != c.want {
			t.Errorf("asked %q, %v; want %q", asked(), err, c.want)
		}
	}
	if err := p.Speak(t.Context(), "fr", strings.Repeat("é", MaxText)); err != nil || len(asked()) > MaxText+30 {
		t.Errorf("was given %d bytes, %v", len(asked()), err)
	}
	if err := p.Speak(t.Context(), "-w/tmp/x", "x"); err == nil {
		t.Error("an option is a language")
	}
	t.Setenv("PATH", t.TempDir())
	if Find() != "" {
		t.Error("espeak-ng is found where there is none")
	}
}

// TestClip: what the program speaks comes out as a small clip, without the
// silence around it.
func TestClip(t *testing.T) {
	said := clip.Clip{Rate: 22050, Channels: 1, Samples: make([]int16, 3*22050)}
	for i := range 22050 {
		said.Samples[22050+i] = int16(9000 * math.Sin(2*math.Pi*500*float64(i)/22050))
	}
	p, asked := stand(t, said.PCM())
	file, err := p.Clip(t.Context(), "es", "NO VÁLIDA")
	if err != nil {
		t.Fatal(err)
	}
	c, err := clip.Read(bytes.NewReader(file))
	if err != nil || c.Rate != Rate || c.Channels != 1 {
		t.Fatalf("%d Hz, %v", c.Rate, err)
	}
	if d := c.Lasts(); d < time.Second || d > 1100*time.Millisecond || len(file) > 6500 {
		t.Errorf("a second of sound lasts %s in %d bytes", d, len(file))
	}
	if want := "-v es-419 --stdin --stdout\nNo válida"; asked() != want {
		t.Errorf("asked %q, want %q", asked(), want)
	}
	said.Samples = make([]int16, 22050)
	for what, sound := range map[string][]byte{"silence": said.PCM(), "no sound": []byte("no such voice")} {
		p, _ := stand(t, sound)
		if _, err := p.Clip(t.Context(), "en", "x"); err == nil {
			t.Errorf("%s is a clip", what)
		}
	}
}
