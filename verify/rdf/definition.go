package rdf

import (
	"cmp"
	"slices"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// A Definition is one JSON-LD context as it was published: nothing in it is
// expanded yet. It is one of four things: null, a reference to another
// context by URL, a list of Definitions, or a set of terms.
type Definition struct {
	Null      bool
	Ref       string
	List      []*Definition
	Protected bool // its terms may not be redefined
	Vocab     string
	Terms     []Term // sorted by name
}

// A Term is one line of a [Definition].
type Term struct {
	Name string
	// ID is what the term stands for, as written: an IRI, a compact IRI,
	// another term or a keyword. Empty: the name itself says it.
	ID        string
	Null      bool // stands for nothing
	Simple    bool // written as a plain string, so it may serve as a prefix
	Prefix    bool // may serve as a prefix by its own word
	Reverse   bool
	Type      string // of its values: an IRI, compact IRI, term or keyword; empty for none
	Container Container
	Context   *Definition // applies inside the term's value, or inside objects of this type
	Protected Protection
}

// Container is a set of JSON-LD containers.
type Container uint8

// The containers that contexts of credentials use.
const (
	ContainerSet Container = 1 << iota
	ContainerList
	ContainerGraph
	ContainerLanguage
)

var containerWords = []string{"@set", "@list", "@graph", "@language"}

// Protection is what a single term says of itself.
type Protection uint8

// A term is protected as its context says, or as it says itself.
const (
	Inherited Protection = iota
	Protected
	Unprotected
)

// ParseContext reads a context document: a JSON object with a member
// "@context". Everything beside that member is ignored, as JSON-LD wants it.
//
// What the processor does not know (@import, @base, @nest, @index and the
// like) is S-UNSUPPORTED; anything that no context may hold is S-MALFORMED.
func ParseContext(body []byte) (*Definition, error) {
	v, err := ijson.Parse(body)
	if err != nil {
		return nil, err
	}
	if !v.Get("@context").Exists() {
		return nil, malformed("the document has no @context")
	}
	return parseDefinition(v.Get("@context"))
}

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "json-ld: "+format, args...)
}

func unsupported(format string, args ...any) error {
	return reason.Errorf(reason.SUnsupported, "json-ld: "+format, args...)
}

func parseDefinition(v ijson.Value) (*Definition, error) {
	switch v.Kind() {
	case ijson.Null:
		return &Definition{Null: true}, nil
	case ijson.String:
		return &Definition{Ref: v.Str()}, nil
	case ijson.Array:
		d := &Definition{List: []*Definition{}}
		for item := range v.Each() {
			part, err := parseDefinition(item)
			if err != nil {
				return nil, err
			}
			d.List = append(d.List, part)
		}
		return d, nil
	case ijson.Object:
		return parseTerms(v)
	}
	return nil, malformed("a context is %s", v.Kind())
}

func parseTerms(v ijson.Value) (*Definition, error) {
	d := &Definition{}
	for name, m := range v.Members() {
		switch {
		case name == "@version":
			if f, _ := m.Float(); f != 1.1 {
				return nil, malformed("@version %s, want 1.1", m.Raw())
			}
		case name == "@protected":
			if m.Kind() != ijson.True && m.Kind() != ijson.False {
				return nil, malformed("@protected %s", m.Raw())
			}
			d.Protected = m.Kind() == ijson.True
		case name == "@vocab":
			if d.Vocab = m.Str(); !strings.Contains(d.Vocab, ":") {
				return nil, unsupported("@vocab %s is no IRI", m.Raw())
			}
		case name == "" || name[0] == '@':
			return nil, unsupported("%q in a context", name)
		default:
			t, err := parseTerm(name, m)
			if err != nil {
				return nil, err
			}
			d.Terms = append(d.Terms, t)
		}
	}
	slices.SortFunc(d.Terms, func(a, b Term) int { return cmp.Compare(a.Name, b.Name) })
	return d, nil
}

func parseTerm(name string, v ijson.Value) (t Term, err error) {
	t.Name = name
	switch v.Kind() {
	case ijson.Null:
		t.Null = true
		return t, nil
	case ijson.String:
		t.ID, t.Simple = v.Str(), true
		return t, nil
	case ijson.Object:
	default:
		return t, malformed("term %q is %s", name, v.Kind())
	}
	for key, m := range v.Members() {
		if err := t.parseMember(key, m); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (t *Term) parseMember(key string, m ijson.Value) (err error) {
	text, isText := m.Text()
	truth := m.Kind() == ijson.True
	isBool := truth || m.Kind() == ijson.False
	switch {
	case key == "@id" && m.Kind() == ijson.Null:
		t.Null = true
	case key == "@id" && isText:
		t.ID = text
	case key == "@reverse" && isText:
		t.ID, t.Reverse = text, true
	case key == "@type" && isText:
		t.Type = text
	case key == "@context":
		t.Context, err = parseDefinition(m)
	case key == "@prefix" && isBool:
		t.Prefix = truth
	case key == "@protected" && isBool:
		t.Protected = Unprotected
		if truth {
			t.Protected = Protected
		}
	case key == "@container":
		for c := range m.Each() {
			i := slices.Index(containerWords, c.Str())
			if i < 0 {
				return unsupported("container %s of term %q", c.Raw(), t.Name)
			}
			t.Container |= 1 << i
		}
	default:
		return unsupported("%q: %.80s of term %q", key, m.Raw(), t.Name)
	}
	return err
}

// Equal tells that two Definitions say the same.
func (d *Definition) Equal(o *Definition) bool {
	if d == nil || o == nil {
		return d == o
	}
	return d.Null == o.Null && d.Ref == o.Ref && d.Protected == o.Protected && d.Vocab == o.Vocab &&
		slices.EqualFunc(d.List, o.List, (*Definition).Equal) &&
		slices.EqualFunc(d.Terms, o.Terms, func(a, b Term) bool {
			ca, cb := a.Context, b.Context
			a.Context, b.Context = nil, nil
			return a == b && ca.Equal(cb)
		})
}
