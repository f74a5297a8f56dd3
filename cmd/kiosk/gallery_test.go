package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
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
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

var (
	update = flag.Bool("update", false, "draw the gallery anew; look at each sheet")
	only   = flag.String("only", "", "draw the sheets whose name ends so, as vi")
)

// galleryFolder holds the sheets: everything the kiosk can show, a sheet for
// a panel and a language.
const galleryFolder = "../../docs/gallery"

// galleryPanels are one of each size and kind of glass, and how many screens
// stand side by side on a sheet.
var galleryPanels = []struct {
	name    string
	columns int
	langs   []string // all if empty
}{
	{"epd-2in13-v4", 8, nil},
	{"epd-1in54", 8, []string{"fr", "vi"}},
	{"epd-2in7-v2", 8, []string{"es"}},
	{"epd-2in9-v2", 8, []string{"en"}},
	{"lcd-ili9341", 8, []string{"ar"}},
	{"epd-4in2-v2", 6, []string{"en", "zh"}},
	{"lcd-st7796", 6, []string{"zh"}},
	{"epd-7in5-v2", 5, []string{"en", "ar"}},
	{"kms-1024x600", 5, []string{"en"}},
	{"epd-7in3-spectra", 5, []string{"en"}},
}

// galleryScreens are every screen of a language: a verdict of each code, the
// pages of a badge, three badges one after another, and all that have a name.
func galleryScreens(lang string, holds func(display.Screen) bool) (names []string, screens map[string]display.Screen) {
	screens = ownScreens(lang)
	delete(screens, "blank")
	delete(screens, "poster") // of six colours only
	for name, r := range judgements() {
		all := pages(r, lang, help{Contact: sampleContact, Codes: sampleAddress}, holds)
		screens[name] = all[0]
		if name == "verified" {
			for i, s := range all[1:] {
				screens[fmt.Sprintf("%s-%d", name, i+2)] = s
			}
		}
	}
	other := genuine()
	other.Verdict, other.Badge.Name = verify.Demo, "Data Literacy: Community Surveys"
	stack := verify.Report{Verdict: verify.Demo, Credentials: []verify.Report{genuine(), other}}
	for i, s := range pages(stack, lang, help{}, holds) {
		screens[fmt.Sprintf("stack-%02d", i+1)] = s
	}
	return slices.Sorted(maps.Keys(screens)), screens
}

// TestGallery holds docs/gallery to what the kiosk can show. With -update it
// draws every sheet, each screen through its panel's driver and glass; where
// there is no font pack in build/fonts, the sheets that need it stay.
func TestGallery(t *testing.T) {
	pack := os.DirFS("../../build/fonts")
	var page strings.Builder
	page.WriteString("# Everything the kiosk can show\n\nEach picture went through the panel's driver and an emulation of the panel. `make gallery` draws them anew.\n")
	for _, g := range galleryPanels {
		kind, err := panelNamed(g.name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&page, "\n## %s\n", kind.label)
		for _, l := range languages() {
			if g.langs != nil && !slices.Contains(g.langs, l.Tag) {
				continue
			}
			file := g.name + "-" + l.Tag + ".png"
			draw, err := display.NewRenderer()
			if err != nil {
				t.Fatal(err)
			}
			draw.UseFonts(pack)
			fmt.Fprintf(&page, "\n%s:\n\n![%s in %s](%s)\n", l.Name, kind.label, l.Name, file)
			if *update && strings.HasSuffix(g.name+"-"+l.Tag, *only) && len(draw.Lacks(display.Screen{Word: l.Name})) == 0 {
				writeSheet(t, filepath.Join(galleryFolder, file), sheet(t, kind, draw, l.Tag, g.columns))
			} else if _, err := os.Stat(filepath.Join(galleryFolder, file)); err != nil {
				t.Errorf("%v: run make gallery", err)
			}
		}
	}
	names, _ := galleryScreens("en", func(display.Screen) bool { return true })
	fmt.Fprintf(&page, "\nThe screens, row by row: %s.\n", strings.Join(names, ", "))
	file := filepath.Join(galleryFolder, "README.md")
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != page.String() {
		t.Errorf("%s is not of these screens (%v): run make gallery", file, err)
	}
}

// TestGalleryIsWhole holds that whatever there are words for is in the gallery.
func TestGalleryIsWhole(t *testing.T) {
	_, screens := galleryScreens("en", func(display.Screen) bool { return true })
	var read strings.Builder
	for _, s := range screens {
		fmt.Fprintln(&read, readAloud(s), s.Code)
	}
	en := speak("en")
	for name, m := range en.Screens {
		for _, text := range append([]string{m.Word}, m.Says...) {
			if text != "" && !place.MatchString(text) && !strings.Contains(read.String(), text) {
				t.Errorf("no screen of the gallery says %q (%s)", text, name)
			}
		}
	}
	for code := range en.Reasons {
		if e, ok := reason.Of(code); ok && e.Effect >= reason.Check && !strings.Contains(read.String(), string(code)) {
			t.Errorf("no screen of the gallery is about %s", code)
		}
	}
}

// sheetGap is the space between two screens of a sheet, in pixels.
const sheetGap = 8

// sheet is all screens of a language on one panel, row by row.
func sheet(t *testing.T, kind panelKind, r *display.Renderer, lang string, columns int) image.Image {
	panel, face, err := kind.emulated(glass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	size := face.Size()
	names, screens := galleryScreens(lang, r.Fitting(panel.Format()))
	if kind.poster { // what it shows instead of verdicts
		screens = map[string]display.Screen{}
		for name, draw := range namedScreens() {
			if s := draw(lang); s.Mark == display.NoMark && s.Preview == nil && !strings.HasPrefix(name, "hint-") {
				screens[name] = s
			}
		}
		names = slices.Sorted(maps.Keys(screens))
	}
	rows := (len(names) + columns - 1) / columns
	step := size.Add(image.Pt(sheetGap, sheetGap))
	// The inks of the glass, and grey between the screens.
	inks := append(slices.Clone(face.Picture().Palette), color.Gray{160})
	out := image.NewPaletted(image.Rect(0, 0, step.X*columns+sheetGap, step.Y*rows+sheetGap), inks)
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{160}), image.Point{}, draw.Src)
	synctest.Test(t, func(t *testing.T) {
		for i, name := range names {
			img, err := expose(t.Context(), kind, r, screens[name])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			at := image.Pt(sheetGap+step.X*(i%columns), sheetGap+step.Y*(i/columns))
			draw.Draw(out, image.Rectangle{Max: size}.Add(at), img, image.Point{}, draw.Src)
		}
	})
	return out
}

func writeSheet(t *testing.T, file string, img image.Image) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
