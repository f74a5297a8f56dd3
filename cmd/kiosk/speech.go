package main

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"badgekiosk/display"
	"badgekiosk/display/signal"
	"badgekiosk/verify"
)

// What can be spoken is said in pieces, each a clip that was made beforehand:
// whole sentences, what stands before and after a date, days, months, years,
// and numbers up to countMost. Nothing else is ever given to a voice but names
// that the bundle has clips of, so no voice says what a credential says.
const (
	countMost = 31 // so that days are among them
	firstYear = 2020
	lastYear  = 2040
)

// spokenLabels are the labels that are said: those of choices, and the level's.
func spokenLabels() []string {
	all := append([]string{"level", "yes", "no"}, staffChoices...)
	for who := verify.Public; who <= verify.Office; who++ {
		all = append(all, who.String())
	}
	return all
}

// sentences are all pieces that the kiosk can say in a language, sorted.
func (l language) sentences() []string {
	all := map[string]bool{}
	add := func(v variants) {
		for _, text := range v {
			for _, p := range spokenPieces(text) {
				all[p] = true
			}
		}
	}
	for _, m := range l.Verdicts {
		add(variants{m.Word})
		add(m.Says)
	}
	for _, m := range l.Screens {
		add(variants{m.Word})
		add(m.Says)
		add(m.Next)
	}
	for _, m := range l.Reasons {
		add(m.Says)
		add(m.Next)
	}
	for _, v := range l.Notes {
		add(v)
	}
	for _, key := range spokenLabels() {
		add(variants{l.Labels[key]})
	}
	add(variants{l.Name})
	for n := 1; n <= countMost; n++ {
		all[itoa(n)] = true
	}
	for day := range countMost { // of a January
		addAll(all, l.aloud(time.Date(firstYear, time.January, 1+day, 0, 0, 0, 0, time.UTC)))
	}
	for month := range 12 {
		addAll(all, l.aloud(time.Date(firstYear, time.January+time.Month(month), 1, 0, 0, 0, 0, time.UTC)))
	}
	for year := firstYear; year <= lastYear; year++ {
		addAll(all, l.aloud(time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)))
	}
	return slices.Sorted(maps.Keys(all))
}

// spokenPlaces are the places whose facts can be said: dates and numbers.
var spokenPlaces = []string{"{asof}", "{keysasof}", "{keys}", "{now}", "{from}", "{until}", "{n}", "{of}"}

// spokenPieces are those of a text beside its places, none of a text with a
// place that is never said.
func spokenPieces(text string) (all []string) {
	for _, p := range pieces(text) {
		switch {
		case place.FindString(p) == "":
			all = append(all, p)
		case !slices.Contains(spokenPlaces, p):
			return nil
		}
	}
	return all
}

func addAll(to map[string]bool, texts []string) {
	for _, t := range texts {
		to[t] = true
	}
}

// sayable are the sentences of each language, by tag, made when they are
// first needed.
var sayable = sync.OnceValue(func() map[string]func() []string {
	all := map[string]func() []string{}
	for _, l := range languages() {
		all[l.Tag] = sync.OnceValue(l.sentences)
	}
	return all
})

// allSayable are the sentences of all languages.
func allSayable() map[string][]string {
	all := map[string][]string{}
	for lang, sentences := range sayable() {
		all[lang] = sentences()
	}
	return all
}

// pieces are what a text is spoken in: its places, such as {asof}, and what
// stands between them, unless it is only punctuation. A text without places
// is one piece.
func pieces(text string) (all []string) {
	add := func(s string) {
		s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.;:，。；：،؛", r) })
		if s = strings.TrimSpace(s); strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			all = append(all, s)
		}
	}
	last := 0
	for _, at := range place.FindAllStringIndex(text, -1) {
		add(text[last:at[0]])
		all = append(all, text[at[0]:at[1]])
		last = at[1]
	}
	add(text[last:])
	return all
}

// token is a word of a spoken date, with a place or without.
var token = regexp.MustCompile(`[^\s{}]*\{[a-z]+\}[^\s{}]*|[^\s{}]+`)

