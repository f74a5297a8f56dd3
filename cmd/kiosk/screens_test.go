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

// TestLanguageMenu holds that the menu says which words nobody has read.
func TestLanguageMenu(t *testing.T) {
	s := languageMenu("es", []language{{Tag: "es", Name: "Español", Reviewer: "R. Ortiz"}, {Tag: "fr", Name: "Français", Reviewer: unreviewed}})
	if got, want := strings.Join(append(s.Choices, s.Notes...), "|"), "Español · R. Ortiz|Français *|* "; !strings.HasPrefix(got, want) {
		t.Errorf("the menu reads %q, want %q…", got, want)
	}
}

// TestPages reads all pages of a badge: each has the verdict's word, none
// loses a field, and together they say all that was checked.
func TestPages(t *testing.T) {
	four := func(s display.Screen) bool { return len(s.Fields) <= 4 }
	var got []string
	for i, p := range pages(genuine(), "en", help{}, four) {
		if p.Word != "VERIFIED" || p.Mark != display.Verified || p.Title != "Welding I" || p.Page != i+1 || p.Pages != 3 {
			t.Errorf("page %d of %d reads %q", p.Page, p.Pages, readAloud(p))
		}
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, f.Label+": "+f.Text)
		}
		got = append(got, strings.Join(fields, ", "))
	}
	want := []string{
		"Issued by: Riverbend Academy, Level: 3 of 4, Proficient, Skills: MIG welding, Shop safety, Issued: 12 May 2026",
		"Valid until: 1 Jun 2028, Evidence: 2 items, not shown, Signature: checked, Issuer: checked · 20 Nov 2026",
		"Withdrawn list: checked · 20 Nov 2026, Dates: checked · 21 Nov 2026, Who holds it: not checked",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(pages(genuine(), "en", help{}, func(display.Screen) bool { return true })); n != 2 {
		t.Errorf("where all fits there are %d pages, want the badge and what was checked", n)
	}
	if n := len(pages(genuine(), "en", help{}, func(display.Screen) bool { return false })); n != 12 {
		t.Errorf("where nothing fits there are %d pages, want the verdict's and one for each of 11 fields", n)
	}
}

// TestPagesAsk holds that whoever must ask is told whom: the issuer's own
// contact or, of an issuer that is not known, that of the kiosk.
func TestPagesAsk(t *testing.T) {
	all := func(display.Screen) bool { return true }
	r := genuine()
	r.Verdict, r.Codes = verify.Check, []reason.Code{reason.RStale}
	r.Axes.Issuer.Whom.Contact = "registrar, 555 0100"
	desk := help{Contact: "front desk"}
	if got := pages(r, "en", desk, all)[0].Fields[1]; got != (display.Field{Label: "Ask", Text: "registrar, 555 0100"}) {
		t.Errorf("of a known issuer: %v", got)
	}
	r = verify.Report{Codes: []reason.Code{reason.INotListed}}
	if got := pages(r, "en", desk, all)[0].Fields[1]; got != (display.Field{Label: "Ask", Text: "front desk"}) {
		t.Errorf("of an issuer that nobody lists: %v", got)
	}
	if s := pages(genuine(), "en", desk, all)[0]; strings.Contains(readAloud(s), "front desk") {
		t.Error("whoever shows a good badge is sent to ask")
	}
}

// TestPagesLink holds that a link says where to get a code, in words and as a
// code, also alone and large.
func TestPagesLink(t *testing.T) {
	r := verify.Report{Codes: []reason.Code{reason.QLink}}
	got := pages(r, "en", help{Codes: sampleAddress}, func(display.Screen) bool { return true })
	if len(got) != 2 || got[0].QR != sampleAddress || got[1].QR != sampleAddress {
		t.Fatalf("%d pages: %v", len(got), got)
	}
	if want := "Get a code at: riverbend.example/my-badges"; !strings.Contains(readAloud(got[0]), want) {
		t.Errorf("reads %q, want %q", readAloud(got[0]), want)
	}
}

