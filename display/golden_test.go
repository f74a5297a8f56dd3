package display_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/glasstest"
	"badgekiosk/display/kms"
)

var update = flag.Bool("update", false, "write the golden pictures anew; look at each")

// screens are one of every kind that a kiosk shows, with the longest words
// that ours have.
func screens() map[string]display.Screen {
	return map[string]display.Screen{
		"verified": {
			Mark: display.Verified, Word: "VERIFIED", Say: "Badge is genuine. Who holds it: not checked", Title: "Welding I",
			Fields: []display.Field{
				{Label: "Issued by", Text: "Riverbend Academy"}, {Label: "Level", Text: "3 of 4"},
				{Label: "Skills", Text: "Gas metal arc welding, blueprint reading"}, {Label: "Issued", Text: "12 May 2026"},
			},
			Notes: []string{"Not withdrawn as of 20 Nov 2026."}, Lang: "en",
		},
		"not-verified": {
			Mark: display.NotVerified, Word: "NOT VERIFIED", Say: "The badge does not match its signature. It was changed, or it is a fake.",
			Fields: []display.Field{{Label: "What to do", Text: "Do not accept it. Ask for a new copy from the issuer."}},
			Notes:  []string{"Checked with this kiosk's lists of 20 Nov 2026.", "What it says is hidden, as it may be false."},
			Code:   "S-INVALID", Lang: "en",
		},
		"cannot-tell": {
			Mark: display.CannotTell, Word: "CAN'T TELL", Say: "It uses the name of a listed issuer, but was not signed by that issuer.",
			Fields: []display.Field{
				{Label: "What to do", Text: "Call the real issuer. Do not use a number from the badge."},
				{Label: "Says it is from", Text: "Riverbend Academy", Quoted: true},
				{Label: "Its address", Text: "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
			},
			Notes: []string{"This kiosk's clock is not set; checked as of 20 Nov 2026."}, Code: "I-LOOKALIKE", Lang: "en",
		},
		"check": {
			Mark: display.Check, Word: "CHECK", Say: "Not withdrawn as of 12 Aug 2026, but that is a long time ago.", Title: "Data Literacy: Community Surveys",
			Fields: []display.Field{
				{Label: "What to do", Text: "Ask the issuer if the badge still counts. Ask IT to update this kiosk."},
				{Label: "Issued by", Text: "Riverbend Academy"}, {Label: "Level", Text: "2 of 3"},
			},
			Notes: []string{"Checked with this kiosk's lists of 20 Nov 2026."}, Code: "R-STALE", Lang: "en",
		},
		"demo": {
			Mark: display.Demo, Word: "DEMO", Say: "A sample, to try the kiosk with. Not a real badge.", Title: "Welding I",
			Fields:  []display.Field{{Label: "Issued by", Text: "Riverbend Academy"}, {Label: "Level", Text: "3 of 4"}},
			Picture: medal(), Notes: []string{"Not withdrawn as of 20 Nov 2026."}, Lang: "en",
		},
		"attract": {
			Word: "Show your badge", Say: "Hold its QR code up to the camera.",
			Notes: []string{"This kiosk works with no network. It keeps nothing about you."}, Lang: "en",
		},
		"link": {
			Mark: display.CannotTell, Word: "CAN'T TELL", Say: "This is a link, not the badge itself. Links are never opened.",
			Fields: []display.Field{{Label: "What to do", Text: "Open it on the phone and show the badge's own code."}},
			QR:     "https://riverbend.example/my-badges", Code: "Q-LINK", Lang: "en",
		},
		"parts": {
			Word: "Keep holding", Say: "This badge comes in parts.", Done: 5, Of: 8, Notes: []string{"5 of 8"}, Lang: "en",
		},
		"menu": {
			Word: "Language", Choices: []string{"English", "Español", "Français", "Tiếng Việt", "Русский", "Ελληνικά"}, Chosen: 3, Lang: "en",
		},
		"out-of-order": {
			Word: "The camera needs help.", Say: "Check the camera's cable. Then call IT.", Code: "H-CAM", Lang: "en",
		},
		"blank": {},
		"hebrew": { // the layout is mirrored; the built-in font has its letters
			Mark: display.Verified, Word: "מאומת", Say: "התג אמיתי. מי מחזיק בו: לא נבדק", Title: "ריתוך I",
			Fields: []display.Field{{Label: "הונפק על ידי", Text: "Riverbend Academy"}, {Label: "רמה", Text: "3 מתוך 4"}},
			Notes:  []string{"לא נשלל נכון ל-20.11.2026."}, Code: "R-NONE", Lang: "he",
		},
	}
}

// medal is a badge's picture: a star on a ribbon's blue.
func medal() image.Image {
	const side = 240
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := x-side/2, y-side/2
			switch d := dx*dx + dy*dy; {
			case d < 55*55:
				m.Set(x, y, color.RGBA{250, 200, 60, 255})
			case d < 62*62, d > 104*104 && d < 114*114:
				m.Set(x, y, color.RGBA{20, 40, 90, 255})
			case d < 104*104:
				m.Set(x, y, color.RGBA{60, 110, uint8(120 + y/2), 255})
			}
		}
	}
	return m
}

