package rdf

import (
	"slices"
	"strings"
)

// aliases are the names that stand for keywords in a state. States in which
// they are the same share them.
type aliases struct {
	terms     []*term
	lengths   uint64 // bit n: one of the names has n bytes (n below 63)
	id, class string // the one name that a document may use; empty for any
}

var noAliases = &aliases{}

// ready looks up what is asked for at every object.
func (e *engine) ready(s *state) {
	a := &aliases{}
	for _, x := range s.slots {
		if t := x.term; t != nil && t.keyword != notKeyword {
			a.terms = append(a.terms, t)
			a.lengths |= 1 << min(len(t.name), 63)
			if t.name == "id" && t.keyword == keywordID {
				a.id = t.name
			}
			if t.name == "type" && t.keyword == keywordType {
				a.class = t.name
			}
		}
	}
	slices.SortFunc(a.terms, func(x, y *term) int { return strings.Compare(x.name, y.name) })
	for _, known := range e.aliases {
		if slices.EqualFunc(a.terms, known.terms, func(x, y *term) bool {
			return x.name == y.name && x.keyword == y.keyword
		}) {
			s.aliases = known
			return
		}
	}
	e.aliases = append(e.aliases, a)
	s.aliases = a
}

// findUnclear lists the terms that stand for the same IRI as another one:
// "criteria" and "Criteria" in the Open Badges context. A property could
// change its name between them and the signature would still hold, while
// whoever reads the JSON looks for one name only. If just one of them begins
// in lower case it is the property, the others are classes; otherwise none
// can be used.
func (e *engine) findUnclear(s *state) {
	e.named = sized(e.named, len(e.predicates))
	clear(e.named)
	for _, x := range s.slots {
		t := x.term
		if t == nil || !t.absolute {
			continue
		}
		if other := e.named[t.predicate]; other == nil {
			e.named[t.predicate] = t
		} else if lower(t) == lower(other) {
			s.unclear = append(s.unclear, t, other)
		} else if lower(other) {
			s.unclear = append(s.unclear, t)
		} else {
			s.unclear = append(s.unclear, other)
			e.named[t.predicate] = t
		}
	}
}

func lower(t *term) bool { return t.name[0] < 'A' || t.name[0] > 'Z' }

// termOf is a term that stands for the IRI, nil if the state has none.
func (s *state) termOf(iri string) *term {
	for _, x := range s.slots {
		if t := x.term; t != nil && t.iri == iri {
			return t
		}
	}
	return nil
}

// never tells most names that stand for no keyword, at a glance.
func (a *aliases) never(name []byte) bool {
	return len(name) > 0 && name[0] != '@' && a.lengths>>min(len(name), 63)&1 == 0
}

// keyword is what a name stands for if it stands for a keyword.
func (a *aliases) keyword(name []byte) keyword {
	if a.lengths>>min(len(name), 63)&1 == 0 {
		if len(name) > 0 && name[0] == '@' {
			return keywordOf(string(name))
		}
		return notKeyword
	}
	for _, t := range a.terms {
		if t.name == string(name) {
			return t.keyword
		}
	}
	if name[0] == '@' {
		return keywordOf(string(name))
	}
	return notKeyword
}
