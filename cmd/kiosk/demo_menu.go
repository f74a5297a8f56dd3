package main

import (
	"slices"

	"badgekiosk/display"
)

// askLanguage is the menu of the languages that there are letters for. Which
// one the next person speaks is not known: a minute later it is forgotten.
func (k *Kiosk) askLanguage(all []language, lang string) view {
	draw := func(i int) display.Screen {
		s := languageMenu(lang, all)
		s.Choices, s.Chosen = append(s.Choices, speak(lang).name("back")), i
		return s
	}
	chosen := slices.IndexFunc(all, func(l language) bool { return l.Tag == lang })
	return menu(len(all)+1, max(0, chosen), draw, func(i int) view {
		if i < len(all) {
			k.lang = all[i].Tag
		}
		return view{}
	})
}
