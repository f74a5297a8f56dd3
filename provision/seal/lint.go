package seal

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"badgekiosk/display/signal/clip"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// A Lint is what sealing has to say about a file.
type Lint struct {
	File    string
	Says    string
	Refused bool // no bundle is made before it is mended
}

func (l Lint) Error() string { return l.File + ": " + l.Says }

// Check reads the unsealed tree for what a bundle must never hold, and for
// what its makers will regret.
//
// Refused are: anything about one learner in clear, since a bundle is read by
// everybody; and files that no kiosk reads. Warned of are marks, health, and
// descriptions that tell an employer nothing.
func Check(tree fs.FS) ([]Lint, error) {
	c := checker{tree: tree}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		if err == nil {
			c.file(name, data)
		}
		return err
	})
	slices.SortStableFunc(c.found, func(a, b Lint) int { return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Says, b.Says)) })
	return slices.Compact(c.found), err
}

// CheckNames looks at the names of a set's issuers: two that are written
// differently and look the same are refused, of whichever members.
func CheckNames(set *trust.Set) (found []Lint) {
	for _, pair := range set.Alike() {
		found = append(found, Lint{"districts/" + pair[1].Member.ID, fmt.Sprintf("%q of %s looks like %q of %s but is written differently: change one",
			pair[1].Name, pair[1].Member.ID, pair[0].Name, pair[0].Member.ID), true})
	}
	return found
}

// Refusals are the lints that stand in the way, nil if none does.
func Refusals(all []Lint) error {
	var out []error
	for _, l := range all {
		if l.Refused {
			out = append(out, l)
		}
	}
	return errors.Join(out...)
}

type checker struct {
	tree  fs.FS
	found []Lint
}

func (c *checker) refuse(file, format string, args ...any) {
	c.found = append(c.found, Lint{file, fmt.Sprintf(format, args...), true})
}

func (c *checker) warn(file, format string, args ...any) {
	c.found = append(c.found, Lint{file, fmt.Sprintf(format, args...), false})
}

// places are the files that kiosks read.
var places = regexp.MustCompile(`^(consortium\.json|contexts/[^/]+|districts/[a-z0-9-]+/(district\.json|policy\.json|withdrawals\.tsv|issuers/[^/]+\.json|documents/.+|manifests/[^/]+|speech/[0-9a-f]{16}\.wav|(sealed|consent)/[0-9a-f]{32}\.sealed))$`)

func (c *checker) file(name string, data []byte) {
	switch folder := path.Base(path.Dir(name)); {
	case !places.MatchString(name):
		c.refuse(name, "kiosks read no such file, and everybody could: take it out")
	case folder == "sealed" || folder == "consent":
		if bytes.Contains(data, []byte(`"`)) && json.Valid(bytes.TrimSpace(data)) || bytes.HasPrefix(data, []byte("eyJ")) {
			c.refuse(name, "is not encrypted; make it with kiosk bundle add share, or add consent")
		}
	case folder == SpeechFolder:
		if _, err := clip.Read(bytes.NewReader(data)); err != nil || len(data) > MaxClip {
			c.refuse(name, "is no clip of a name: take it out, and make it with kiosk bundle seal --speech")
		}
	case folder == "documents" && !strings.HasSuffix(name, "/index.tsv"):
		c.document(name, data)
	case folder == "manifests" && strings.HasSuffix(name, ".json"):
		c.manifest(name, data)
	case strings.HasSuffix(name, ".json"):
		c.personal(name, data)
	}
}

const instead = "keep it with kiosk bundle add share, which encrypts it under its link"

