package main

import (
	"time"

	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/provision"
	"badgekiosk/verify/reason"
)

// Bounds on trying PINs.
const (
	freeTries = 3 // before any wait
	firstWait = 30 * time.Second
	maxWait   = time.Hour
	maxDigits = 12
)

// A lock is what stands between anybody and the staff's menu.
type lock struct {
	wrong int       // tries since the last right one
	until time.Time // no PIN is looked at before
}

// missed notes a wrong PIN: after the third, the wait doubles each time.
func (l *lock) missed(now time.Time) {
	if l.wrong++; l.wrong >= freeTries {
		l.until = now.Add(min(firstWait<<min(l.wrong-freeTries, 10), maxWait))
	}
}

// Places on the wheel of a PIN's digits.
const (
	wheelOK    = 10
	wheelErase = 11
)

// locked asks for the PIN before it goes on to open. Where nobody signed a
// PIN, nobody has one.
func (a *appliance) locked(open func() view) view {
	lang := a.kiosk.speech()
	wait := time.Until(a.lock.until)
	switch {
	case a.settings.PINHash == "":
		return brief(speak(lang).screen("nopin", nil))
	case wait > 0:
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
	ok, err := provision.CheckPIN(a.settings.PINHash, pin)
	if err != nil {
		a.say(reason.BBroken, err)
	}
	if ok {
		a.lock = lock{}
		return open()
	}
	a.lock.missed(time.Now())
	v := brief(speak(a.kiosk.speech()).screen("wrongpin", nil))
	v.press = func(press.Button) view { return a.locked(open) }
	return v
}
