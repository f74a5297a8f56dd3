package main

import (
	"cmp"
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
	Contact string      // whom to ask of a badge whose issuer names nobody: the people who run this kiosk
	Codes   string      // https address: where learners get their badge as a code, if its issuer does not say
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
	out := t.pages(h, holds)
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

// manyPages is more pages than any badge has: the first is set for the widest
// number there can be.
const manyPages = 88

func (t telling) pages(h help, holds func(display.Screen) bool) []display.Screen {
	full := words(t.Report, t.Tag)
	first, rest := t.first(full, h, holds)
	out := []display.Screen{first}
	if where := t.codes(h); where != "" {
		out = append(out, codeAlone(where, t.Tag))
	}
	return append(out, t.spread(full, append(rest, t.more(full)...), holds)...)
}

// codes is where whoever showed a link gets a code instead.
func (t telling) codes(h help) string {
	if !t.Has(reason.QLink) {
		return ""
	}
	return cmp.Or(t.Axes.Issuer.Whom.Codes, h.Codes)
}

// must are the fields that no first page goes without.
func (t telling) must(h help) []display.Field {
	out := t.field(nil, "next", t.Reasons[t.lead()].Next.with(t.facts))
	if t.Verdict == verify.Check || t.Verdict == verify.CannotTell {
		out = t.field(out, "ask", cmp.Or(t.Axes.Issuer.Whom.Contact, h.Contact))
	}
	return t.field(out, "code", shown(t.codes(h)))
}

// first is the first page, and what of the full screen it has no room for.
func (t telling) first(full display.Screen, h help, holds func(display.Screen) bool) (s display.Screen, rest []display.Field) {
	must, more := t.must(h), full.Fields
	if len(must) > 0 {
		more = more[1:] // what to do
	}
	s = full
	s.Page, s.Pages = manyPages, manyPages
	s.Title, s.Fields, s.Notes = "", must, full.Notes[:min(1, len(full.Notes))]
	if len(must) == 0 {
		s.Title = full.Title // of a yes it is the half
	}
	if !holds(s) {
		s.Code = "" // it is on every other page
	}
	if n := len(must); n == 2 && !holds(s) { // then the contact goes on in the same line
		s.Fields = t.field(nil, "next", must[0].Text+" "+must[1].Text)
	}
	for n := len(must); n > 0 && !holds(s); n-- { // on the least glass it begins the next page
		s.Fields, rest = must[:n-1], must[n-1:]
	}
	try := func(change func(*display.Screen)) bool {
		larger := s
		if change(&larger); !holds(larger) {
			return false
		}
		s = larger
		return true
	}
	try(func(s *display.Screen) { s.QR = t.codes(h) })
	try(func(s *display.Screen) { s.Title = full.Title })
	base, n := s.Fields, 0
	for len(rest) == 0 && n < len(more) && try(func(s *display.Screen) { s.Fields = slices.Concat(base, more[:n+1]) }) {
		n++
	}
	for len(s.Notes) < len(full.Notes) && try(func(s *display.Screen) { s.Notes = full.Notes[:len(s.Notes)+1] }) {
	}
	if h.Picture != nil {
		try(func(s *display.Screen) { s.Picture = h.Picture })
	}
	rest = slices.Concat(rest, more[n:])
	for _, note := range full.Notes[len(s.Notes):] {
		rest = append(rest, display.Field{Text: note})
	}
	return s, rest
}

// more is what no first page says: the badge in full, then what was checked
// and what was not, each with its date.
func (t telling) more(full display.Screen) []display.Field {
	if e, ok := reason.Of(t.lead()); ok && e.Axis == reason.Scan {
		return nil // there was nothing to check
	}
	var out []display.Field
	if t.Axes.Issuer.State == verify.Pass {
		if len(full.Title) > longTitle {
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

// spread puts fields on as many pages as it takes, under the words of full.
func (t telling) spread(full display.Screen, fields []display.Field, holds func(display.Screen) bool) []display.Screen {
	page := display.Screen{
		Mark: full.Mark, Word: full.Word, Title: full.Title, Code: full.Code, Lang: full.Lang,
		Personal: full.Personal, Page: manyPages, Pages: manyPages,
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
		if page.Fields = []display.Field{f}; low == 1 && !holds(page) {
			f.Text = strings.Join(words, " ")
			return append(out, f)
		}
		out, words = append(out, f), words[low:]
		f.Label = ""
	}
	return out
}
