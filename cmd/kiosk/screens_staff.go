package main

import (
	"strconv"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

func itoa(n int) string { return strconv.Itoa(n) }

// staffChoices are what staff can do at a kiosk, in the menu's order.
var staffChoices = []string{"update", "audience", "language", "clock", "selftest", "back"}

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
	l := speak(lang)
	s := l.screen("today", nil)
	s.Title, s.Choices, s.Chosen = l.date(day), []string{l.Labels["yes"], l.Labels["no"]}, chosen
	return s
}

// enterPIN shows how many digits have been taken, and the one that the
// buttons stand on. A digit that was taken is never shown again.
func enterPIN(taken, digit int, lang string) display.Screen {
	s := speak(lang).screen("pin", nil)
	s.Title = strings.Repeat("● ", taken) + itoa(digit)
	return s
}

// A part of the kiosk, and what a self-test found of it.
type part struct {
	label string      // of its name
	code  reason.Code // what is wrong; empty if it works
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

// An offer is an update on a stick, as far as it could be read.
type offer struct {
	Signers string // who signed it
	Serial  int64
	Members []string
	Issued  time.Time
}

func (o offer) fields(l language, to []display.Field) []display.Field {
	to = l.field(to, "signers", o.Signers)
	if o.Serial > 0 {
		to = l.field(to, "serial", strconv.FormatInt(o.Serial, 10))
	}
	to = l.field(to, "members", strings.Join(o.Members, ", "))
	return l.field(to, "issued", l.date(o.Issued))
}

// updateFound offers an update that is whole and rightly signed, updateDone
// says that it is in use.
func updateFound(o offer, lang string) display.Screen { return o.screen("found", lang) }
func updateDone(o offer, lang string) display.Screen  { return o.screen("applied", lang) }

func (o offer) screen(key, lang string) display.Screen {
	l := speak(lang)
	s := l.screen(key, nil)
	s.Fields = o.fields(l, s.Fields)
	return s
}

// updateRefused says why an update was not taken: a code of a bundle, or
// H-STICK.
func updateRefused(code reason.Code, o offer, lang string) display.Screen {
	s := outOfOrder(code, lang)
	l := speak(lang)
	s.Word = l.Screens["refused"].Word
	s.Fields = o.fields(l, s.Fields)
	return s
}
