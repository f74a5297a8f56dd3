package main

import (
	"testing"

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

// ownScreens are a screen for each code that can lead to a verdict, and those
// that need no badge.
func ownScreens(lang string) map[string]display.Screen {
	all := map[string]display.Screen{"verified": words(genuine(), lang)}
	for name, make := range screenNames() {
		all[name] = make(lang)
	}
	verdicts := map[reason.Effect]verify.Verdict{
		reason.Check: verify.Check, reason.CannotTell: verify.CannotTell, reason.NotVerified: verify.NotVerified,
	}
	for _, e := range reason.All {
		if v, leads := verdicts[e.Effect]; leads {
			r := genuine()
			r.Verdict, r.Codes = v, []reason.Code{e.Code}
			all[string(e.Code)] = words(r, lang)
		}
	}
	return all
}