// document looks at the copy of a web document.
func (c *checker) document(name string, data []byte) {
	doc, err := wire.Open(data)
	if err == nil && (doc.Form == wire.SDJWT || len(doc.Via) > 0) {
		c.refuse(name, "holds a badge, which is about one learner; %s", instead)
		return
	}
	text := data
	if err == nil {
		text = doc.Data
	}
	if claims, ok := payload(text); ok && claims[0] == '{' {
		text = claims
	}
	v, err := ijson.Parse(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil { // a compressed list, a key's PEM, COSE
		if bytes.Contains(text, []byte("credentialSubject")) && !bytes.Contains(text, []byte("StatusList")) {
			c.refuse(name, "is a badge of one learner; %s", instead)
		}
		return
	}
	if vc := v.Get("vc"); vc.Exists() {
		v = vc
	}
	if s := v.Get("credentialSubject"); s.Exists() && !isList(v, s) {
		c.refuse(name, "is a badge of one learner; %s", instead)
		return
	}
	if v.Get("recipient").Exists() || is(v.Get("type"), "Assertion") {
		c.refuse(name, "is an assertion about one learner; %s", instead)
		return
	}
	c.personal(name, text)
}

// payload is what a JWT claims.
func payload(token []byte) ([]byte, bool) {
	_, rest, ok := strings.Cut(strings.TrimSpace(string(token)), ".")
	middle, _, two := strings.Cut(rest, ".")
	out, err := base64.RawURLEncoding.DecodeString(middle)
	return out, ok && two && err == nil && len(out) > 0
}

// isList tells a status list's credential from one about a person.
func isList(v, subject ijson.Value) bool {
	for _, t := range []ijson.Value{v.Get("type"), subject.Get("type")} {
		for item := range t.Each() {
			if strings.Contains(item.Str(), "StatusList") || strings.Contains(item.Str(), "RevocationList") {
				return true
			}
		}
	}
	return false
}

func is(v ijson.Value, word string) bool {
	for item := range v.Each() {
		if item.Str() == word {
			return true
		}
	}
	return false
}

// names are members of objects that speak of one person wherever they stand.
var names = map[string]string{
	"recipient": "an identity", "identityHash": "an identity's hash", "givenName": "a name", "familyName": "a name",
	"additionalName": "a name", "birthDate": "a date of birth", "dateOfBirth": "a date of birth", "studentId": "an identifier",
	"sourcedId": "an identifier", "sisSourcedId": "an identifier", "evidence": "evidence of one learner's work",
}

// personal refuses members of objects that are about one person.
func (c *checker) personal(name string, data []byte) {
	var v any
	if json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &v) == nil {
		c.walk(name, v)
	}
}

func (c *checker) walk(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for member, inner := range v {
			if what, bad := names[member]; bad {
				c.refuse(name, "%q is %s in clear, and everybody can read a bundle: take it out", member, what)
			}
			c.walk(name, inner)
		}
	case []any:
		for _, inner := range v {
			c.walk(name, inner)
		}
	}
}

// What a description of a badge should not speak of.
var (
	marks  = regexp.MustCompile(`(?i)\b(GPA|grade point|test scores?|exam marks?|honou?r roll|class rank)\b`)
	health = regexp.MustCompile(`(?i)\b(diagnos\w+|disabilit\w+|disorder|therapy|medical|medication|allerg\w+|counsell?ing|IEP|special needs|pregnan\w+)\b`)
)

// manifest looks at the description of an achievement.
func (c *checker) manifest(name string, data []byte) {
	c.personal(name, data)
	if found := marks.Find(data); found != nil {
		c.warn(name, "speaks of %q: a badge says what somebody can do, marks say more than is needed", found)
	}
	if found := health.Find(data); found != nil {
		c.warn(name, "speaks of %q: nothing about health belongs on a badge that others are shown", found)
	}
	v, err := ijson.Parse(data)
	if err != nil {
		return // a fault that trust.Open names
	}
	for member, advice := range map[string]string{
		"skills":   "an employer looks for skills; name them, with CASE identifiers if your state has them",
		"level":    "say which step of how many the badge stands for",
		"criteria": "say what had to be done for it",
	} {
		m := v.Get(member)
		if !m.Exists() || m.Kind() == ijson.Array && m.Len() == 0 || m.Kind() == ijson.Object && !m.First().Exists() {
			c.warn(name, "has no %s: %s", member, advice)
		}
	}
}
