package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
)

// issueFor issues a badge for a card and returns its file.
func issueFor(t *testing.T, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	key, badge := filepath.Join(dir, "k.jwk"), filepath.Join(dir, "badge")
	say(t, exitAll, "issue", "key", key, "--id", "did:web:riverbend.example")
	say(t, exitAll, append([]string{"issue", "badge", "--key", key, "--issuer-name", "Riverbend Academy", "--until", "2030-06-30", "--out", badge}, more...)...)
	return badge
}

// TestCard prints badges on both papers and reads them back with the kiosk's
// own reader: as an office would check a card before it hands it out.
func TestCard(t *testing.T) {
	var long strings.Builder // words that do not repeat, as those of people
	for i := range 120 {
		fmt.Fprintf(&long, "%x ", i*i*i*7919)
	}
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"small": {[]string{"--name", "Welding I", "--compact"}, []string{"85.6 x 53.98 mm", "version 15-L"}},
		"large": {[]string{"--name", "Welding I", "--learner-name", "Robin Ashdown", "--criteria", long.String()}, []string{"105 x 148 mm"}},
	} {
		badge := issueFor(t, c.args...)
		card := filepath.Join(filepath.Dir(badge), "card.png")
		said := say(t, exitAll, "card", badge, "--out", card)
		for _, want := range c.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: said %q, want %q", name, said, want)
			}
		}
		data, err := os.ReadFile(card)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, []byte("pHYs\x00\x00\x5c\x46\x00\x00\x5c\x46\x01")) { // 23,622 a metre
			t.Errorf("%s: the picture does not say that it has 600 dots an inch", name)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		again := filepath.Join(filepath.Dir(badge), "again.png")
		text := codeOn(t, img)
		if err := os.WriteFile(filepath.Join(filepath.Dir(badge), "text"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		// The code's own text gives the same card again.
		say(t, exitAll, "card", filepath.Join(filepath.Dir(badge), "text"), "--out", again)
		if same, err := os.ReadFile(again); err != nil || !bytes.Equal(same, data) {
			t.Errorf("%s: the code does not hold the badge that it was made from (%v)", name, err)
		}
	}
}

func codeOn(t *testing.T, img image.Image) string {
	t.Helper()
	var r qr.Reader
	symbols := r.Read(&scanner.Frame{Gray: *scanner.GrayOf(img)})
	if len(symbols) != 1 {
		t.Fatalf("%d codes on the card, want 1", len(symbols))
	}
	return symbols[0].Text
}

// TestCardSVG: the SVG has the code as shapes, and its words for those who
// cannot see it.
func TestCardSVG(t *testing.T) {
	badge := issueFor(t, "--name", "Fish & Chips <I>")
	card := filepath.Join(filepath.Dir(badge), "card.svg")
	say(t, exitAll, "card", badge, "--out", card)
	data, err := os.ReadFile(card)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(data, new(struct{})); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"<title>Fish &amp; Chips &lt;I&gt;, Riverbend Academy</title>", `width="85.6mm"`, `<path transform="translate(`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("lacks %s", want)
		}
	}
}

// TestCardSays shows what a person reads who takes the wrong file.
func TestCardSays(t *testing.T) {
	badge := issueFor(t, "--name", "Welding I")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.WriteFile(link, []byte("https://badges.example/1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, says string }{
		{"card", "name the badge's file"},
		{"card nowhere", "nowhere"},
		{"card " + link, "Q-LINK"},
		{"card " + badge + " --out card.pdf", "ends in .png or .svg"},
		{"card " + badge + " --size a4", `"a4"`},
	} {
		if got := say(t, exitUsage, strings.Fields(c.line)...); !strings.Contains(got, c.says) {
			t.Errorf("kiosk %s: says %q, want %q", c.line, got, c.says)
		}
	}
}
