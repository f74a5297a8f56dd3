package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// TestWordsFit holds that every panel shows our own words whole, in every
// language: the verdict, the sentence that says why, and the date.
func TestWordsFit(t *testing.T) {
	draw, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	draw.UseFonts(os.DirFS("../../build/fonts")) // where it has been made: Chinese is larger
	for _, k := range panelKinds() {
		panel, _, err := k.emulated(glass.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range languages() {
			for name, s := range ownScreens(l.Tag) {
				for _, cut := range draw.Fit(s, panel.Format()) {
					t.Errorf("%s in %s on %s: %q is cut", name, l.Tag, k.name, cut)
				}
			}
		}
	}
}

// TestFirstPages holds that whatever the verdict and the glass, the first page
// has all of why, what to do, whom to ask and the date, in every language.
func TestFirstPages(t *testing.T) {
	draw, err := display.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	fails := func(code reason.Code, lang, panel string, s display.Screen) {
		t.Errorf("%s in %s on %s: the first page has no room for\n%s", code, lang, panel, readAloud(s))
	}
	draw.UseFonts(os.DirFS("../../build/fonts")) // where it has been made: Chinese is smaller
	for _, k := range panelKinds() {
		if k.poster {
			continue
		}
		for _, l := range languages() {
			holds := k.holds(t, draw)
			for _, r := range wordiest(l) {
				t := telling{l, r, nil}
				t.facts = t.known()
				first, _ := t.first(words(r, l.Tag), help{Contact: sampleContact}, holds)
				said := readAloud(first)
				missing := func(f display.Field) bool { return !strings.Contains(said, f.Text) }
				if !holds(first) || slices.ContainsFunc(t.must(help{Contact: sampleContact}), missing) {
					fails(t.lead(), l.Tag, k.name, first)
				}
			}
		}
	}
}

// wordiest are the judgements that say most in a language, and the usual one.
// With KIOSK_PROOF set they are all that there are.
func wordiest(l language) []verify.Report {
	all := slices.Collect(maps.Values(judgements()))
	length := func(r verify.Report) int {
		s := words(r, l.Tag)
		return utf8.RuneCountInString(s.Say + strings.Join(s.Notes, "") + l.Reasons[reason.Code(s.Code)].Next.with(nil))
	}
	slices.SortFunc(all, func(a, b verify.Report) int { return length(b) - length(a) })
	if os.Getenv("KIOSK_PROOF") != "" {
		return all
	}
	return append(all[:wordy:wordy], genuine())
}

// wordy is how many judgements are tried on every panel.
const wordy = 10

// judgements are a report of each code that can lead to a verdict, and one of a
// badge whose holder was asked.
func judgements() map[string]verify.Report {
	held := genuine()
	held.Axes.Presenter = verify.Finding{State: verify.Pass, Code: reason.PHolder}
	all := map[string]verify.Report{"verified": genuine(), "held": held}
	verdicts := map[reason.Effect]verify.Verdict{
		reason.Check: verify.Check, reason.CannotTell: verify.CannotTell, reason.NotVerified: verify.NotVerified,
	}
	for _, e := range reason.All {
		if v, leads := verdicts[e.Effect]; leads {
			all[string(e.Code)] = judgement(e, v)
		}
	}
	return all
}

// judgement is a report that e leads: of what was not found to be so it knows
// nothing, as one of a badge.
func judgement(e reason.Entry, v verify.Verdict) verify.Report {
	r := genuine()
	r.Verdict, r.Codes = v, []reason.Code{e.Code}
	found, open := verify.Finding{Code: e.Code}, verify.Finding{}
	if v == verify.NotVerified || e.Code == reason.RSuspended || e.Axis == reason.Presenter {
		found.State = verify.Fail
	}
	a := &r.Axes
	switch e.Axis {
	case reason.Signature:
		a.Signature, a.Issuer = found, open
	case reason.Issuer:
		found.Name = a.Issuer.Name
		a.Issuer = found
	case reason.Status:
		found.AsOf = a.Status.AsOf
		a.Status = found
	case reason.Time:
		a.Time = found
	case reason.Presenter:
		a.Presenter = found
	case reason.Scan:
		a.Signature, a.Issuer = open, open
		r.Badge = verify.Badge{}
	}
	if a.Issuer.State != verify.Pass {
		a.Status, a.Time = open, open
		if v == verify.NotVerified {
			r.Badge = verify.Badge{}
		} else if e.Axis == reason.Issuer {
			r.Badge.Claims, r.Badge.IssuerID = "Riverbend Academy", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
		}
	}
	return r
}

// ownScreens are a screen for each code that can lead to a verdict, and those
// that need no badge.
func ownScreens(lang string) map[string]display.Screen {
	all := map[string]display.Screen{}
	for name, make := range screenNames() {
		all[name] = make(lang)
	}
	for name, r := range judgements() {
		all[name] = words(r, lang)
	}
	return all
}
