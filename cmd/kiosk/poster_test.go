package main

import (
	"strings"
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/glass"
)

// TestPosterHasColours holds that six-colour glass uses all its inks for the
// poster, and that the poster says what each light means.
func TestPosterHasColours(t *testing.T) {
	kind, err := panelNamed("epd-7in3-spectra")
	must(t, err)
	panel, _, err := kind.emulated(glass.Options{})
	must(t, err)
	for _, l := range languages() {
		s := poster(sampleMembers, sampleDay, "", l.Tag, nil)
		used := map[uint8]int{}
		for _, ink := range display.Render(s, panel.Format()).Pix {
			used[ink]++
		}
		for ink := range panel.Format().Inks {
			if used[uint8(ink)] < 100 {
				t.Errorf("%s: ink %d has %d pixels", l.Tag, ink, used[uint8(ink)])
			}
		}
		for _, light := range []string{"green", "amber", "red", "blue"} {
			if !strings.Contains(readAloud(s), l.Labels[light]) {
				t.Errorf("%s: nothing is said of the light %q:\n%s", l.Tag, l.Labels[light], readAloud(s))
			}
		}
	}
}

// TestListedBy holds that a badge of an organization that a district lists
// names the district too, in each language, and other badges say no such thing.
func TestListedBy(t *testing.T) {
	for _, l := range languages() {
		for _, by := range []string{"", "Lakeside Unified"} {
			r := genuine()
			r.Axes.Issuer.Whom.ListedBy = by
			said := ""
			for _, s := range pages(r, l.Tag, help{}, func(s display.Screen) bool { return len(s.Fields) < 4 }) {
				said += readAloud(s) + "\n"
			}
			if strings.Contains(said, l.Labels["listed"]+": ") != (by != "") || !strings.Contains(said, by) {
				t.Errorf("%s, listed by %q: the pages say\n%s", l.Tag, by, said)
			}
		}
	}
}
