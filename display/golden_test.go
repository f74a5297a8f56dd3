package display_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"image"
	"image/color"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/glasstest"
	"badgekiosk/display/kms"
)

var update = flag.Bool("update", false, "write the golden hashes anew; look at each picture")

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
		"preview": {
			Word: "Hold it closer", Say: "The code looks too small.", Preview: view(), Lang: "en",
		},
		"page": {
			Mark: display.Check, Word: "CHECK", Title: "Welding I", Code: "R-STALE", Lang: "en", Page: 2, Pages: 3, Leaving: true,
			Fields: []display.Field{
				{Label: "Ask", Text: "registrar, +1 (555) 010-0100"}, {Label: "Get a code at", Text: "riverbend.example/my-badges"},
				{Label: "Signature", Text: "checked"}, {Label: "Dates", Text: "checked · 21 Nov 2026"},
			},
		},
		"hebrew": { // the layout is mirrored; the built-in font has its letters
			Mark: display.Verified, Word: "מאומת", Say: "התג אמיתי. מי מחזיק בו: לא נבדק", Title: "ריתוך I",
			Fields: []display.Field{{Label: "הונפק על ידי", Text: "Riverbend Academy"}, {Label: "רמה", Text: "3 מתוך 4"}},
			Notes:  []string{"לא נשלל נכון ל-20.11.2026."}, Code: "R-NONE", Lang: "he",
		},
	}
}

// view is what a camera sees, bright at the top left.
func view() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			m.Pix[y*m.Stride+x] = uint8(255 - x - y/2)
			if x/10%3 == 0 && y/10%3 == 0 {
				m.Pix[y*m.Stride+x] = 0
			}
		}
	}
	return m
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

// TestGolden shows every screen on every panel, upright and turned, through
// its driver, and compares what a person would see with pictures that a
// person has looked at: their hashes are in testdata, a file for each panel.
// docs/gallery has pictures to look at.
func TestGolden(t *testing.T) {
	for _, name := range glasstest.Names() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, p := glasstest.New(t, name)
				seen := map[string]string{}
				shoot(t, p, g.Picture, display.Upright, "", seen)
				shoot(t, p, g.Picture, display.Quarter, "turned ", seen)
				noFaults(t, g)
				golden(t, name, seen)
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
		seen := map[string]string{}
		shoot(t, p, g.Picture, display.Upright, "", seen)
		shoot(t, p, g.Picture, display.Quarter, "turned ", seen)
		for _, f := range g.Misuse() {
			t.Errorf("the driver was wrong: %s", f)
		}
		golden(t, name, seen)
	}
}

// shoot shows every screen, and keeps a hash of what is seen of each.
func shoot(t *testing.T, p display.Panel, picture func() *image.Paletted, turn display.Turn, prefix string, seen map[string]string) {
	t.Helper()
	panel := display.Turned(p, turn)
	for screen, s := range screens() {
		want := display.Render(s, panel.Format())
		if err := panel.Show(t.Context(), want, display.Fast); err != nil {
			t.Fatal(err)
		}
		got := display.Rotate(picture(), turn)
		if n := glasstest.Differ(got, want); n > 0 {
			t.Errorf("%s%s: the glass shows %d other pixels than were drawn", prefix, screen, n)
		}
		seen[prefix+screen] = hash(got)
	}
}

// hash is of a picture's size and colours.
func hash(img *image.Paletted) string {
	h := sha256.New()
	fmt.Fprintln(h, img.Rect)
	colours := make([][3]byte, len(img.Palette))
	for i, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		colours[i] = [3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}
	}
	row := make([]byte, 0, 3*img.Rect.Dx())
	for y := range img.Rect.Dy() {
		row = row[:0]
		for _, ink := range img.Pix[y*img.Stride:][:img.Rect.Dx()] {
			row = append(row, colours[ink][:]...)
		}
		h.Write(row)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// golden compares what was seen on a panel with the hashes of before.
func golden(t *testing.T, panel string, seen map[string]string) {
	t.Helper()
	file := filepath.Join("testdata", panel+".sha256")
	var b strings.Builder
	for _, screen := range slices.Sorted(maps.Keys(seen)) {
		fmt.Fprintf(&b, "%s  %s\n", seen[screen], screen)
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(data), "\n"), strings.Split(b.String(), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s: another picture of %s than a person has looked at (go test ./display -run Golden -update, then look)", panel, line[min(66, len(line)):])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s has hashes of %d screens, there are %d", file, len(want)-1, len(got)-1)
	}
}

func noFaults(t *testing.T, g *glass.Panel) {
	for _, f := range g.Faults() {
		t.Errorf("the driver was wrong: %v", f)
	}
}

// TestPreviewIsLive holds that an LCD follows the camera ten times a second:
// its driver sends only the part of the glass that the preview is on.
func TestPreviewIsLive(t *testing.T) {
	for _, name := range glasstest.Names() {
		if !strings.HasPrefix(name, "lcd-") {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			g, p := glasstest.New(t, name)
			s := screens()["preview"]
			for frame := range 3 {
				s.Preview = view()
				for i := range s.Preview.Pix {
					s.Preview.Pix[i] += uint8(frame * 40)
				}
				want := display.Render(s, p.Format())
				start := time.Now()
				if err := p.Show(t.Context(), want, display.Partial); err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				if frame > 0 && took > 100*time.Millisecond {
					t.Errorf("%s: a frame took %v", name, took)
				}
				if n := glasstest.Differ(g.Picture(), want); n > 0 {
					t.Errorf("%s: %d pixels are wrong", name, n)
				}
				t.Logf("%s: %v", name, took)
			}
			noFaults(t, g)
		})
	}
}
