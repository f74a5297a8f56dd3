package main

import (
	"image"
	"slices"
	"strings"

	"badgekiosk/display"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// A help is what a kiosk knows beside a report that helps the person at the
// desk. All of it may be missing.
type help struct {
	Contact string      // of the badge's issuer, from the bundle: whom to ask
	Codes   string      // an https address: where this district's learners get their badge as a code
	Picture image.Image // the badge's own, from the bundle
	Poster  bool        // the panel is too slow for a verdict: lights and tones tell it
}

// pages are all that a kiosk shows of a scan, the verdict first. holds tells
// whether a screen fits the glass.
//
// The first page always has the verdict, why, what to do and whom to ask, and
// the date that this is true of; of the badge as much as there is room for.
// Everything else is on the pages after it, badge by badge where there are
// several, each under its own verdict.
func pages(r verify.Report, lang string, h help, holds func(display.Screen) bool) []display.Screen {
	if h.Poster {
		return []display.Screen{lookAtLight(lang)}
	}
	t := telling{speak(lang), r, nil}
	t.facts = t.known()
	var out []display.Screen
	if r.Has(reason.QLink) {
		out = linked(words(r, lang), h.Codes)
	} else {
		first, rest := t.first(h, holds)
		out = append([]display.Screen{first}, t.spread(first, append(rest, t.more(first)...), holds)...)
	}
	for i, c := range r.Credentials {
		inner := pages(c, lang, help{}, holds)
		inner[0].Notes = append([]string{t.Notes["several"].with(nth(i+1, len(r.Credentials)))}, inner[0].Notes...)
		out = append(out, inner...)
	}
	for i := range out {
		out[i].Page, out[i].Pages = i+1, len(out)
	}
	return out
}

// manyPages is more pages than any badge has: first is set for the widest
// number there can be.
const manyPages = 88

// first is the first page, and what of its fields and notes it has no room
// for.
func (t telling) first(h help, holds func(display.Screen) bool) (s display.Screen, rest []display.Field) {
	full := words(t.Report, t.Tag)
	must := 0
	if len(full.Fields) > 0 && full.Fields[0].Label == t.Labels["next"] {
		must = 1
	}
	if t.asks() && h.Contact != "" {
		full.Fields = slices.Insert(full.Fields, must, display.Field{Label: t.Labels["ask"], Text: h.Contact})
		must++
	}
	s = full
	s.Page, s.Pages = manyPages, manyPages
	s.Picture, s.Fields, s.Notes = nil, full.Fields[:must], full.Notes[:min(1, len(full.Notes))]
	for n := must + 1; n <= len(full.Fields); n++ {
		more := s
		if more.Fields = full.Fields[:n]; !holds(more) {
			break
		}
		s = more
	}
	for n := len(s.Notes) + 1; n <= len(full.Notes); n++ {
		more := s
		if more.Notes = full.Notes[:n]; !holds(more) {
			break
		}
		s = more
	}
	more := s
	if more.Picture = h.Picture; h.Picture != nil && holds(more) {
		s = more
	}
	rest = slices.Clone(full.Fields[len(s.Fields):])
	for _, n := range full.Notes[len(s.Notes):] {
		rest = append(rest, display.Field{Text: n})
	}
	return s, rest
}

// asks tells whether somebody may have to ask the issuer.
func (t telling) asks() bool { return t.Verdict == verify.Check || t.Verdict == verify.CannotTell }

// more is what no first page says: the badge in full, then what was checked
// and what was not, each with its date.
func (t telling) more(first display.Screen) []display.Field {
	var out []display.Field
	if t.Axes.Issuer.State == verify.Pass {
		if len(first.Title) > longTitle {
			out = t.field(out, "badge", t.Badge.Name)
		}
		out = t.field(out, "about", t.Badge.Description)
		out = t.field(out, "criteria", t.Badge.Criteria)
		out = t.field(out, "framework", t.Badge.Framework)
	}
	if len(t.Credentials) > 0 && t.Badge.Name == "" {
		return out // each badge has its own
	}
	return append(out, t.checks()...)
}

// longTitle is how many bytes of a title may be cut on some glass: such a one
// is said again in full.
const longTitle = 40

// spread puts fields on as many pages behind first as it takes.
func (t telling) spread(first display.Screen, fields []display.Field, holds func(display.Screen) bool) []display.Screen {
	page := display.Screen{
		Mark: first.Mark, Word: first.Word, Title: first.Title, Code: first.Code, Lang: first.Lang,
		Personal: first.Personal, Page: manyPages, Pages: manyPages,
	}
	var out []display.Screen
	for len(fields) > 0 {
		s, n := page, 1
		if s.Fields = fields[:1]; !holds(s) {
			fields = slices.Concat(fit(page, fields[0], holds), fields[1:])
		}
		for ; n < len(fields); n++ {
			if s.Fields = fields[:n+1]; !holds(s) {
				break
			}
		}
		s.Fields = slices.Clip(fields[:n])
		out, fields = append(out, s), fields[n:]
	}
	return out
}

// fit cuts a field that no page holds into pieces that one does, between
// words. What cannot be cut stays as it is.
func fit(page display.Screen, f display.Field, holds func(display.Screen) bool) (out []display.Field) {
	words := strings.Fields(f.Text)
	for len(words) > 0 {
		low, high := 1, len(words) // low words are taken, whether they fit or not
		for low < high {
			mid := (low + high + 1) / 2
			f.Text = strings.Join(words[:mid], " ")
			if page.Fields = []display.Field{f}; holds(page) {
				low = mid
			} else {
				high = mid - 1
			}
		}
		f.Text = strings.Join(words[:low], " ")
		out, words = append(out, f), words[low:]
		f.Label = ""
	}
	return out
}
