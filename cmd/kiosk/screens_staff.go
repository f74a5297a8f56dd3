package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

func itoa(n int) string { return strconv.Itoa(n) }

// staffChoices are what staff can do at a kiosk, in the menu's order.
var staffChoices = []string{"update", "audience", "language", "clock", "selftest", "health", "off", "back"}

// staffMenu is the menu that the PIN opens.
func staffMenu(chosen int, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("operator", nil)
	for _, key := range staffChoices {
		s.Choices = append(s.Choices, l.name(key))
	}
	s.Chosen = chosen
	return s
}

// name is what a choice is called: by its label or, where it leads to a
// screen, as that screen is.
func (l language) name(key string) string {
	if text := l.Labels[key]; text != "" {
		return text
	}
	return l.Screens[key].Word
}

// audienceMenu asks who may look, of those that this kiosk allows.
func audienceMenu(allowed []verify.Audience, chosen int, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("audience", nil)
	for _, a := range allowed {
		s.Choices = append(s.Choices, l.Labels[a.String()])
	}
	s.Chosen = chosen
	return s
}

// askToday asks at start whether the day that the kiosk takes it for is right.
func askToday(day time.Time, chosen int, lang string) display.Screen {
	return askAbout("today", day, chosen, "no", lang)
}

// askLied asks, before a day that is over by the kiosk's clock is believed,
// whether that clock was wrong.
func askLied(day time.Time, chosen int, lang string) display.Screen {
	return askAbout("lied", day, chosen, "back", lang)
}

func askAbout(name string, day time.Time, chosen int, other, lang string) display.Screen {
	l := speak(lang)
	s := l.screen(name, nil)
	s.Title, s.Choices, s.Chosen = l.date(day), []string{l.Labels["yes"], l.name(other)}, chosen
	return s
}

// wheel is what the buttons turn through while a PIN is entered: the digits,
// then to be done, then to take the last digit back.
var wheel = [...]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "OK", "←"}

// enterPIN shows how many digits have been taken, and where on the wheel the
// buttons stand. A digit that was taken is never shown again.
func enterPIN(taken, at int, lang string) display.Screen {
	s := speak(lang).screen("pin", nil)
	s.Title = strings.Repeat("● ", taken) + wheel[at]
	return s
}

// waitPIN says how long no PIN is taken, after too many wrong ones.
func waitPIN(left time.Duration, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("waitpin", nil)
	s.Say = l.count("wait", int((left+time.Second-1)/time.Second))
	return s
}

// dateParts are what staff set the clock by, in the menu's order, which is the
// language's; the last takes the date as it stands.
func (l language) dateParts() []string {
	parts := []string{"day", "month", "year"}
	slices.SortFunc(parts, func(a, b string) int {
		return strings.Index(l.Date, "{"+a+"}") - strings.Index(l.Date, "{"+b+"}")
	})
	return append(parts, "ready")
}

// setDay is the menu that sets the clock. A month that the language counts is
// its number there: its label says already that it is a month.
func setDay(day time.Time, chosen int, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("setday", nil)
	y, m, d := day.Date()
	month := l.Months[m-1]
	if number := itoa(int(m)); strings.Contains(month, number) {
		month = number
	}
	values := map[string]string{"day": itoa(d), "month": month, "year": itoa(y)}
	for _, part := range l.dateParts() {
		s.Choices = append(s.Choices, strings.TrimSpace(l.Labels[part]+" "+values[part]))
	}
	s.Chosen = chosen
	return s
}

// sitePicker asks which of the places that the signed settings name this
// kiosk stands at.
func sitePicker(sites []string, chosen int, lang string) display.Screen {
	s := speak(lang).screen("site", nil)
	s.Choices, s.Chosen = sites, chosen
	return s
}

// statusCode is the kiosk's status as a code, for a photograph; place is
// where it stands, and may be empty.
func statusCode(text, place, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("health", nil)
	s.QR = text
	s.Fields = l.field(s.Fields, "place", place)
	return s
}

// turnedOff is what stays when staff have turned the kiosk off.
func turnedOff(lang string) display.Screen { return speak(lang).screen("off", nil) }

// A part of the kiosk, and what a self-test found of it.
type part struct {
	label string      // of its name
	code  reason.Code // what is wrong; empty if it works
}

// underTest is shown while a self-test runs.
func underTest(lang string) display.Screen { return speak(lang).screen("testing", nil) }

// panelTest asks whether the panel of that name is the one that shows this.
func panelTest(panel, lang string) display.Screen {
	s := speak(lang).screen("paneltest", nil)
	s.Title = panel
	return s
}

// tested lists what a self-test found, the parts that need help first, and
// says what to do about the first of them.
func tested(parts []part, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("selftest", nil)
	var good []display.Field
	for _, p := range parts {
		if p.code == "" {
			good = l.field(good, p.label, l.Labels["works"])
			continue
		}
		if s.Code == "" {
			s.Say, s.Code = l.Reasons[p.code].Next.with(nil), string(p.code)
		}
		s.Fields = l.field(s.Fields, p.label, l.Labels["help"])
	}
	s.Fields = append(s.Fields, good...)
	return s
}