// TestPagesOfSeveral holds that each badge of a stack has its pages, under its
// own verdict.
func TestPagesOfSeveral(t *testing.T) {
	r := verify.Report{Verdict: verify.Check, Codes: []reason.Code{reason.RStale}}
	bad := genuine()
	bad.Verdict, bad.Codes = verify.NotVerified, []reason.Code{reason.TExpired}
	r.Credentials = []verify.Report{genuine(), bad}
	var got []string
	for _, p := range pages(r, "en", help{}, func(display.Screen) bool { return true }) {
		got = append(got, p.Word+" "+strings.Join(p.Notes[:min(1, len(p.Notes))], ""))
	}
	want := []string{"CHECK Checked as of", "VERIFIED Badge 1 of 2", "VERIFIED ", "NOT VERIFIED Badge 2 of 2", "NOT VERIFIED "}
	if len(got) != len(want) {
		t.Fatalf("the pages are %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i][:min(len(want[i]), len(got[i]))]) {
			t.Errorf("page %d is %q, want %q", i+1, got[i], want[i])
		}
	}
}

// TestLongTexts holds that a text that no page holds goes on over several, all
// of it.
func TestLongTexts(t *testing.T) {
	k, draw := kindOf(t, "epd-2in13-v4")
	holds := k.holds(t, draw)
	r := genuine()
	r.Badge.Description = strings.Repeat("welding of steel and brass ", 30)
	var said []string
	for _, p := range pages(r, "en", help{}, holds) {
		if !holds(p) {
			t.Errorf("page %d is cut: %q", p.Page, readAloud(p))
		}
		for _, f := range p.Fields {
			if strings.Contains(f.Text, "steel") || strings.Contains(f.Text, "brass") {
				said = append(said, f.Text)
			}
		}
	}
	if got, want := strings.Join(said, " "), strings.TrimSpace(r.Badge.Description); got != want {
		t.Errorf("the pages say\n%s\nwant\n%s", got, want)
	}
}

// TestPagesFit holds that each page shows all its fields on its glass, in
// every language.
func TestPagesFit(t *testing.T) {
	_, draw := kindOf(t, "epd-1in54")
	for _, k := range panelKinds() {
		holds := k.holds(t, draw)
		for _, l := range offered(draw) {
			for i, p := range pages(genuine(), l.Tag, help{Poster: k.poster}, holds) {
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
		{enterPIN(2, 7, "es"), "Escriba el PIN\nSiguiente cambia el dígito. OK lo acepta.\n● ● 7"},
		{tested([]part{{"camera", ""}, {"clock", reason.HClock}}, "en"), "Self-test\nAsk IT to set the clock.\nClock: needs help\nCamera: works\nH-CLOCK"},
		{outOfOrder(reason.HCam, "fr"), "Hors service\nLa caméra a un problème.\nQue faire: Vérifiez le câble de la caméra. Puis appelez le service informatique.\nH-CAM"},
		{updateRefused(reason.BRollback, offer{Serial: 41}, "en"), "Not updated\nThe update is older than what is here. The old one stays.\nWhat to do: Ask for the newest update.\nNumber: 41\nB-ROLLBACK"},
		{updateFound(offer{"A. Okafor", 42, []string{"Riverbend", "Lakeside"}, lists}, "en"), "Update found\nIt is whole and signed by the right people.\nWhat to do: Press OK to use it.\nSigned by: A. Okafor\nNumber: 42\nDistricts: Riverbend, Lakeside\nIssued: 20 Nov 2026"},
		{resting([]string{"Riverbend"}, lists, "Ask at the desk.", "en"), "Show your badge\nHold its QR code up to the camera.\nDistricts: Riverbend\nAsk at the desk.\nNeeds no network. Keeps nothing about you.\nLists of 20 Nov 2026."},
	} {
		if got := readAloud(c.screen); got != c.want {
			t.Errorf("the screen reads\n%s\nwant\n%s", got, c.want)
		}
	}
	menu := audienceMenu([]verify.Audience{verify.Employer, verify.Public}, 1, "en")
	if got := fmt.Sprint(menu.Choices, menu.Chosen); got != "[Employer Public: no names] 1" {
		t.Errorf("the audiences are %s", got)
	}
}

// The menu that sets the clock goes through a date as its readers write it,
// and says the month once.
func TestSetDay(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"Day 20", "Month Nov", "Year 2026", "Done"},
		"es": {"Día 20", "Mes nov", "Año 2026", "Listo"},
		"vi": {"Ngày 20", "Tháng 11", "Năm 2026", "Xong"},
		"zh": {"年 2026", "月 11", "日 20", "完成"},
		"ar": {"اليوم 20", "الشهر نوفمبر", "السنة 2026", "تم"},
	} {
		if got := setDay(sampleDay, 0, lang).Choices; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
