package main

import (
	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/verify/reason"
)

// maxDigits is the longest PIN that is taken.
const maxDigits = 12

// Places on the wheel of a PIN's digits.
const (
	wheelOK    = 10
	wheelErase = 11
)

// locked asks for the PIN before it goes on to open. Where nobody signed a
// PIN, nobody has one.
func (a *appliance) locked(open func() view) view {
	lang := a.kiosk.speech()
	if a.settings.PINHash == "" || a.store == nil {
		return brief(speak(lang).screen("nopin", nil))
	}
	if wait := a.store.PINWait(); wait > 0 {
		return brief(waitPIN(wait, lang))
	}
	return a.askPIN("", 0, open)
}

// askPIN takes one digit after the other: next and back turn the wheel, OK
// takes what it stands on.
func (a *appliance) askPIN(taken string, at int, open func() view) view {
	lang := a.kiosk.speech()
	draw := func(at int) display.Screen { return enterPIN(len(taken), at, lang) }
	return menu(len(wheel), at, draw, func(at int) view {
		switch {
		case at == wheelOK:
			return a.tryPIN(taken, open)
		case at == wheelErase:
			return a.askPIN(taken[:max(0, len(taken)-1)], at, open)
		case len(taken)+1 == maxDigits:
			return a.askPIN(taken+wheel[at], wheelOK, open)
		}
		return a.askPIN(taken+wheel[at], at, open)
	})
}

// tryPIN goes on to open if the PIN is right.
func (a *appliance) tryPIN(pin string, open func() view) view {
	ok, _, err := a.store.TryPIN(a.settings.PINHash, pin)
	if err != nil {
		a.say(reason.BBroken, err)
	}
	if ok {
		a.log.Event(journal.Unlocked, 0, 0)
		return open()
	}
	a.log.Event(journal.Refused, 0, 0)
	v := brief(speak(a.kiosk.speech()).screen("wrongpin", nil))
	v.press = func(press.Button) view { return a.locked(open) }
	return v
}
