package main

import (
	"slices"
	"strconv"
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// maxNotes is how many small lines a screen gets: more, and nobody reads any.
const maxNotes = 3

// marks are the signs of the verdicts.
var marks = map[verify.Verdict]display.Mark{
	verify.Verified:    display.Verified,
	verify.Check:       display.Check,
	verify.NotVerified: display.NotVerified,
	verify.CannotTell:  display.CannotTell,
	verify.Demo:        display.Demo,
}

// effects are what a code must do alone to be the reason for a verdict.
var effects = map[verify.Verdict]reason.Effect{
	verify.Check:       reason.Check,
	verify.NotVerified: reason.NotVerified,
	verify.CannotTell:  reason.CannotTell,
}

// words says a report in the language of the person at the desk: the verdict,
// why, what to do, and what of the badge this audience may see. A language
// the kiosk does not speak is English.
//
// The issuer's name is the trust set's; what a badge of no listed issuer says
// of itself stands in quotation marks, and never in the title.
func words(r verify.Report, lang string) display.Screen {
	t := telling{speak(lang), r, nil}
	t.facts = t.known()
	return t.screen()
}

// screen is the report in words, with the facts there are.
func (t telling) screen() display.Screen {
	r, lead := t.Report, t.lead()
	s := display.Screen{
		Mark:  marks[r.Verdict],
		Word:  t.Verdicts[r.Verdict.String()].Word,
		Say:   t.say(lead),
		Code:  string(lead),
		Notes: t.notes(lead),
		Lang:  t.Tag,
	}
	if next := t.Reasons[lead].Next.with(t.facts); next != "" {
		s.Fields = append(s.Fields, display.Field{Label: t.Labels["next"], Text: next})
	}
	if r.Axes.Issuer.State == verify.Pass {
		s.Title = r.Badge.Name
		s.Fields = append(s.Fields, t.fields()...)
	} else {
		s.Fields = append(s.Fields, t.claims()...)
	}
	s.Personal = r.Badge.Holder != (verify.Holder{})
	if len(r.Credentials) > 0 && s.Title == "" {
		s.Title = t.count("badges", len(r.Credentials))
	}
	s.Fields = append(s.Fields, t.inner()...)
	return s
}

// A line is one line of a screen: a label, which may be empty, and a text.
type line struct{ Label, Text string }

// spoken is a screen as it is read aloud.
func spoken(s display.Screen) []line {
	lines := []line{{"", s.Word}}
	for i := range s.Choices { // what Next leads to comes next
		text := s.Choices[(s.Chosen+i)%len(s.Choices)]
		if i == 0 {
			text = "▸ " + text
		}
		lines = append(lines, line{"", text})
	}
	lines = append(lines, line{"", s.Say}, line{"", s.Title})
	for _, f := range s.Fields {
		if f.Quoted {
			f.Text = "“" + f.Text + "”"
		}
		lines = append(lines, line{f.Label, f.Text})
	}
	for _, n := range append(s.Notes, s.Code) {
		lines = append(lines, line{"", n})
	}
	return slices.DeleteFunc(lines, func(l line) bool { return l.Text == "" })
}

// attract is the screen between two badges.
func attract(lang string) display.Screen {
	l := speak(lang)
	m := l.Screens["attract"]
	return display.Screen{Word: m.Word, Say: m.Says.with(nil), Notes: []string{m.Next.with(nil)}, Lang: l.Tag}
}

// A telling is one report on its way into words.
type telling struct {
	language
	verify.Report
	facts facts
}

// dates are those that sentences may name.
func (t telling) dates() map[string]time.Time {
	keys := t.Axes.Signature.AsOf
	if keys.IsZero() {
		keys = t.KeysAsOf
	}
	return map[string]time.Time{
		"asof":     t.Axes.Status.AsOf,
		"keysasof": keys,
		"keys":     t.KeysAsOf,
		"now":      t.now(),
		"from":     t.Badge.From,
		"until":    t.Badge.Until,
	}
}

func (t telling) known() facts {
	f := facts{"issuer": t.Axes.Issuer.Name}
	for name, date := range t.dates() {
		f[name] = t.date(date)
	}
	return f
}

// now is the time that a screen names. A clock that was set is as likely fast
// as slow, and a day set by hand has its hours on both sides of its noon; of
// one that was not set only the earliest is known to have come.
func (t telling) now() time.Time {
	if !t.At.Set {
		return t.At.Earliest
	}
	return t.At.Earliest.Add(t.At.Latest.Sub(t.At.Earliest) / 2)
}

// lead is the code that the verdict rests on: the gravest of those that can
// lead to it. VERIFIED and DEMO rest on none.
func (t telling) lead() reason.Code {
	effect, ok := effects[t.Verdict]
	for _, c := range t.Codes {
		if e, _ := reason.Of(c); ok && e.Effect == effect {
			return c
		}
	}
	return ""
}

func (t telling) say(lead reason.Code) string {
	if said := t.Reasons[lead].Says.with(t.facts); said != "" {
		return said
	}
	if t.Verdict == verify.Verified && t.Axes.Presenter.State == verify.Pass {
		return t.Screens["held"].Says.with(t.facts)
	}
	return t.Verdicts[t.Verdict.String()].Says.with(t.facts)
}

// notes are the date that the answer is true of, then what else was found.
func (t telling) notes(lead reason.Code) []string {
	var out []string
	add := func(text string) {
		if text != "" && len(out) < maxNotes {
			out = append(out, text)
		}
	}
	clock := t.Has(reason.TNoClock)
	if clock {
		add(t.Reasons[reason.TNoClock].Says.with(t.facts))
	}
	if date, list := t.asOf(lead); list || !clock {
		add(date)
	}
	for _, c := range t.Codes {
		if c != lead && !t.idle(c) {
			add(t.Reasons[c].Says.with(t.facts))
		}
	}
	if t.Verdict == verify.NotVerified && t.Axes.Signature.State == verify.Fail {
		add(t.Screens["forged"].Says.with(t.facts))
	}
	return out
}

// asOf dates the answer: by the clock where that decided, by the status list
// where one was read, else by what this kiosk believes. list tells that it is
// a status list's date, which the clock's cannot replace.
func (t telling) asOf(lead reason.Code) (date string, list bool) {
	status := t.Axes.Status
	e, ok := reason.Of(lead)
	switch {
	case ok && e.Axis == reason.Scan:
		return "", false // nothing was looked up
	case ok && e.Axis == reason.Status && !status.AsOf.IsZero(), (lead == reason.KUnknown || lead == reason.KOld) && !t.KeysAsOf.IsZero():
		return "", false // the sentence has the date
	case ok && e.Axis == reason.Time:
		return t.Notes["now"].with(t.facts), false
	case t.Has(reason.RNoted):
		return t.Reasons[reason.RNoted].Says.with(t.facts), true
	case t.Axes.Issuer.State == verify.Pass && status.State == verify.Pass && !status.AsOf.IsZero():
		return t.Notes["status"].with(t.facts), true
	}
	return t.Notes["checked"].with(t.facts), false
}

// idle tells whether c is on the screen already, or changes nothing for the
// person who reads it.
func (t telling) idle(c reason.Code) bool {
	switch c {
	case reason.TNoClock, reason.RNoted, reason.PNotAsked, reason.PHolder:
		return true // in the sentence or the date
	case reason.BUnsealed:
		return true // IT's own choice; kiosk verify names it
	}
	e, _ := reason.Of(c)
	settled := t.Verdict == verify.NotVerified || t.Verdict == verify.CannotTell
	return settled && e.Effect <= reason.Check && e.Axis != reason.Bundle
}

// fields is the badge of a listed issuer.
func (t telling) fields() []display.Field {
	b := t.Badge
	var out []display.Field
	add := func(label, text string) {
		if text != "" {
			out = append(out, display.Field{Label: t.Labels[label], Text: text})
		}
	}
	add("issuer", t.Axes.Issuer.Name)
	add("holder", b.Holder.Name)
	add("level", t.level(b.Level))
	add("skills", t.list(b.Skills))
	add("result", b.Holder.Result)
	add("issued", t.date(b.Issued))
	if t.Has(reason.TFuture) || t.Has(reason.TUnsure) {
		add("from", t.date(b.From))
	}
	add("until", t.date(b.Until))
	if b.Evidence > 0 {
		add("evidence", t.count("evidence", b.Evidence))
	}
	add("endorsed", t.list(b.Endorsed))
	add("class", b.Class)
	add("listed", t.Axes.Issuer.Whom.ListedBy)
	return out
}

// claims is what a badge of nobody listed says of itself.
func (t telling) claims() []display.Field {
	var out []display.Field
	add := func(label, text string) {
		if text != "" {
			out = append(out, display.Field{Label: t.Labels[label], Text: text, Quoted: true})
		}
	}
	add("title", t.Badge.Name)
	add("claims", t.Badge.Claims)
	add("id", t.Badge.IssuerID)
	return out
}

func (t telling) level(l verify.Level) string {
	step := ""
	if l.N > 0 && l.Of > 0 {
		step = t.Notes["level"].with(facts{"n": strconv.Itoa(l.N), "of": strconv.Itoa(l.Of)})
	}
	if step != "" && l.Name != "" {
		return t.Notes["named"].with(facts{"level": step, "name": l.Name})
	}
	return step + l.Name
}

// inner names each credential of a presentation or record with its verdict.
func (t telling) inner() []display.Field {
	var out []display.Field
	for _, c := range t.Credentials {
		f := display.Field{Label: t.Verdicts[c.Verdict.String()].Word, Text: c.Badge.Name}
		f.Quoted = f.Text != "" && c.Axes.Issuer.State != verify.Pass
		if f.Text == "" {
			f.Text = t.Labels["badge"]
		}
		out = append(out, f)
	}
	return out
}
