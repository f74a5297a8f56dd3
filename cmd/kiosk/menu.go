package main

import (
	"slices"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// brief is a view that waits for a press, and goes if none comes.
func brief(pages ...display.Screen) view { return view{pages: pages, stays: menuStays} }

// open is what the menu button opens: the languages first, as anybody may
// want theirs, and after them the way to the staff's part.
func (a *appliance) open(lang string) view {
	return a.kiosk.askLanguage(a.languages(), lang, func() view {
		return a.locked(func() view { return a.staff(0) })
	})
}

// askLanguage is the menu of languages, and of the way to the staff's part
// where there is one. Which language the next person speaks is not known: a
// minute after this one has gone it is forgotten.
func (k *Kiosk) askLanguage(all []language, lang string, staff func() view) view {
	l := speak(lang)
	more := []string{l.name("back")}
	if staff != nil {
		more = []string{l.name("operator"), l.name("back")}
	}
	draw := func(i int) display.Screen {
		s := languageMenu(lang, all)
		s.Choices, s.Chosen = append(s.Choices, more...), i
		return s
	}
	chosen := slices.IndexFunc(all, func(l language) bool { return l.Tag == lang })
	return menu(len(all)+len(more), max(0, chosen), draw, func(i int) view {
		switch {
		case i < len(all):
			k.lang = all[i].Tag
		case i == len(all) && staff != nil:
			return staff()
		}
		return view{}
	})
}

// languages are those that this kiosk has letters for and its settings allow.
func (a *appliance) languages() []language {
	all := offered(a.draw)
	if len(a.settings.Language) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(l language) bool {
		return !slices.ContainsFunc(a.settings.Language, func(tag string) bool { return speak(tag).Tag == l.Tag })
	})
}

// staff is the menu behind the PIN.
func (a *appliance) staff(chosen int) view {
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return staffMenu(i, lang) }
	return menu(len(staffChoices), chosen, draw, func(i int) view {
		switch staffChoices[i] {
		case "update":
			return a.lookForUpdate()
		case "audience":
			return a.askAudience()
		case "language":
			return a.open(lang)
		case "clock":
			return a.askDate(a.today(), 0)
		case "selftest":
			return brief(tested(a.selfTest(), lang))
		case "health":
			return a.showStatus()
		case "off":
			return a.turnOff()
		}
		return view{}
	})
}

// askAudience asks who looks, of those that the signed ceiling allows. What
// is chosen holds until the kiosk is switched off.
func (a *appliance) askAudience() view {
	var all []verify.Audience
	for who := verify.Public; who <= a.ceiling; who++ {
		all = append(all, who)
	}
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return audienceMenu(all, i, lang) }
	return menu(len(all), int(a.audience), draw, func(i int) view {
		a.audience, a.chosen = all[i], &all[i]
		a.note("audience " + all[i].String())
		return view{}
	})
}

// askDay asks whether it is the day that the kiosk takes it for. Yes needs
// the PIN, no leads to the calendar.
func (a *appliance) askDay(day time.Time) view {
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return askToday(day, i, lang) }
	return menu(2, 0, draw, func(i int) view {
		if i == 0 {
			return a.locked(func() view { return a.setDay(day) })
		}
		return a.askDate(day, 0)
	})
}

// today is a day that it may be: the one that staff set, where they did.
func (a *appliance) today() time.Time {
	m := a.clock.Moment()
	if !m.Set {
		return m.Earliest
	}
	return m.Earliest.Add(m.Latest.Sub(m.Earliest) / 2)
}

// askLied asks whoever has the PIN a second time, before the kiosk forgets
// that a day is over. Yes makes it that day.
func (a *appliance) askLied(day time.Time) view {
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return askLied(day, i, lang) }
	return menu(2, 1, draw, func(i int) view {
		if i == 1 {
			return view{}
		}
		a.note("clock reset")
		if err := a.resetClock(); err != nil {
			a.feel(reason.HDisk, err)
		}
		return a.setDay(day)
	})
}

// askDate is the calendar: OK changes the part that the buttons stand on, to
// the next day, month or year, round and round; the last line takes it.
func (a *appliance) askDate(day time.Time, at int) view {
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return setDay(day, i, lang) }
	parts := speak(lang).dateParts()
	return menu(len(parts), at, draw, func(i int) view {
		if parts[i] == "ready" {
			return a.askDay(day)
		}
		return a.askDate(a.turned(day, parts[i]), i)
	})
}

// turned is day with its next day of the month, month or year, as far as a
// clock would be believed.
func (a *appliance) turned(day time.Time, part string) time.Time {
	y, m, d := day.Date()
	at := day.Sub(time.Date(y, m, d, 0, 0, 0, 0, day.Location()))
	last := func(y int, m time.Month) int { return time.Date(y, m+1, 0, 0, 0, 0, 0, day.Location()).Day() }
	switch part {
	case "day":
		d = d%last(y, m) + 1
	case "month":
		m = m%12 + 1
	default:
		first := a.signedTime().Year()
		y = first + (y-first+1)%yearsAhead
	}
	return time.Date(y, m, min(d, last(y, m)), 0, 0, 0, 0, day.Location()).Add(at)
}

// yearsAhead is how many years the calendar offers.
const yearsAhead = 10

// askSite asks once where this kiosk stands, of the places that were signed.
func (a *appliance) askSite() view {
	sites := a.settings.Sites
	lang := a.kiosk.speech()
	draw := func(i int) display.Screen { return sitePicker(sites, i, lang) }
	v := menu(len(sites), 0, draw, func(i int) view {
		return a.locked(func() view {
			a.site = sites[i]
			a.note(siteNote + sites[i])
			return view{}
		})
	})
	return v
}

// siteNote begins the record of the place that a kiosk was told it stands at.
const siteNote = "site "

// findSite is the place that this kiosk was told it stands at, if it is still
// one of those that were signed.
func (a *appliance) findSite() string {
	if a.store == nil {
		return ""
	}
	return siteIn(a.store.State().Admin, a.settings.Sites)
}

// siteIn is the last place that was picked, if it is still one of sites.
func siteIn(admin, sites []string) string {
	for _, done := range slices.Backward(admin) {
		if site, ok := strings.CutPrefix(done, siteNote); ok && slices.Contains(sites, site) {
			return site
		}
	}
	return ""
}
