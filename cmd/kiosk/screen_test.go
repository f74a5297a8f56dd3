package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/glasstest"
	"badgekiosk/verify"
)

// riverbend makes a trust folder and badges that differ only in who holds
// them.
func riverbend(t *testing.T, holders ...string) (trust string, badges []string) {
	t.Helper()
	dir := t.TempDir()
	key, trust := filepath.Join(dir, "riverbend.jwk"), filepath.Join(dir, "trust")
	say(t, exitAll, "issue", "key", key, "--id", "did:web:riverbend.example")
	say(t, exitAll, "issue", "trust", trust, "--key", key, "--name", "Riverbend Academy", "--member", "riverbend")
	for _, h := range holders {
		badge := filepath.Join(dir, h+".jwt")
		say(t, exitAll, "issue", "badge", "--key", key, "--name", "Welding I", "--until", "2030-01-01", "--from", "2026-05-12", "--learner-name", h, "--out", badge)
		badges = append(badges, badge)
	}
	return trust, badges
}

func picture(t *testing.T, args ...string) *image.Paletted {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.png")
	say(t, exitAll, append([]string{"screen", "--out", out}, args...)...)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Paletted)
}

// TestScreen follows a badge from file to glass: the picture is that of the
// verdict's screen.
func TestScreen(t *testing.T) {
	trust, badges := riverbend(t, "María")
	got := picture(t, "--panel", "epd-2in13-v4", "--trust", trust, "--at", "2026-11-22T00:00:00Z", badges[0])
	want := display.Render(screenOn(t, "epd-2in13-v4", trust, "public", badges[0]), display.Format{Size: image.Pt(250, 122), PPI: 131, Inks: display.BlackAndWhite()})
	if got.Rect != want.Rect || !bytes.Equal(got.Pix, want.Pix) {
		t.Error("the panel shows another picture than the verdict's")
	}
}

// TestScreenHides holds that no pixel depends on what this audience may not
// see, on any panel.
func TestScreenHides(t *testing.T) {
	trust, badges := riverbend(t, "María", "Zebulon")
	args := []string{"--panel", "epd-2in13-v4", "--trust", trust, "--at", "2026-11-22T00:00:00Z"}
	a, b := picture(t, append(args, badges[0])...), picture(t, append(args, badges[1])...)
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("with no audience the picture tells who holds the badge")
	}
	for audience, same := range map[string]bool{"public": true, "partner": true, "employer": true, "office": false} {
		for _, k := range panelKinds() {
			if k.poster {
				continue // the same for every badge
			}
			s, other := screenOn(t, k.name, trust, audience, badges[0]), screenOn(t, k.name, trust, audience, badges[1])
			panel, _, err := k.emulated(glass.Options{})
			if err != nil {
				t.Fatal(err)
			}
			a, b := display.Render(s, panel.Format()), display.Render(other, panel.Format())
			if same && !bytes.Equal(a.Pix, b.Pix) {
				t.Errorf("audience %s, %s: the picture tells who holds the badge", audience, k.name)
			}
			if !same && k.name == "epd-7in5-v2" && bytes.Equal(a.Pix, b.Pix) {
				t.Error("the office does not see who holds the badge")
			}
		}
	}
}

// screenOn is the screen that a panel gets of a badge.
func screenOn(t *testing.T, panel, trust, audience, badge string) display.Screen {
	t.Helper()
	k, draw := kindOf(t, panel)
	s := screening{name: resultScreen, lang: "en"}
	s.trust, s.audience, s.at = trust, audience, "2026-11-22T00:00:00Z"
	screen, err := s.screen([]string{badge}, k, k.holds(t, draw))
	if err != nil {
		t.Fatal(err)
	}
	return screen
}

func kindOf(t *testing.T, panel string) (panelKind, *display.Renderer) {
	t.Helper()
	k, err := panelNamed(panel)
	if err != nil {
		t.Fatal(err)
	}
	draw, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return k, draw
}

// holds tells what the panel has room for, as drawn by r.
func (k panelKind) holds(t *testing.T, r *display.Renderer) func(display.Screen) bool {
	t.Helper()
	panel, _, err := k.emulated(glass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Fitting(panel.Format())
}

// TestScreenList holds the format that scripts read.
func TestScreenList(t *testing.T) {
	list := strings.Split(strings.TrimSuffix(say(t, exitAll, "screen", "--list"), "\n"), "\n")
	for i, k := range panelKinds() {
		if !regexp.MustCompile(`^` + k.name + `\t\d+x\d+\t\d+$`).MatchString(list[i]) {
			t.Errorf("line %d is %q", i, list[i])
		}
	}
	if len(list) != len(panelKinds()) {
		t.Errorf("%d lines for %d panels", len(list), len(panelKinds()))
	}
}

// TestScreensOfTheirOwn shows each screen without a badge in each language on
// the smallest e-paper, and the one between two badges on every panel.
func TestScreensOfTheirOwn(t *testing.T) {
	draw, err := newRenderer("")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range panelKinds() {
		synctest.Test(t, func(t *testing.T) {
			for name, make := range screenNames() {
				if k.name != "epd-2in13-v4" && name != "attract" {
					continue
				}
				for _, l := range languages() {
					img, err := expose(t.Context(), k, draw, make(l.Tag))
					if err != nil {
						t.Fatalf("%s in %s on %s: %v", name, l.Tag, k.name, err)
					}
					inked := slices.ContainsFunc(img.(*image.Paletted).Pix, func(ink uint8) bool { return ink != 0 })
					if inked != (name != "blank") {
						t.Errorf("%s in %s on %s: ink %v", name, l.Tag, k.name, inked)
					}
				}
			}
		})
	}
}

// TestPanels holds that each panel's driver and glass agree, and that a
// verdict shows on it, every pixel of it, without a fault.
func TestPanels(t *testing.T) {
	for _, k := range panelKinds() {
		synctest.Test(t, func(t *testing.T) {
			panel, face, err := k.emulated(glass.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := display.Render(words(verify.Report{Verdict: verify.NotVerified}, "en"), panel.Format())
			if err := panel.Show(t.Context(), want, display.Full); err != nil {
				t.Errorf("%s: %v", k.name, err)
			}
			if n := glasstest.Differ(face.Picture(), want); n > 0 {
				t.Errorf("%s shows %d other pixels than were drawn", k.name, n)
			}
			for _, f := range face.Faults() {
				t.Errorf("%s: %v", k.name, f)
			}
		})
	}
}

// TestScreenSays shows what a person reads who mistypes.
func TestScreenSays(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.png")
	for _, c := range []struct{ line, says string }{
		{"screen", "--panel NAME"},
		{"screen --panel epd-2in13-v4", "--out PNG"},
		{"screen --panel toaster --out " + out, `no panel "toaster"; there are epd-`},
		{"screen --panel epd-2in13-v4 --out " + out, "no badge named"},
		{"screen --panel epd-2in13-v4 --out " + out + " nowhere.json", "nowhere.json"},
		{"screen --panel epd-2in13-v4 --out " + out + " --screen fortune", `no screen "fortune"`},
		{"screen --panel epd-2in13-v4 --screen attract --out /nowhere/x.png", "/nowhere/x.png"},
		{"screen --panel epd-2in13-v4 --screen attract --lang spanish --out " + out, `--lang "spanish" is not one of ar, en, es`},
	} {
		if got := say(t, exitUsage, strings.Fields(c.line)...); !strings.Contains(got, c.says) {
			t.Errorf("kiosk %s: says %q, want %q", c.line, got, c.says)
		}
	}
}
