package rdf

import (
	"strings"

	"badgekiosk/verify/reason"
)

// tooMuch tells an error that another document may not have.
func tooMuch(err error) bool { return reason.CodeOf(err, "") == reason.QTooBig }

// maxRefs bounds contexts that name contexts.
const maxRefs = 8

// process returns the state after a local context: JSON-LD 1.1, section
// 4.1.2. override allows protected terms to be redefined, as a term's scoped
// context may; without propagate the state holds for one object only.
func (e *engine) process(from *state, d *Definition, override, propagate bool, refs int) (*state, error) {
	if refs > maxRefs {
		return nil, malformed("contexts name each other deeper than %d", maxRefs)
	}
	s := from.clone()
	if !propagate && s.previous == nil {
		s.previous = from
	}
	s, err := e.apply(s, d, override, refs)
	if err != nil {
		return nil, err
	}
	if e.defined += 8; e.defined > e.most {
		return nil, tooBig("its contexts define more than %d terms", maxDefined)
	}
	e.slots += len(s.slots)
	e.ready(s)
	e.findUnclear(s)
	return s, nil
}

// apply changes s, which nobody else has seen yet.
func (e *engine) apply(s *state, d *Definition, override bool, refs int) (*state, error) {
	switch {
	case d.Null:
		if !override && s.protects() {
			return nil, malformed("@context null would remove protected terms")
		}
		return &state{slots: make([]slot, emptySlots), aliases: noAliases, older: s.older}, nil
	case d.Ref != "":
		body, ok := e.contexts.Lookup(d.Ref, s.older)
		if !ok {
			return nil, contextErrorf("context %.200q is not on this kiosk", d.Ref)
		}
		if refs++; refs > maxRefs {
			return nil, malformed("contexts name each other deeper than %d", maxRefs)
		}
		return e.apply(s, body, override, refs)
	case d.List != nil:
		for _, part := range d.List {
			var err error
			if s, err = e.apply(s, part, override, refs); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
	if d.Vocab != "" {
		s.vocab = d.Vocab
	}
	w := definer{e: e, s: s, d: d, override: override, progress: make([]progress, len(d.Terms))}
	for i := range d.Terms {
		if err := w.define(i); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *state) protects() bool {
	for _, x := range s.slots {
		if x.term != nil && x.protected {
			return true
		}
	}
	return false
}

type progress uint8

const (
	untouched progress = iota
	underway
	finished
)

// A definer defines the terms of one Definition, each after those that it
// builds on.
type definer struct {
	e        *engine
	s        *state
	d        *Definition
	override bool
	progress []progress
}

// index finds a term of the Definition by name.
func (w *definer) index(name string) (int, bool) {
	lo, hi := 0, len(w.d.Terms)
	for lo < hi {
		mid := (lo + hi) / 2
		if w.d.Terms[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(w.d.Terms) && w.d.Terms[lo].Name == name
}

// define adds term i to the state: JSON-LD 1.1, section 4.2.2.
func (w *definer) define(i int) error {
	switch w.progress[i] {
	case finished:
		return nil
	case underway:
		return malformed("term %q is defined by itself", w.d.Terms[i].Name)
	}
	w.progress[i] = underway
	if w.e.defined++; w.e.defined > w.e.most {
		return tooBig("its contexts define more than %d terms", maxDefined)
	}
	from := &w.d.Terms[i]
	t, err := w.expand(from)
	if err != nil {
		return err
	}
	if old := w.s.find([]byte(from.Name)); old != nil && old.protected && !w.override {
		if !sameTerm(old, t) {
			return malformed("protected term %q is redefined", from.Name)
		}
		t = old
	}
	w.s.put(t)
	w.progress[i] = finished
	return nil
}

func (w *definer) expand(from *Term) (*term, error) {
	t := &term{name: from.Name, container: from.Container, context: from.Context, reverse: from.Reverse}
	t.protected = from.Protected == Protected || from.Protected == Inherited && w.d.Protected
	if from.Null {
		return t, nil
	}
	var err error
	if t.iri, err = w.mapping(from); err != nil {
		return nil, err
	}
	if t.keyword = keywordOf(t.iri); t.keyword == notKeyword {
		t.absolute = checkIRI([]byte(t.iri)) == nil
		t.class = t.absolute && t.name != "" && t.name[0] != '@' && !strings.Contains(t.name, ":")
		t.predicate = w.e.predicate(t.iri)
		t.prefix = from.Prefix || from.Simple && isPrefixEnd(t.iri)
	}
	return t, w.coerce(t, from)
}

func (w *definer) mapping(from *Term) (string, error) {
	if from.ID != "" && from.ID != from.Name {
		return w.iri(from.ID)
	}
	if strings.Contains(from.Name, ":") {
		return w.compact(from.Name)
	}
	if w.s.vocab == "" {
		return "", malformed("term %q has no IRI", from.Name)
	}
	return w.s.vocab + from.Name, nil
}

func (w *definer) coerce(t *term, from *Term) error {
	if from.Type == "" {
		return nil
	}
	iri, err := w.iri(from.Type)
	if err != nil {
		return err
	}
	switch iri {
	case "@id":
		t.coercion = toID
	case "@vocab":
		t.coercion = toVocab
	case "@json":
		t.coercion = toJSON
	case "@none":
	default:
		if err := checkIRI([]byte(iri)); err != nil {
			return malformed("type of term %q: %v", from.Name, err)
		}
		t.coercion, t.suffix = toDatatype, w.e.suffix(iri)
	}
	return nil
}

// iri expands an IRI in a context: JSON-LD 1.1, section 5.2.2, with vocab.
func (w *definer) iri(s string) (string, error) {
	if keywordOf(s) != notKeyword {
		return s, nil
	}
	if s == "" || s[0] == '@' {
		return "", unsupported("%q in a context", s)
	}
	if i, ok := w.index(s); ok {
		if err := w.define(i); err != nil {
			return "", err
		}
	}
	if t := w.s.find([]byte(s)); t != nil {
		return t.iri, nil
	}
	if strings.Contains(s, ":") {
		return w.compact(s)
	}
	return w.s.vocab + s, nil
}

// compact expands prefix:suffix, or takes it for an absolute IRI.
func (w *definer) compact(s string) (string, error) {
	prefix, suffix, _ := strings.Cut(s, ":")
	if prefix == "" || prefix == "_" || strings.HasPrefix(suffix, "//") {
		return s, nil
	}
	if i, ok := w.index(prefix); ok {
		if err := w.define(i); err != nil {
			return "", err
		}
	}
	if t := w.s.find([]byte(prefix)); t != nil && t.prefix {
		return t.iri + suffix, nil
	}
	return s, nil
}

func sameTerm(a, b *term) bool {
	return a.iri == b.iri && a.coercion == b.coercion && a.suffix == b.suffix && a.container == b.container &&
		a.prefix == b.prefix && a.reverse == b.reverse && a.context.Equal(b.context)
}
