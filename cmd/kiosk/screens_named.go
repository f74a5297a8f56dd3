package main

import (
	"image"
	"image/color"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/qr"
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

// sampleWords are the words of no root.
var sampleWords = []string{"apple", "river", "cotton", "seven", "lamp", "yellow"}

// sampleStatus is what the status of a kiosk looks like as text.
const sampleStatus = "KIOSK1 riverbend-front 2026.11 apple-river-cotton-seven-lamp-yellow 41 2026-11-20 set H-CAM B-STALE"

// sampleFrame is what a camera might see: a code held a little too far away.
func sampleFrame() *image.Gray {
	const w, h, side = 320, 240, 70
	frame := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			frame.Pix[y*frame.Stride+x] = uint8(70 + x/4 + y/4)
		}
	}
	code, err := qr.New([]byte(sampleAddress), qr.Low)
	if err != nil {
		return frame
	}
	n := code.Size() + 2*qr.Quiet
	for y := range side {
		for x := range side {
			ink := color.Gray{240}
			if code.Black(x*n/side-qr.Quiet, y*n/side-qr.Quiet) {
				ink.Y = 25
			}
			frame.SetGray(60+x, 90+y, ink)
		}
	}
	return frame
}

// sampleContact is whom to ask.
const sampleContact = "Front office, 555 0100"

// namedScreens are the screens around a verdict, with made-up facts, so that
// all that a kiosk can show can be looked at before it does.
func namedScreens() map[string]func(lang string) display.Screen {
	update := offer{Signers: "A. Okafor, L. Brandt", Serial: 42, Members: sampleMembers, Issued: sampleDay}
	parts := []part{{"camera", ""}, {"panel", ""}, {"clock", ""}, {"disk", ""}, {"lists", ""}}
	faulty := []part{{"camera", reason.HCam}, {"panel", ""}, {"clock", reason.HClock}, {"disk", ""}, {"lists", ""}}
	all := map[string]func(string) display.Screen{
		"resting": func(lang string) display.Screen { return resting(sampleMembers, sampleDay, "", lang) },
		"parts":   func(lang string) display.Screen { return progress(5, 8, lang) },
		"link":    func(lang string) display.Screen { return linkScanned(lang)[0] },
		"link-2":  func(lang string) display.Screen { return linkScanned(lang)[1] },
		"challenge": func(lang string) display.Screen {
			return challenge((&query{Challenge: verify.Challenge{Nonce: "3QfTn0m2WkT5yR8uQpXc1A", Audience: sampleMembers[0]}}).text(), lang)
		},
		"staff": func(lang string) display.Screen { return staffMenu(1, lang) },
		"audience": func(lang string) display.Screen {
			return audienceMenu([]verify.Audience{verify.Office, verify.Employer, verify.Partner, verify.Public}, 3, lang)
		},
		"today":           func(lang string) display.Screen { return askToday(sampleDay, 0, lang) },
		"lied":            func(lang string) display.Screen { return askLied(sampleDay, 1, lang) },
		"pin":             func(lang string) display.Screen { return enterPIN(2, 7, lang) },
		"wrong-pin":       func(lang string) display.Screen { return speak(lang).screen("wrongpin", nil) },
		"no-pin":          func(lang string) display.Screen { return speak(lang).screen("nopin", nil) },
		"wait-pin":        func(lang string) display.Screen { return waitPIN(32*time.Second, lang) },
		"self-test":       func(lang string) display.Screen { return tested(parts, lang) },
		"self-test-fault": func(lang string) display.Screen { return tested(faulty, lang) },
		"out-of-order":    func(lang string) display.Screen { return outOfOrder(reason.HCam, lang) },
		"stick":           readStick,
		"usb":             notTaken,
		"stick-empty":     noUpdate,
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
	for name, make := range map[string]func(string) display.Screen{
		"starting":          starting,
		"light":             lookAtLight,
		"poster":            func(lang string) display.Screen { return poster(sampleMembers, sampleDay, "", lang, nil) },
		"testing":           underTest,
		"turned-off":        turnedOff,
		"stick-pull":        pullStick,
		"quiet":             func(lang string) display.Screen { return quiet("7:30", lang) },
		"quiet-open":        func(lang string) display.Screen { return quiet("", lang) },
		"not-set-up":        func(lang string) display.Screen { return notSetUp(reason.BRoot, lang) },
		"preview":           func(lang string) display.Screen { return withPreview(hint(scanner.HoldCloser, lang), sampleFrame()) },
		"update-writing":    func(lang string) display.Screen { return updating(2, 5, lang) },
		"first-root":        func(lang string) display.Screen { return firstRoot(sampleWords, 2, 5, lang) },
		"site":              func(lang string) display.Screen { return sitePicker(sampleMembers, 1, lang) },
		"set-day":           func(lang string) display.Screen { return setDay(sampleDay, 0, lang) },
		"panel-test":        func(lang string) display.Screen { return panelTest("epd-7in5-v2", lang) },
		"status-code":       func(lang string) display.Screen { return statusCode(sampleStatus, sampleMembers[0], lang) },
		"system-found":      func(lang string) display.Screen { return systemFound(update, lang) },
		"system-leave":      func(lang string) display.Screen { return systemLeave(update, lang) },
		"system-installing": func(lang string) display.Screen { return systemInstalling(3, 8, lang) },
		"system-done":       func(lang string) display.Screen { return systemDone(update, lang) },
		"system-back":       systemBack,
		"system-restarts":   systemRestarts,
		"system-on-trial":   systemOnTrial,
		"leaving":           func(lang string) display.Screen { return leaving(sampleResult(lang), 5*time.Second) },
		"seen":              func(lang string) display.Screen { return seenBefore(sampleResult(lang), 12*time.Minute) },
	} {
		all[name] = make
	}
	delete(all, "hint-"+hints[scanner.NoAdvice])
	all["scanning"] = func(lang string) display.Screen { return hint(scanner.NoAdvice, lang) }
	return all
}

// sampleResult is the verdict on a made-up badge.
func sampleResult(lang string) display.Screen {
	r := verify.Report{Verdict: verify.Verified, Badge: verify.Badge{Name: "Welding I"}, KeysAsOf: sampleDay, At: verify.At(sampleDay)}
	r.Axes.Issuer = verify.Finding{State: verify.Pass, Name: sampleMembers[0]}
	r.Axes.Status = verify.Finding{State: verify.Pass, AsOf: sampleDay}
	return words(r, lang)
}

// linkScanned are the pages of a code that holds nothing but a link.
func linkScanned(lang string) []display.Screen {
	link := verify.Report{Verdict: verify.CannotTell, Codes: []reason.Code{reason.QLink}}
	return pages(link, lang, help{Codes: sampleAddress}, func(display.Screen) bool { return true })
}
