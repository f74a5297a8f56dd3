package cborld

import (
	"slices"
	"strings"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// An active context is a chain of definitions, the newest first. The nil
// chain knows no terms. Protected terms may be redefined: wallets' encoders
// do so, and whether a document may is for the proof's reader to say.
type active struct {
	up  *active
	def *rdf.Definition
	n   int // length of the chain
}

// term returns the newest definition of name, or nil.
func (a *active) term(name string) *rdf.Term {
	for ; a != nil; a = a.up {
		terms := a.def.Terms
		i, ok := slices.BinarySearchFunc(terms, name, func(t rdf.Term, name string) int { return strings.Compare(t.Name, name) })
		switch {
		case ok && terms[i].Null:
			return nil
		case ok:
			return &terms[i]
		}
	}
	return nil
}

// expand returns the IRI that s, a type or the beginning of one, stands for.
func (a *active) expand(s string) string {
	for range maxChain { // prefixes may name one another
		prefix, rest, ok := strings.Cut(s, ":")
		if !ok {
			return s
		}
		t := a.term(prefix)
		if t == nil || t.ID == "" {
			return s
		}
		s = t.ID + rest
	}
	return s
}

// The numbers of JSON-LD's keywords. A term's number plus one stands for the
// same term with an array as its value.
//
// Source: CBOR-LD 1.0, keyword table.
var keywords = []string{
	"@context", "@type", "@id", "@value", "@direction", "@graph", "@included", "@index", "@json",
	"@language", "@list", "@nest", "@reverse", "@base", "@container", "@default", "@embed",
	"@explicit", "@none", "@omitDefault", "@prefix", "@preserve", "@protected", "@requireAll",
	"@set", "@version", "@vocab", "@propagate",
}

const (
	idContext = 0
	firstTerm = 100 // the number of the first term of a context
)

// scope gives terms their numbers, in the order in which contexts become
// active. Encoder and decoder each have one and walk it alike.
type scope struct {
	lookup Lookup
	ids    map[string]uint64
	names  []string // of firstTerm and every second number after it
	loaded map[*rdf.Definition]bool
}

// usualTerms is how many terms the contexts of a presentation have.
const usualTerms = 256

func newScope(lookup Lookup) scope {
	return scope{lookup, make(map[string]uint64, usualTerms), make([]string, 0, usualTerms), make(map[*rdf.Definition]bool, 16)}
}

// load numbers the terms of a definition seen for the first time.
func (s *scope) load(def *rdf.Definition) {
	if s.loaded[def] {
		return
	}
	s.loaded[def] = true
	for i := range def.Terms {
		t := &def.Terms[i]
		if _, known := s.ids[t.Name]; known || t.Null {
			continue
		}
		s.ids[t.Name] = firstTerm + 2*uint64(len(s.names))
		s.names = append(s.names, t.Name)
	}
}

// name returns the term with number id, which is even.
func (s *scope) name(id uint64) (string, bool) {
	if i := id / 2; id < firstTerm && i < uint64(len(keywords)) {
		return keywords[i], true
	}
	if i := (id - firstTerm) / 2; id >= firstTerm && i < uint64(len(s.names)) {
		return s.names[i], true
	}
	return "", false
}

// number returns the number of a term or keyword.
func (s *scope) number(name string) (uint64, bool) {
	if i := slices.Index(keywords, name); i >= 0 {
		return 2 * uint64(i), true
	}
	id, ok := s.ids[name]
	return id, ok
}

// push makes def active on top of a, and everything def refers to.
func (s *scope) push(a *active, def *rdf.Definition, depth int) (*active, error) {
	switch {
	case depth > maxChain:
		return nil, reason.Errorf(reason.QTooBig, "CBOR-LD: contexts refer to one another more than %d deep", maxChain)
	case def.Null:
		return nil, nil
	case def.Ref != "":
		return s.pushURL(a, def.Ref, depth+1)
	case def.List != nil:
		var err error
		for _, part := range def.List {
			if a, err = s.push(a, part, depth+1); err != nil {
				return nil, err
			}
		}
		return a, nil
	}
	s.load(def)
	n := 1
	if a != nil {
		n = a.n + 1
	}
	if n > maxChain {
		return nil, reason.Errorf(reason.QTooBig, "CBOR-LD: more than %d contexts active at one place", maxChain)
	}
	return &active{a, def, n}, nil
}

func (s *scope) pushURL(a *active, url string, depth int) (*active, error) {
	def, ok := s.lookup(url)
	if !ok {
		return nil, reason.Errorf(reason.SContext, "CBOR-LD: context %.200q", url)
	}
	return s.push(a, def, depth)
}

// pushTypes makes the contexts active that belong to an object's types, in
// the order of the types.
func (s *scope) pushTypes(types []string, a *active) (*active, error) {
	slices.Sort(types)
	for _, name := range slices.Compact(types) {
		var err error
		if a, err = s.pushTerm(a.term(name), a); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// pushTerm makes the context of a term active, if it has one.
func (s *scope) pushTerm(t *rdf.Term, a *active) (*active, error) {
	if t == nil || t.Context == nil {
		return a, nil
	}
	return s.push(a, t.Context, 0)
}
