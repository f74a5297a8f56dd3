package main

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// screen is the screen that a key of Screens names: heading, sentence, and
// what to do.
func (l language) screen(key string, f facts) display.Screen {
	m := l.Screens[key]
	s := display.Screen{Word: m.Word, Say: m.Says.with(f), Lang: l.Tag}
	s.Fields = l.field(s.Fields, "next", m.Next.with(f))
	return s
}

// field appends a field, unless it has no text.
func (l language) field(to []display.Field, label, text string) []display.Field {
	if text == "" {
		return to
	}
	return append(to, display.Field{Label: l.Labels[label], Text: text})
}

// hints are the screens of what a reader advises.
var hints = map[scanner.Advice]string{
	scanner.NoAdvice:       "reading",
	scanner.HoldCloser:     "closer",
	scanner.MoveBack:       "back",
	scanner.TooDark:        "dark",
	scanner.Glare:          "glare",
	scanner.TiltLess:       "tilt",
	scanner.BrighterScreen: "brighter",
}

// hint asks the person who holds up a code for what would help to read it.
func hint(a scanner.Advice, lang string) display.Screen {
	return speak(lang).screen(hints[a], nil)
}

// withPreview adds what the camera sees, for panels that can follow it. The
// frame is drawn as in a mirror and not kept.
func withPreview(s display.Screen, frame *image.Gray) display.Screen {
	s.Preview = frame
	return s
}

// progress shows how many parts of a badge have been read.
func progress(done, of int, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("parts", nil)
	s.Done, s.Of = done, of
	s.Notes = []string{l.Notes["parts"].with(nth(done, of))}
	return s
}

// nth are the facts of the n-th of so many.
func nth(n, of int) facts { return facts{"n": itoa(n), "of": itoa(of)} }

// resting is the screen between two badges of a kiosk that trusts somebody:
// beside how to show a badge, whose badges it knows, as of when, and the line
// that the members want read there.
func resting(members []string, asOf time.Time, notice, lang string) display.Screen {
	l, s := speak(lang), attract(lang)
	s.Fields = l.field(s.Fields, "members", l.list(members))
	if notice != "" {
		s.Fields = append(s.Fields, display.Field{Text: notice})
	}
	if !asOf.IsZero() {
		s.Notes = append(s.Notes, l.Notes["lists"].with(facts{"keys": l.date(asOf)}))
	}
	return s
}

// lookAtLight is what a panel shows that is too slow for a verdict: that the
// light and the tone tell it. It is the same for every badge.
func lookAtLight(lang string) display.Screen {
	l := speak(lang)
	s := l.screen("light", nil)
	for _, c := range []struct {
		light string
		v     verify.Verdict
	}{{"green", verify.Verified}, {"amber", verify.Check}, {"red", verify.NotVerified}, {"blue", verify.CannotTell}} {
		s.Fields = l.field(s.Fields, c.light, l.Verdicts[c.v.String()].Word)
	}
	return s
}

// poster is the resting screen of a panel that lookAtLight is for: how to show
// a badge, whose it knows, and what the light will say, with a picture that
// may be nil.
func poster(members []string, asOf time.Time, notice, lang string, picture image.Image) display.Screen {
	s, light := resting(members, asOf, notice, lang), lookAtLight(lang)
	s.Fields = append(append(s.Fields, display.Field{Label: light.Word, Text: light.Say}), light.Fields...)
	if s.Picture = picture; picture == nil {
		s.Picture = lamps()
	}
	return s
}

// lampSide is the width of a lamp of the poster, in pixels before it is
// scaled to the glass, lampGap the white around it.
const (
	lampSide = 120
	lampGap  = 10
)

// lamps is a picture of the four lights, in the order of lookAtLight's lines:
// each in its colour, which glass without colours has not, and with the sign of
// what it says.
func lamps() image.Image {
	out := image.NewRGBA(image.Rect(0, 0, 2*lampSide, 2*lampSide))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	for i, l := range []struct {
		mark        display.Mark
		glow, glyph color.Color
	}{
		{display.Verified, color.RGBA{18, 95, 32, 255}, color.White}, {display.Check, color.RGBA{255, 170, 0, 255}, color.Black},
		{display.NotVerified, color.RGBA{178, 19, 24, 255}, color.White}, {display.CannotTell, color.RGBA{33, 87, 186, 255}, color.White},
	} {
		at := image.Pt(i%2*lampSide+lampGap, i/2*lampSide+lampGap)
		sign := display.Sign(l.mark, lampSide-2*lampGap, l.glow, l.glyph)
		draw.Draw(out, sign.Bounds().Add(at), sign, image.Point{}, draw.Over)
	}
	return out
}

// starting is shown until the kiosk can read a badge.
func starting(lang string) display.Screen { return speak(lang).screen("starting", nil) }

// quiet is shown outside opening hours; opens is the time of day that they
// begin, and may be empty.
func quiet(opens, lang string) display.Screen {
	return speak(lang).screen("quiet", facts{"opens": opens})
}

// notSetUp is the resting screen of a kiosk that trusts nobody yet; code says
// what it lacks.
func notSetUp(code reason.Code, lang string) display.Screen {
	s := outOfOrder(code, lang)
	s.Word = speak(lang).Screens["notset"].Word
	return s
}

// seenBefore notes on a result that the same badge was shown here so long ago.
func seenBefore(s display.Screen, ago time.Duration) display.Screen {
	l := speak(s.Lang)
	text := l.count("minutes", max(int(ago/time.Minute), 1))
	if ago >= time.Hour {
		text = l.count("hours", int(ago/time.Hour))
	}
	s.Notes = append(slices.Clip(s.Notes), l.Notes["seen"].with(facts{"ago": text}))
	return s
}

// leaving marks a result that goes in so many seconds, unless a button is
// pressed.
func leaving(s display.Screen, left time.Duration) display.Screen {
	l := speak(s.Lang)
	s.Leaving = true
	seconds := facts{"n": itoa(int((left + time.Second - 1) / time.Second))}
	s.Notes = append(slices.Clip(s.Notes), l.Notes["leaving"].with(seconds))
	return s
}

// codeAlone is the address where learners get their badge as a code, as large
// as the glass allows, for the phone in hand.
func codeAlone(where, lang string) display.Screen {
	l := speak(lang)
	return display.Screen{Say: l.Labels["code"], Title: shown(where), QR: where, Lang: l.Tag}
}

// shown is an https address as people write it; phones find it all the same.
func shown(address string) string { return strings.TrimPrefix(address, "https://") }

// challenge asks the holder to answer with the phone; text is what its
// camera reads.
func challenge(text, lang string) display.Screen {
	s := speak(lang).screen("challenge", nil)
	s.QR = text
	return s
}

// notTaken is the screen that answers a USB device which is turned away.
func notTaken(lang string) display.Screen {
	s := outOfOrder(reason.HUSB, lang)
	s.Word = speak(lang).Screens["nottaken"].Word
	return s
}

// outOfOrder is the screen of a kiosk that cannot go on.
func outOfOrder(code reason.Code, lang string) display.Screen {
	l := speak(lang)
	s := l.screen("broken", nil)
	s.Say, s.Code = l.Reasons[code].Says.with(nil), string(code)
	s.Fields = l.field(nil, "next", l.Reasons[code].Next.with(nil))
	return s
}