// aloud are the pieces of a date, none for one that there are no clips of.
func (l language) aloud(t time.Time) (all []string) {
	year, month, day := t.UTC().Date()
	if year < firstYear || year > lastYear {
		return nil
	}
	f := facts{"day": strconv.Itoa(day), "month": l.Aloud.Months[month-1], "year": strconv.Itoa(year)}
	for _, w := range token.FindAllString(l.Aloud.Date, -1) {
		all = append(all, variants{w}.with(f))
	}
	return all
}

// utter are the pieces of a text whose places are spoken as f has them.
func utter(text string, f map[string][]string) (all []string) {
	for _, p := range pieces(text) {
		if place.FindString(p) != "" {
			all = append(all, f[strings.Trim(p, "{}")]...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// parts are pieces for a voice.
func parts(pieces []string) (all []signal.Part) {
	for _, p := range pieces {
		all = append(all, signal.Part{Text: p})
	}
	return all
}

// report is how a verdict is spoken: its word to everybody, and by headphones
// whose badge it is and of what, as far as names has clips of both, the level,
// why, what to do, and as of when.
func (l language) report(r verify.Report, names fs.FS) signal.Line {
	t := telling{language: l, Report: r, facts: facts{}}
	said := map[string][]string{}
	for name, date := range t.dates() {
		if pieces := l.aloud(date); pieces != nil && !date.IsZero() {
			t.facts[name], said[name] = "{"+name+"}", pieces
		}
	}
	s := t.screen()
	line := signal.Line{Lang: l.Tag, Aloud: parts(utter(s.Word, nil))}
	if r.Axes.Issuer.State == verify.Pass {
		line.Private = append(t.named(names), parts(t.step())...)
	}
	for _, text := range slices.Concat([]string{s.Say, t.next()}, s.Notes) {
		line.Private = append(line.Private, parts(utter(text, said))...)
	}
	return line
}

// named are the badge's name and its issuer's.
func (t telling) named(clips fs.FS) (all []signal.Part) {
	if clips == nil {
		return nil
	}
	for _, name := range []string{t.Badge.Name, t.Axes.Issuer.Name} {
		if name != "" {
			all = append(all, signal.Part{Text: name, Names: clips})
		}
	}
	return all
}

// step is the badge's level, without its name.
func (t telling) step() []string {
	l := t.Badge.Level
	if l.N < 1 || l.Of < l.N || l.Of > countMost {
		return nil
	}
	return append(pieces(t.Labels["level"]), utter(t.Notes["level"][0], map[string][]string{"n": {itoa(l.N)}, "of": {itoa(l.Of)}})...)
}

// next is what to do about the verdict.
func (t telling) next() string { return t.Reasons[t.lead()].Next.with(t.facts) }

// aloud is how any other screen is spoken, to one person: what it stands on in
// a menu, else what it says. A language is called by a voice of its own.
func aloud(s display.Screen) signal.Line {
	l := speak(s.Lang)
	can := sayable()[l.Tag]()
	if len(s.Choices) > 0 {
		choice := s.Choices[s.Chosen]
		for _, other := range languages() {
			if strings.HasPrefix(choice+" ", other.Name+" ") { // who reviewed it may follow
				l, can, choice = other, []string{other.Name}, other.Name
			}
		}
		return signal.Line{Lang: l.Tag, Private: parts(known([]string{choice}, can))}
	}
	texts := []string{s.Word, s.Say}
	for _, f := range s.Fields {
		if f.Label == l.Labels["next"] {
			texts = append(texts, f.Text)
		}
	}
	return signal.Line{Lang: l.Tag, Private: parts(known(append(texts, s.Notes...), can))}
}

// known are those texts that are whole among the sentences, which are sorted.
func known(texts, sentences []string) (all []string) {
	for _, text := range texts {
		if p := pieces(text); len(p) == 1 {
			if _, ok := slices.BinarySearch(sentences, p[0]); ok {
				all = append(all, p[0])
			}
		}
	}
	return all
}
