package trust

import (
	"path"

	"badgekiosk/verify/ijson"
)

// A Manifest is what a member says of an achievement, so that a small badge
// shows a full card. What the badge itself says, signed, wins.
type Manifest struct {
	Achievement string
	Name        Words
	Description Words
	Criteria    Words
	Class       string
	N, Of       int // level: N of Of; zero is none
	LevelName   Words
	Skills      []Skill
	Picture     string // path in the tree, "" for none
	Member      *Member
}

// A Skill is one competency, with its place in a CASE framework.
type Skill struct {
	Name    Words
	CaseURI string
}

// Words are one text in several languages, by BCP 47 tag.
type Words map[string]string

// In returns the text in a language, else in its parent, else in English,
// else the first by tag.
func (w Words) In(lang string) string {
	for tag := lang; tag != ""; tag = parent(tag) {
		if s := w[tag]; s != "" {
			return s
		}
	}
	if s := w["en"]; s != "" {
		return s
	}
	first := ""
	for tag := range w {
		if first == "" || tag < first {
			first = tag
		}
	}
	return w[first]
}

func parent(tag string) string {
	for i := len(tag) - 1; i > 0; i-- {
		if tag[i] == '-' {
			return tag[:i]
		}
	}
	return ""
}

// words reads a language map, or a string that stands for all languages.
func words(v ijson.Value) Words {
	if s, ok := v.Text(); ok {
		return Words{"": s}
	}
	w := Words{}
	for tag, s := range v.Members() {
		w[tag] = s.Str()
	}
	return w
}

// MaxSkills is the most skills of one manifest.
const MaxSkills = 64

func (r *reader) manifest(file string, m *Member) {
	v := r.object(file)
	if !v.Exists() {
		return
	}
	a := &Manifest{Achievement: v.Get("achievement").Str(), Name: words(v.Get("name")), Description: words(v.Get("description")),
		Criteria: words(v.Get("criteria")), Class: v.Get("class").Str(), LevelName: words(v.Get("level").Get("name")), Member: m}
	if a.Achievement == "" {
		r.fault("achievement is missing: the manifest is for no badge")
		return
	}
	n, okN := integer(v.Get("level").Get("n"))
	of, okOf := integer(v.Get("level").Get("of"))
	if okN && okOf && n >= 0 && of > 0 && n <= of && of <= maxLevels {
		a.N, a.Of = int(n), int(of)
	} else if v.Get("level").Exists() {
		r.fault("level: %.80s is no n of so many", v.Get("level").Raw())
	}
	for s := range v.Get("skills").Each() {
		if len(a.Skills) < MaxSkills {
			a.Skills = append(a.Skills, Skill{words(s.Get("name")), s.Get("caseUri").Str()})
		}
	}
	if p := v.Get("picture").Str(); p != "" {
		a.Picture = path.Join(path.Dir(file), p)
	}
	at := described{m, a.Achievement}
	if r.set.manifests[at] != nil {
		r.fault("achievement %.200q is described in another file already", a.Achievement)
		return
	}
	r.set.manifests[at] = a
}

// maxLevels is the longest scale of mastery that is believed.
const maxLevels = 100
