package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"badgekiosk/verify/reason"
)

// A language is one file of words/: everything the kiosk says in it.
//
// Every message is a list of variants, the one that says most first. A
// variant may have places for facts, such as {issuer}; the first variant
// whose facts are all known is said, so the last one has none.
type language struct {
	Tag      string                  `json:"-"`        // BCP 47, the file's name
	Name     string                  `json:"name"`     // as its speakers write it
	Reviewer string                  `json:"reviewer"` // who read it last, or "machine, unreviewed"
	Comma    string                  `json:"comma"`    // between the items of a list
	Date     string                  `json:"date"`     // order of {day}, {month} and {year}
	Months   []string                `json:"months"`
	Aloud    spokenDate              `json:"aloud"`    // a date as it is spoken
	Verdicts map[string]message      `json:"verdicts"` // by verify.Verdict's own word
	Screens  map[string]message      `json:"screens"`
	Labels   map[string]string       `json:"labels"`
	Notes    map[string]variants     `json:"notes"`
	Counts   map[string]plural       `json:"counts"`
	Reasons  map[reason.Code]message `json:"reasons"`
}

// A spokenDate is how a date is said: its parts in order, and the months whole.
type spokenDate struct {
	Date   string   `json:"date"`
	Months []string `json:"months"`
}

// A message is what a code, a verdict or a screen says and asks for.
type message struct {
	Word string   `json:"word"`
	Says variants `json:"says"`
	Next variants `json:"next"`
}

type variants []string

// A plural has a text for each category of Unicode's plural rules (CLDR)
// that its language uses; "other" is always there.
type plural map[string]string

// facts are the values of places, by name.
type facts map[string]string

//go:embed words/*.json
var wordFiles embed.FS

// languages are all languages the kiosk speaks. Reading them
// takes a millisecond and is done once, when first needed.
var languages = sync.OnceValue(func() []language {
	all, err := readLanguages(wordFiles)
	if err != nil {
		panic(err) // embedded files, tested
	}
	return all
})

func readLanguages(files embed.FS) ([]language, error) {
	names, err := files.ReadDir("words")
	if err != nil {
		return nil, err
	}
	var all []language
	for _, n := range names {
		text, err := files.ReadFile(path.Join("words", n.Name()))
		if err != nil {
			return nil, err
		}
		l := language{Tag: strings.TrimSuffix(n.Name(), ".json")}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&l); err != nil {
			return nil, fmt.Errorf("words/%s: %w", n.Name(), err)
		}
		all = append(all, l)
	}
	return all, nil
}

// tags are those of all languages.
func tags() (all []string) {
	for _, l := range languages() {
		all = append(all, l.Tag)
	}
	return all
}

// speaks tells whether the kiosk has the language of tag.
func speaks(tag string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return speak(tag).Tag == primary
}

// speak returns the language of tag, which may name a region ("es-MX"). A
// language the kiosk does not speak is English.
func speak(tag string) language {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	for _, l := range languages() {
		if l.Tag == tag {
			return l
		}
	}
	return speak("en")
}

var place = regexp.MustCompile(`\{[a-z]+\}`)

// with fills the first variant whose facts are all known. It is empty when
// there is none.
func (v variants) with(f facts) string {
	for _, text := range v {
		known := true
		filled := place.ReplaceAllStringFunc(text, func(p string) string {
			value := f[p[1:len(p)-1]]
			known = known && value != ""
			return value
		})
		if known {
			return filled
		}
	}
	return ""
}

// date is the day of t in UTC, empty for the zero time. Issuers' dates are in
// UTC, and a kiosk shows the same day as the badge does.
func (l language) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	year, month, day := t.UTC().Date()
	return variants{l.Date}.with(facts{
		"day": strconv.Itoa(day), "month": l.Months[month-1], "year": strconv.Itoa(year),
	})
}

// list is items one after the other.
func (l language) list(items []string) string { return strings.Join(items, l.Comma) }

// count says n things of the kind that key names.
func (l language) count(key string, n int) string {
	forms := l.Counts[key]
	text, ok := forms[category(l.Tag, n)]
	if !ok {
		text = forms["other"]
	}
	return variants{text}.with(facts{"n": strconv.Itoa(n)})
}

// category is n's plural category in a language.
//
// Source: Unicode CLDR, language plural rules, cardinals of whole numbers.
func category(tag string, n int) string {
	switch {
	case tag == "vi" || tag == "zh":
		return "other"
	case tag == "ar":
		return arabicCategory(n)
	case n == 1 || n == 0 && tag == "fr":
		return "one"
	}
	return "other"
}

// arabicCategory tells apart none, one, two, 3 to 10 and 11 to 99, the last
// two also behind hundreds.
func arabicCategory(n int) string {
	switch {
	case n >= 0 && n <= 2:
		return [...]string{"zero", "one", "two"}[n]
	case n%100 >= 3 && n%100 <= 10:
		return "few"
	case n%100 >= 11:
		return "many"
	}
	return "other"
}
