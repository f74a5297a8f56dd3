package main

import (
	"strconv"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/verify/reason"
)

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
	to = l.field(to, "members", l.list(o.Members))
	return l.field(to, "issued", l.date(o.Issued))
}

// readStick asks to leave the stick in while it is read, pullStick says when
// it can go, noUpdate that there was nothing on it.
func readStick(lang string) display.Screen { return speak(lang).screen("stick", nil) }
func pullStick(lang string) display.Screen { return speak(lang).screen("pull", nil) }
func noUpdate(lang string) display.Screen  { return speak(lang).screen("empty", nil) }

// updating is shown while an update is written; done of steps are.
func updating(done, steps int, lang string) display.Screen {
	s := speak(lang).screen("installing", nil)
	s.Done, s.Of = done, steps
	return s
}

// firstRoot asks for the six words of a first root to be compared with those
// that the district gave out; held of steps is how long OK has been held.
func firstRoot(words []string, held, steps int, lang string) display.Screen {
	s := speak(lang).screen("newroot", nil)
	s.Title = strings.Join(words, " ")
	s.Done, s.Of = held, steps
	return s
}

// systemFound offers a new system for the kiosk itself, systemLeave does so
// where there are no buttons to take it with; systemInstalling is
// shown while it is put in, systemRestarts before it starts, systemOnTrial to
// who comes with a stick meanwhile; systemDone and systemBack say how it went.
func systemFound(o offer, lang string) display.Screen { return o.screen("sysfound", lang) }
func systemLeave(o offer, lang string) display.Screen { return o.screen("sysleave", lang) }
func systemDone(o offer, lang string) display.Screen  { return o.screen("sysdone", lang) }
func systemBack(lang string) display.Screen           { return speak(lang).screen("sysback", nil) }
func systemRestarts(lang string) display.Screen       { return speak(lang).screen("sysrestart", nil) }
func systemOnTrial(lang string) display.Screen        { return speak(lang).screen("systrial", nil) }
func systemInstalling(done, steps int, lang string) display.Screen {
	s := speak(lang).screen("sysinstalling", nil)
	s.Done, s.Of = done, steps
	return s
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
