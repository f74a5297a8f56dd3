package main

import (
	"time"

	"badgekiosk/display"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// sampleMembers are made-up members, for looking at screens.
var sampleMembers = []string{"Riverbend Academy", "Lakeside Unified", "Mesa Verde College"}

// sampleDay is the date on screens that are only looked at.
var sampleDay = time.Date(2026, 11, 20, 8, 10, 0, 0, time.UTC)

// sampleAddress is where one of them tells learners to get codes.
const sampleAddress = "https://riverbend.example/my-badges"

// namedScreens are the screens around a verdict, with made-up facts, so that
// all that a kiosk can show can be looked at before it does.
func namedScreens() map[string]func(lang string) display.Screen {
	update := offer{Signers: "A. Okafor, L. Brandt", Serial: 42, Members: sampleMembers, Issued: sampleDay}
	parts := []part{{"camera", ""}, {"panel", ""}, {"clock", ""}, {"disk", ""}, {"lists", ""}}
	faulty := []part{{"camera", reason.HCam}, {"panel", ""}, {"clock", reason.HClock}, {"disk", ""}, {"lists", ""}}
	all := map[string]func(string) display.Screen{
		"resting": func(lang string) display.Screen { return resting(sampleMembers, sampleDay, "", lang) },
		"parts":   func(lang string) display.Screen { return progress(5, 8, lang) },
		"link":    func(lang string) display.Screen { return linked(linkScanned(lang), sampleAddress)[0] },
		"link-2":  func(lang string) display.Screen { return linked(linkScanned(lang), sampleAddress)[1] },
		"challenge": func(lang string) display.Screen {
			return challenge("openid4vp://?client_id=kiosk&nonce=3QfTn0m2WkT5yR8uQpXc1A", lang)
		},
		"staff": func(lang string) display.Screen { return staffMenu(1, lang) },
		"audience": func(lang string) display.Screen {
			return audienceMenu([]verify.Audience{verify.Office, verify.Employer, verify.Partner, verify.Public}, 3, lang)
		},
		"today":           func(lang string) display.Screen { return askToday(sampleDay, 0, lang) },
		"pin":             func(lang string) display.Screen { return enterPIN(2, 7, lang) },
		"wrong-pin":       func(lang string) display.Screen { return speak(lang).screen("wrongpin", nil) },
		"wait-pin":        func(lang string) display.Screen { return speak(lang).screen("waitpin", nil) },
		"self-test":       func(lang string) display.Screen { return tested(parts, lang) },
		"self-test-fault": func(lang string) display.Screen { return tested(faulty, lang) },
		"out-of-order":    func(lang string) display.Screen { return outOfOrder(reason.HCam, lang) },
		"stick":           func(lang string) display.Screen { return speak(lang).screen("stick", nil) },
		"stick-empty":     func(lang string) display.Screen { return speak(lang).screen("empty", nil) },
		"update-found":    func(lang string) display.Screen { return updateFound(update, lang) },
		"update-done":     func(lang string) display.Screen { return updateDone(update, lang) },
	}
	for a, name := range hints {
		all["hint-"+name] = func(lang string) display.Screen { return hint(a, lang) }
	}
	for _, c := range []reason.Code{reason.BSign, reason.BRollback, reason.BBroken, reason.HStick} {
		all["update-"+string(c)] = func(lang string) display.Screen {
			return updateRefused(c, offer{Signers: update.Signers, Serial: 41}, lang)
		}
	}
	delete(all, "hint-"+hints[scanner.NoAdvice])
	all["scanning"] = func(lang string) display.Screen { return hint(scanner.NoAdvice, lang) }
	return all
}

// linkScanned is the screen of a code that holds nothing but a link.
func linkScanned(lang string) display.Screen {
	return words(verify.Report{Verdict: verify.CannotTell, Codes: []reason.Code{reason.QLink}}, lang)
}
