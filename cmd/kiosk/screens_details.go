package main

import (
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
)

// details are the pages behind a verdict: the badge in full, then what was
// checked and what was not, each with its date. holds tells whether a screen
// fits its glass; every page keeps the verdict's mark and word.
func details(r verify.Report, lang string, holds func(display.Screen) bool) []display.Screen {
	t := telling{speak(lang), r, nil}
	t.facts = t.known()
	first := words(r, lang)
	page := display.Screen{Mark: first.Mark, Word: first.Word, Title: first.Title, Code: first.Code, Lang: first.Lang}
	fields := first.Fields
	if r.Axes.Issuer.State == verify.Pass {
		fields = t.field(fields, "about", r.Badge.Description)
		fields = t.field(fields, "criteria", r.Badge.Criteria)
		fields = t.field(fields, "framework", r.Badge.Framework)
	}
	return t.pages(page, append(fields, t.checks()...), holds)
}

// checks is a line for each axis of the report.
func (t telling) checks() []display.Field {
	now := t.At.Earliest
	a := t.Axes
	var out []display.Field
	for _, c := range []struct {
		label string
		verify.Finding
		asOf time.Time
	}{
		{"signature", a.Signature, time.Time{}},
		{"key", a.Issuer, t.KeysAsOf},
		{"status", a.Status, a.Status.AsOf},
		{"time", a.Time, now},
		{"presenter", a.Presenter, time.Time{}},
	} {
		text := t.Labels[c.State.String()]
		if date := t.date(c.asOf); date != "" && c.State != verify.Unknown {
			text += " · " + date
		}
		out = t.field(out, c.label, text)
	}
	return out
}

// pages spreads fields over as many copies of page as it takes, numbered
// where there are several. A field that no page holds whole has one alone.
func (t telling) pages(page display.Screen, fields []display.Field, holds func(display.Screen) bool) []display.Screen {
	numbered := func(n, of int) display.Screen {
		s := page
		s.Notes = []string{t.Notes["page"].with(nth(n, of))}
		return s
	}
	var out []display.Screen
	for len(fields) > 0 {
		s, n := numbered(len(fields), len(fields)), 1 // the widest number there can be
		for ; n < len(fields); n++ {
			if s.Fields = fields[:n+1]; !holds(s) {
				break
			}
		}
		s.Fields = fields[:n]
		out, fields = append(out, s), fields[n:]
	}
	for i := range out {
		out[i].Notes = numbered(i+1, len(out)).Notes
		if len(out) == 1 {
			out[i].Notes = nil
		}
	}
	return out
}
