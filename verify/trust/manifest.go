package trust

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

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
	// SHA256 is the digest of the achievement's own document, as it stood at
	// its id when it was described; nil if the manifest names none.
	SHA256 []byte
	Member *Member
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
	at := described{m, a.Achievement}
	switch {
	case r.set.manifests[at] != nil:
		r.fault("achievement %.200q is described in another file already", a.Achievement)
		return
	case !r.digest(a, v.Get("sha256")):
		return
	}
	r.set.manifests[at] = a
	if p := v.Get("picture").Str(); p != "" {
		a.Picture = path.Join(path.Dir(file), p)
		r.picture(a.Picture, m)
	}
}

// digest reads what document a manifest describes. One that describes another
// than the copy its member holds is of another achievement under the same id,
// and is left out.
func (r *reader) digest(a *Manifest, v ijson.Value) bool {
	if !v.Exists() {
		return true
	}
	sum, err := hex.DecodeString(v.Str())
	if err != nil || len(sum) != sha256.Size {
		r.fault("sha256: %.80q is no SHA-256 in hex; kiosk bundle add manifest --document writes it", v.Str())
		return false
	}
	a.SHA256 = sum
	for _, d := range r.set.documents[page(a.Achievement)] {
		if d.Member != a.Member {
			continue
		}
		if has := sha256.Sum256(d.Data); !bytes.Equal(has[:], sum) {
			r.fault("sha256: the document at %.200q is %x, the manifest describes %x: another achievement under the same id; describe it anew", a.Achievement, has[:4], sum[:4])
			return false
		}
		break // the newest
	}
	return true
}

// MaxPicture is the most bytes of a picture. Sealing makes larger ones small.
const MaxPicture = 64 << 10

// picture keeps a manifest's picture. What is missing, sealing names.
func (r *reader) picture(file string, m *Member) {
	if !strings.HasPrefix(file, path.Join("districts", m.ID, "manifests")+"/") {
		r.fault("picture %.200q is outside the folder", file)
		return
	}
	data := r.read(file)
	if len(data) > MaxPicture {
		r.fault("over %d bytes; kiosk bundle seal makes pictures small", MaxPicture)
		return
	}
	if data != nil {
		r.set.pictures[file] = data
	}
}

// Picture returns the bytes of the picture (PNG) that a report's
// Badge.PictureURI names, nil if no manifest here has it. They must not be
// changed.
func (s *Set) Picture(uri string) []byte {
	if s == nil {
		return nil
	}
	rest, ok := strings.CutPrefix(uri, "districts/")
	id, _, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 {
		return nil
	}
	for _, m := range s.Members {
		if m.ID != id {
			continue
		}
		if p := s.of(m); p != nil {
			return p.pictures[uri]
		}
	}
	return nil
}

// maxLevels is the longest scale of mastery that is believed.
const maxLevels = 100
