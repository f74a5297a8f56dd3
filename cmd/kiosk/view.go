package main

import (
	"crypto/sha256"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/display/signal"
	"badgekiosk/verify"
)

// A view is what stands on the glass until something else does: pages that
// the buttons turn, or a menu that they choose from.
type view struct {
	pages []display.Screen
	page  int

	stays  time.Duration // until it makes room by itself; 0: it waits
	warns  bool          // it says beforehand that it goes
	rests  bool          // it is what stands there when nobody is
	lights signal.Sign   // what lights and tones say with it
	fleets bool          // advice to who holds up a code: it goes with the code
	stick  bool          // it goes when the stick does
	turns  bool          // its pages turn by themselves, as there are no buttons
	line   signal.Line   // how it is spoken; empty, and its first page is

	// still is the hash of the payload that it answers, which may be held up
	// still.
	still *[sha256.Size]byte

	// ask is the question to a phone that OK leads to; nil, and OK ends the
	// view.
	ask func() view
	// grip is what holding OK down, and letting it go, does.
	grip func(down bool) view
	// press is what a menu's buttons do; nil, and they turn pages.
	press func(press.Button) view
	// then is what follows when its time is up; nil, and the kiosk rests.
	then func() view
}

// screens are the pages of a view.
func screens(pages ...display.Screen) []display.Screen { return pages }

// still is a view of one screen that waits for somebody.
func still(s display.Screen) view { return view{pages: screens(s)} }

// menu lets the person choose one of n: the buttons next and back move, OK
// takes what they stand on. draw draws the menu with one of them chosen.
func menu(n, chosen int, draw func(chosen int) display.Screen, choose func(chosen int) view) view {
	v := still(draw(chosen))
	v.stays = menuStays
	v.press = func(b press.Button) view {
		switch b {
		case press.Next:
			return menu(n, (chosen+1)%n, draw, choose)
		case press.Back:
			return menu(n, (chosen+n-1)%n, draw, choose)
		}
		return choose(chosen)
	}
	return v
}

const (
	menuStays = 30 * time.Second // how long a menu waits for the next press
	fleeting  = 5 * time.Second  // how long advice stays that no camera renews
)

// Stays is how long results stay on the glass.
type stays struct {
	pass  time.Duration // after a VERIFIED or DEMO
	other time.Duration // after any other: there is something to do about it
	page  time.Duration // each further page, where pages turn by themselves
	warn  time.Duration // before they go, a sign that they will; 0: none
}

// usual is how long results stay on a kiosk, and patient is three times that,
// for people who read slowly.
var usual = stays{pass: 15 * time.Second, other: 20 * time.Second, page: 8 * time.Second, warn: 5 * time.Second}

const patience = 3

func (s stays) times(n time.Duration) stays {
	return stays{s.pass * n, s.other * n, s.page * n, s.warn}
}

// of is how long a result of that verdict stays.
func (s stays) of(v verify.Verdict) time.Duration {
	if v == verify.Verified || v == verify.Demo {
		return s.pass
	}
	return s.other
}
