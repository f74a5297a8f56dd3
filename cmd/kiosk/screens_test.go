package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// TestEveryHintHasWords holds that whatever a reader advises, the person who
// holds up a code is told what to do, in every language.
func TestEveryHintHasWords(t *testing.T) {
	for _, l := range languages() {
		seen := map[string]bool{}
		for a := scanner.NoAdvice; a <= scanner.BrighterScreen; a++ {
			s := hint(a, l.Tag)
			if s.Word == "" || s.Say == "" || seen[s.Word] {
				t.Errorf("%s: %v reads %q", l.Tag, a, readAloud(s))
			}
			seen[s.Word] = true
		}
	}
}

// TestPlurals holds Arabic's six plural categories, and that every language
// has a form for each number.
//
// Source: Unicode CLDR, cardinal rules of ar; numbers from its samples.
func TestPlurals(t *testing.T) {
	for n, want := range map[int]string{
		0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 103: "few", 110: "few", 1003: "few",
		11: "many", 26: "many", 99: "many", 111: "many", 1011: "many", 100: "other", 102: "other", 202: "other", 1000: "other",
	} {
		if got := category("ar", n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for _, l := range languages() {
		for key, forms := range l.Counts {
			for n := range 120 {
				if forms[category(l.Tag, n)] == "" {
					t.Errorf("%s: %s has no form for %d", l.Tag, key, n)
				}
			}
		}
	}
}

// TestOffered holds that without the font pack Chinese is not on the menu,
// and with it, it is.
func TestOffered(t *testing.T) {
	tags := func(fonts string) (all []string) {
		r, err := display.NewRenderer()
		if err != nil {
			t.Fatal(err)
		}
		r.UseFonts(os.DirFS(fonts))
		for _, l := range offered(r) {
			all = append(all, l.Tag)
		}
		return all
	}
	if got, want := tags(t.TempDir()), []string{"ar", "en", "es", "fr", "vi"}; !slices.Equal(got, want) {
		t.Errorf("without fonts %v are offered, want %v", got, want)
	}
	if _, err := os.Stat("../../build/fonts/hani.otf"); err == nil { // made by make fonts
		if got := tags("../../build/fonts"); !slices.Contains(got, "zh") {
			t.Errorf("with the font pack %v are offered", got)
		}
	}
}

// TestDetails reads all pages behind a verdict: each has the verdict's word,
// none loses a field, and together they say all that was checked.
func TestDetails(t *testing.T) {
	two := func(s display.Screen) bool { return len(s.Fields) <= 4 }
	pages := details(genuine(), "en", two)
	var got []string
	for _, p := range pages {
		if p.Word != "VERIFIED" || p.Mark != display.Verified || p.Title != "Welding I" {
			t.Errorf("a page without its verdict: %q", readAloud(p))
		}
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, f.Label+": "+f.Text)
		}
		got = append(got, p.Notes[0]+" "+strings.Join(fields, ", "))
	}
	want := []string{
		"Page 1 of 3 Issued by: Riverbend Academy, Level: 3 of 4, Proficient, Skills: MIG welding, Shop safety, Issued: 12 May 2026",
		"Page 2 of 3 Valid until: 1 Jun 2028, Evidence: 2 items, not shown, Signature: checked, Issuer: checked · 20 Nov 2026",
		"Page 3 of 3 Withdrawn list: checked · 20 Nov 2026, Dates: checked · 21 Nov 2026, Who holds it: not checked",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if one := details(genuine(), "en", func(display.Screen) bool { return true }); len(one) != 1 || one[0].Notes != nil {
		t.Errorf("all on one page: %d pages, notes %v", len(one), one[0].Notes)
	}
	if n := len(details(genuine(), "en", func(display.Screen) bool { return false })); n != 11 {
		t.Errorf("where nothing fits there are %d pages, want one for each of 11 fields", n)
	}
}

// TestDetailsFit holds that each page shows all its fields on its glass, in
// every language that the built-in fonts write.
func TestDetailsFit(t *testing.T) {
	r, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range panelKinds() {
		panel, _, err := k.emulated(glass.Options{})
		if err != nil {
			t.Fatal(err)
		}
		holds := func(s display.Screen) bool { return r.Holds(s, panel.Format()) }
		for _, l := range offered(r) {
			for i, p := range details(genuine(), l.Tag, holds) {
				if !holds(p) {
					t.Errorf("page %d in %s on %s is cut", i+1, l.Tag, k.name)
				}
			}
		}
	}
}

// TestCodesAreDrawn holds that the code on a screen made for it is never what
// is left out.
func TestCodesAreDrawn(t *testing.T) {
	r, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range panelKinds() {
		panel, _, err := k.emulated(glass.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range offered(r) {
			for _, name := range []string{"challenge", "link-2"} {
				s := namedScreens()[name](l.Tag)
				with := bytes.Clone(r.Render(s, panel.Format()).Pix)
				s.QR = ""
				if bytes.Equal(with, r.Render(s, panel.Format()).Pix) {
					t.Errorf("%s in %s on %s has no code", name, l.Tag, k.name)
				}
			}
		}
	}
}

// TestScreensAround reads screens around a verdict aloud.
func TestScreensAround(t *testing.T) {
	for _, c := range []struct {
		screen display.Screen
		want   string
	}{
		{progress(2, 5, "en"), "Keep holding\nThis badge comes in parts.\n2 of 5 parts read"},
		{enterPIN(2, 7, "es"), "Escriba el PIN\nSiguiente cambia la cifra. OK la acepta.\n● ● 7"},
		{tested([]part{{"camera", ""}, {"clock", reason.HClock}}, "en"), "Self-test\nAsk IT to set the clock.\nClock: needs help\nCamera: works\nH-CLOCK"},
		{outOfOrder(reason.HCam, "fr"), "Hors service\nLa caméra a besoin d'aide.\nQue faire: Vérifiez son câble. Puis appelez le service informatique.\nH-CAM"},
		{updateRefused(reason.BRollback, offer{Serial: 41}, "en"), "Not updated\nThe update is older than what is here. The old one stays.\nWhat to do: Ask for the newest update.\nNumber: 41\nB-ROLLBACK"},
		{updateFound(offer{"A. Okafor", 42, []string{"Riverbend", "Lakeside"}, lists}, "en"), "Update found\nIt is whole and signed by the right people.\nWhat to do: Press OK to use it.\nSigned by: A. Okafor\nNumber: 42\nDistricts: Riverbend, Lakeside\nIssued: 20 Nov 2026"},
		{resting([]string{"Riverbend"}, lists, "Ask at the desk.", "en"), "Show your badge\nHold its QR code up to the camera.\nDistricts: Riverbend\nAsk at the desk.\nNeeds no network. Keeps nothing about you.\nLists of 20 Nov 2026."},
	} {
		if got := readAloud(c.screen); got != c.want {
			t.Errorf("the screen reads\n%s\nwant\n%s", got, c.want)
		}
	}
	stack := several([]verify.Report{genuine(), genuine(), genuine()}, "en")
	if got := readAloud(stack[1]); !strings.HasPrefix(got, "VERIFIED\n") || !strings.Contains(got, "\nBadge 2 of 3\n") {
		t.Errorf("the second of three badges reads\n%s", got)
	}
	menu := audienceMenu([]verify.Audience{verify.Employer, verify.Public}, 1, "en")
	if got := fmt.Sprint(menu.Choices, menu.Chosen); got != "[Employer Public: no names] 1" {
		t.Errorf("the audiences are %s", got)
	}
}
