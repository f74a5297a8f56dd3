package main

import (
	"slices"
	"strings"

	"badgekiosk/display"
)

// offered are the languages that r has the letters for. A language that a
// kiosk could only draw boxes for is not on its menu: Chinese needs the font
// pack, the others do without.
func offered(r *display.Renderer) []language {
	return slices.DeleteFunc(slices.Clone(languages()), func(l language) bool {
		var all []string
		for _, m := range l.Verdicts {
			all = append(all, m.Word)
		}
		for _, m := range l.Reasons {
			all = append(all, m.Says...)
		}
		return len(r.Lacks(display.Screen{Say: strings.Join(append(all, l.Name), " ")})) > 0
	})
}
