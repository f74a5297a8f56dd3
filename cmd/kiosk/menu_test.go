package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/display/press"
	"badgekiosk/verify"
)

// signed is a kiosk whose settings name a PIN, two places and a ceiling.
func signed(t *testing.T) (config, []byte) {
	t.Helper()
	c, badge := installed(t)
	must(t, os.WriteFile("pin", []byte("4071"), 0o600))
	say(t, exitAll, "bundle", "settings", "co", "--audience", "employer", "--pin-file", "pin", "--sites", "Elm High,Elm Middle")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	return c, badge
}

// TestMenus: a kiosk is asked where it stands and what day it is, staff see
// who looks, and anybody may have their language for a while.
func TestMenus(t *testing.T) {
	c, badge := signed(t)
	attend(t, c, func(n *counter) {
		n.reads("at first", "Where is this kiosk?")
		n.choose("Elm Middle")
		n.reads("a place chosen", "Enter the PIN")
		n.enter("4072")
		n.reads("a wrong PIN", "Wrong PIN")
		n.press(press.Menu)
		n.enter("4071")
		n.reads("the place taken", "Is this today?")
		n.choose("No")
		n.reads("not today", "Set today's date")
		before := n.moment().Earliest
		n.choose("Year")
		n.choose("Done")
		n.reads("another day", "Is this today?")
		n.choose("Yes")
		n.enter("4071")
		n.reads("all told", "Show your badge")
		if m := n.moment(); !m.Set || m.Earliest.Sub(before) < 360*24*time.Hour {
			t.Errorf("the clock is at %s to %s", m.Earliest, m.Latest)
		}

		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		n.press(press.Menu) // the badge names no key of its holder's: nobody is asked
		n.reads("OK", "Show your badge")
		n.press(press.Menu)
		n.reads("the menu", "Language")
		n.choose("Español")
		n.reads("in Spanish", "Muestre su insignia")
		n.wait(2 * time.Minute)
		n.reads("for the next person", "Show your badge")

		n.press(press.Menu)
		n.choose("Staff menu")
		n.enter("4071")
		n.choose("Who looks at this screen?")
		if s := n.screen(); len(s.Choices) != 3 {
			t.Errorf("above the ceiling: %q", s.Choices)
		}
		n.choose("Employer")
		n.reads("afterwards", "Show your badge")
		n.ask(func() { n.app.adopt(n.app.store.Current()) })
		n.ask(func() {
			if n.app.audience != verify.Employer {
				t.Errorf("after an update %s looks", n.app.audience)
			}
		})
		n.press(press.Menu)
		n.choose("Staff menu")
		n.enter("4071")
		n.choose("Self-test")
		n.reads("the self-test", "Camera: works")
		n.wait(time.Minute)
		n.reads("left alone", "Show your badge")
		n.noted(journal.Refused, journal.Unlocked, journal.ClockSet)
	})
	attend(t, c, func(n *counter) {
		if s := n.screen(); s.Word == "Where is this kiosk?" {
			t.Error("a kiosk that was told where it stands asks again")
		}
	})
}

// TestClockThatLied: who set the day wrong sets it right again, after a second
// question; who only presses OK everywhere changes nothing.
func TestClockThatLied(t *testing.T) {
	c, _ := signed(t)
	attend(t, c, func(n *counter) {
		truth := n.moment()
		n.choose("Elm Middle")
		n.enter("4071")
		set := func(years int, answers ...string) {
			t.Helper()
			n.reads("to set the day", "Set today's date")
			for range years {
				n.choose("Year")
			}
			n.choose("Done")
			n.choose("Yes")
			n.enter("4071")
			for _, a := range answers {
				n.reads("a day that is over", "Was the clock wrong?")
				n.choose(a)
			}
		}
		menu := func() {
			n.press(press.Menu)
			n.choose("Staff menu")
			n.enter("4071")
			n.choose("Clock")
		}
		n.choose("No")
		set(3)
		if m := n.moment(); m.Earliest.Sub(truth.Earliest) < 3*360*24*time.Hour {
			t.Fatalf("the clock is at %s", m.Earliest)
		}
		menu()
		set(yearsAhead-3, "Back")
		if m := n.moment(); m.Earliest.Sub(truth.Earliest) < 3*360*24*time.Hour {
			t.Errorf("after No the clock is at %s", m.Earliest)
		}
		menu()
		set(yearsAhead-3, "Yes")
		if m := n.moment(); !m.Set || m.Latest.Before(truth.Earliest) || m.Earliest.After(truth.Earliest.Add(25*time.Hour)) {
			t.Errorf("the clock is at %s to %s, it was %s", m.Earliest, m.Latest, truth.Earliest)
		}
	})
	attend(t, c, func(n *counter) {
		if m := n.moment(); m.Earliest.After(time.Now().AddDate(26, 12, 0)) { // virtual time begins in 2000
			t.Errorf("started anew the clock is at %s", m.Earliest)
		}
	})
}

// TestWrongPINs: after two wrong PINs there is a wait, which pulling the plug
// does not shorten.
func TestWrongPINs(t *testing.T) {
	c, _ := signed(t)
	wrong := func(n *counter) {
		n.choose("Elm High")
		n.enter("1111")
	}
	attend(t, c, func(n *counter) {
		wrong(n)
		n.press(press.Menu)
		n.enter("2222")
		n.press(press.Menu)
		n.enter("3333")
		n.press(press.Menu)
		n.reads("after three", "Too many tries")
	})
	attend(t, c, func(n *counter) {
		n.choose("Elm High")
		n.reads("started again", "Too many tries")
		n.wait(10 * time.Minute)
		n.choose("Elm High")
		n.enter("4071")
		n.reads("at last", "Is this today?")
	})
}

// TestQuietAndBlank: an idle kiosk goes dark, a press wakes it, a badge is
// judged all the same; at night it says when it opens.
func TestQuietAndBlank(t *testing.T) {
	c, badge := signed(t)
	c.Blank, c.Quiet, c.Zone = 10, "17:30-07:00", "America/Denver"
	attend(t, c, func(n *counter) {
		n.choose("Elm High")
		n.enter("4071")
		n.choose("Yes")
		n.enter("4071")
		at := n.moment().Earliest.Add(25 * time.Hour) // as the kiosk takes it to be
		zone, err := time.LoadLocation(c.Zone)
		must(t, err)
		noon := at.In(zone)
		noon = time.Date(noon.Year(), noon.Month(), noon.Day()+1, 12, 0, 0, 0, zone)
		n.wait(noon.Sub(at))
		if s := n.screen(); s.Word != "" {
			t.Errorf("at noon, after hours alone, it says %q", s.Word)
		}
		n.press(press.Next)
		n.reads("pressed", "Show your badge")
		n.wait(11 * time.Minute)
		if s := n.screen(); s.Word != "" {
			t.Errorf("alone again it says %q", s.Word)
		}
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		n.wait(7 * time.Hour)
		n.reads("in the evening", "Closed for now", "7:00")
		n.hold(badge)
		n.reads("with a badge at night", "VERIFIED", "shown here")
		n.wait(20 * time.Minute)
	})
	log := contents(t, "state/state.log")
	if !bytes.Contains(log, []byte(`"verified":`)) || bytes.Contains(log, []byte("Welding")) {
		t.Errorf("the card holds %q", log)
	}
}
