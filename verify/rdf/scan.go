package rdf

import "badgekiosk/verify/ijson"

// skip tells a member of the document that the options take out.
func (w *walk) skip(m ijson.Value, outermost bool) bool {
	return outermost && w.edit.Drops(m.Name())
}

// found are the members of an object whose names are keywords.
type found struct {
	aliases                   *aliases // under which they were found
	id, class, value, context ijson.Value
	twice, other              ijson.Value // a second one of these, any other
	spelled                   ijson.Value // an id or type under another name than it has here
}

// scan looks for keywords. It is the only pass over an object but for its
// properties.
func (w *walk) scan(v ijson.Value, active *state, outermost bool) (f found) {
	f.aliases = active.aliases
	for m := v.First(); m.Exists(); m = m.Next() {
		name := m.Name()
		if f.aliases.never(name) {
			continue
		}
		k := f.aliases.keyword(name)
		if k == notKeyword || w.skip(m, outermost) {
			continue
		}
		into, spelling := &f.other, ""
		switch k {
		case keywordID:
			into, spelling = &f.id, f.aliases.id
		case keywordType:
			into, spelling = &f.class, f.aliases.class
		case keywordValue:
			into = &f.value
		case keywordContext:
			into = &f.context
		}
		if into.Exists() && into != &f.other {
			f.twice = m
		}
		*into = m
		if spelling != "" && string(name) != spelling {
			f.spelled = m
		}
	}
	return f
}

// onlyKeywords tells an object that says no more than its id and type.
// Anything else said of the document's own id belongs to the document: an
// expiry moved there would be signed, and not be found.
func onlyKeywords(v ijson.Value, a *aliases) bool {
	for m := v.First(); m.Exists(); m = m.Next() {
		if a.keyword(m.Name()) == notKeyword {
			return false
		}
	}
	return true
}

func keywordError(m ijson.Value) error {
	switch string(m.Name()) {
	case "@graph", "@included", "@reverse", "@nest", "@list", "@set":
		return unsupported("%s in an object", m.Name())
	}
	return uncovered("keyword %.80q where it says nothing", m.Name())
}