// TestGolden shows every screen on every panel, through its driver, and
// compares what a person would see with a picture that a person has looked
// at.
func TestGolden(t *testing.T) {
	for _, name := range glasstest.Names() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, p := glasstest.New(t, name)
				for screen, s := range screens() {
					want := display.Render(s, p.Format())
					if err := p.Show(t.Context(), want, display.Fast); err != nil {
						t.Fatal(err)
					}
					got := g.Picture()
					if n := glasstest.Differ(got, want); n > 0 {
						t.Errorf("%s: the glass shows %d other pixels than were drawn", screen, n)
					}
					golden(t, filepath.Join("testdata", name, screen+".png"), got)
				}
				noFaults(t, g)
			})
		})
	}
}

// TestGoldenKMS does the same on screens that the kernel drives.
func TestGoldenKMS(t *testing.T) {
	for name, size := range map[string]image.Point{"kms-800x480": {X: 800, Y: 480}, "kms-1024x600": {X: 1024, Y: 600}} {
		p, g, err := kms.Emulate(size, true, display.Colours())
		if err != nil {
			t.Fatal(err)
		}
		for screen, s := range screens() {
			want := display.Render(s, p.Format())
			if err := p.Show(t.Context(), want, display.Partial); err != nil {
				t.Fatal(err)
			}
			got := g.Picture()
			if n := glasstest.Differ(got, want); n > 0 {
				t.Errorf("%s: the screen shows %d other pixels than were drawn", screen, n)
			}
			golden(t, filepath.Join("testdata", name, screen+".png"), got)
		}
		for _, f := range g.Misuse() {
			t.Errorf("the driver was wrong: %s", f)
		}
	}
}

// TestGallery holds docs/screens.md, where all of them can be looked through.
func TestGallery(t *testing.T) {
	const page = "../docs/screens.md"
	var b strings.Builder
	b.WriteString("# Everything the kiosk can show\n\nEach picture went through the panel's driver and an emulation of the panel. `make gallery` draws them anew.\n")
	names := slices.Sorted(maps.Keys(screens()))
	for _, panel := range append(glasstest.Names(), "kms-1024x600", "kms-800x480") {
		fmt.Fprintf(&b, "\n## %s\n\n", panel)
		for _, s := range names {
			fmt.Fprintf(&b, "![%s on %s](../display/testdata/%[2]s/%[1]s.png)\n", s, panel)
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != b.String() {
		t.Errorf("%s is not of these screens (%v): run make gallery", page, err)
	}
}

func noFaults(t *testing.T, g *glass.Panel) {
	for _, f := range g.Faults() {
		t.Errorf("the driver was wrong: %v", f)
	}
}

func golden(t *testing.T, file string, got *image.Paletted) {
	t.Helper()
	if *update {
		write(t, file, got)
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	want, ok := img.(*image.Paletted)
	if !ok || want.Rect != got.Rect {
		t.Errorf("%s: a picture of %v, want %v", file, got.Rect, img.Bounds())
		return
	}
	n := 0
	for i := range got.Pix {
		if got.Palette[got.Pix[i]] != want.Palette[want.Pix[i]] && !same(got.Palette[got.Pix[i]], want.Palette[want.Pix[i]]) {
			n++
		}
	}
	if n > 0 {
		seen := filepath.Join(os.TempDir(), fmt.Sprintf("golden-%s-%s", filepath.Base(filepath.Dir(file)), filepath.Base(file)))
		write(t, seen, got)
		t.Errorf("%s: %d pixels differ; what the glass shows is in %s", file, n, seen)
	}
}

func same(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	return ar == br && ag == bg && ab == bb
}

func write(t *testing.T, file string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
