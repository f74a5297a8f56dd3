package rdf

import (
	"bytes"
	"slices"
	"strings"
	"unsafe"

	"badgekiosk/verify/ijson"
)

// alias is b as a string that shares b's memory.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// A walk goes through a document once and notes its quads.
type walk struct {
	graph
	root   node             // of the document, or of the graph inside it that is being read
	labels map[string]int32 // blank nodes that the document names
	// rootNext: the next object is such a root.
	rootNext bool
	urls     []string
	jcs      []byte
	types    []*term
	edit     ijson.Edit
	drop     [1]string
}

func (w *walk) reset(e *engine) {
	w.graph.reset(e)
	clear(w.labels)
	w.urls, w.types, w.edit = w.urls[:0], w.types[:0], ijson.Edit{}
}

// A node is what an object of the document is in the dataset.
type node struct {
	blank   int32  // number of a blank node; or noBlank
	iri     string // otherwise
	subject int32  // as a quad has it, once a quad needs it
	graph   int32
	known   bool // subject is set
}

const noBlank int32 = -1

// document reads the outermost object.
func (w *walk) document(v ijson.Value, o Options) error {
	root := w.engine.roots[0]
	if o.Older {
		root = w.engine.roots[1]
	}
	w.edit = ijson.Edit{Set: o.Set}
	if o.Without != "" {
		w.drop[0] = o.Without
		w.edit.Drop = w.drop[:]
	}
	context := o.Context
	if !context.Exists() {
		context = v.Get("@context")
	}
	state, err := w.enter(root, context, o.Append)
	if err != nil {
		return err
	}
	for _, m := range o.Set {
		if name := []byte(m.Name); state.aliases.keyword(name) != notKeyword {
			return unsupported("%q set in a document", name)
		}
	}
	w.rootNext = true
	_, err = w.object(v, w.scan(v, state, true), state, noGraph, true)
	if err == nil && len(w.quads) == 0 {
		return uncovered("the document says nothing")
	}
	return err
}

// enter applies an @context: a URL or a list of them.
func (w *walk) enter(from *state, context ijson.Value, more []string) (*state, error) {
	w.urls = w.urls[:0]
	switch context.Kind() {
	case ijson.Absent:
	case ijson.String:
		w.urls = append(w.urls, alias(context.Bytes()))
	case ijson.Array:
		for c := context.First(); c.Exists(); c = c.Next() {
			if c.Kind() != ijson.String {
				return nil, contextErrorf("inline context %.80s", c.Raw())
			}
			w.urls = append(w.urls, alias(c.Bytes()))
		}
	default:
		return nil, contextErrorf("inline context %.80s", context.Raw())
	}
	w.urls = append(w.urls, more...)
	if len(w.urls) > MaxContexts {
		return nil, tooBig("%d contexts, at most %d are read", len(w.urls), MaxContexts)
	}
	if len(w.urls) == 0 {
		return from, nil
	}
	return w.engine.enter(from, w.urls)
}

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
		k := f.aliases.keyword(m.Name())
		if k == notKeyword || w.skip(m, outermost) {
			continue
		}
		into, name := &f.other, ""
		switch k {
		case keywordID:
			into, name = &f.id, f.aliases.id
		case keywordType:
			into, name = &f.class, f.aliases.class
		case keywordValue:
			into = &f.value
		case keywordContext:
			into = &f.context
		}
		if into.Exists() && into != &f.other {
			f.twice = m
		}
		*into = m
		if name != "" && string(m.Name()) != name {
			f.spelled = m
		}
	}
	return f
}

// child reads an object that is the value of via: JSON-LD 1.1, section
// 5.1.2, steps 7 to 9.
func (w *walk) child(v ijson.Value, f found, active *state, via *term, graph int32) (node, error) {
	var err error
	if active.previous != nil && !(f.id.Exists() && v.Len() == 1) {
		active = active.previous
	}
	if via.context != nil {
		if active, err = w.engine.property(active, via); err != nil {
			return node{}, err
		}
	}
	if f.context.Exists() {
		if active, err = w.enter(active, f.context, nil); err != nil {
			return node{}, err
		}
	}
	if active.aliases != f.aliases {
		f = w.scan(v, active, false)
	}
	return w.object(v, f, active, graph, false)
}

// object reads a node object in the state after its @context.
func (w *walk) object(v ijson.Value, f found, active *state, graph int32, outermost bool) (n node, err error) {
	switch {
	case f.twice.Exists():
		return n, malformed("%.80q means what another member of the object means", f.twice.Name())
	case f.other.Exists():
		return n, keywordError(f.other)
	case f.value.Exists():
		return n, keywordError(f.value)
	case f.spelled.Exists():
		return n, unsupported("%.80q in the place of id or type", f.spelled.Name())
	}
	outer := active
	if f.class.Exists() {
		if active, err = w.enterTypes(f.class, active); err != nil {
			return n, err
		}
	}
	if n, err = w.identify(f.id, active); err != nil {
		return n, err
	}
	n.graph = graph
	if w.rootNext {
		w.root, w.rootNext = n, false
	} else if n.blank == w.root.blank && n.iri == w.root.iri && graph == w.root.graph && !onlyKeywords(v, f.aliases) {
		return n, unsupported("something said of the document's own id %.80q in an object inside it", n.iri)
	}
	if f.class.Exists() {
		if err := w.noteTypes(&n, f.class, outer); err != nil {
			return n, err
		}
	}
	return n, w.properties(&n, v, active, outer, outermost)
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

// enterTypes applies the contexts of the object's types, sorted by name.
func (w *walk) enterTypes(class ijson.Value, active *state) (*state, error) {
	w.types = w.types[:0]
	if class.Kind() != ijson.String && class.Kind() != ijson.Array {
		return nil, malformed("type %.80s", class.Raw())
	}
	outer := active
	for v := first(class); v.Exists(); v = next(class, v) {
		if v.Kind() != ijson.String {
			return nil, malformed("type %.80s", v.Raw())
		}
		if t := outer.find(v.Bytes()); t != nil && t.context != nil {
			w.types = append(w.types, t)
		}
	}
	if len(w.types) > 1 {
		slices.SortFunc(w.types, func(a, b *term) int { return strings.Compare(a.name, b.name) })
	}
	for _, t := range w.types {
		var err error
		if active, err = w.engine.class(active, t); err != nil {
			return nil, err
		}
	}
	return active, nil
}

// identify says which node an object is.
func (w *walk) identify(id ijson.Value, active *state) (node, error) {
	if !id.Exists() {
		return node{blank: w.newBlank()}, nil
	}
	if id.Kind() != ijson.String {
		return node{}, malformed("id %.80s", id.Raw())
	}
	iri, blank, err := w.expand(active, id.Bytes(), false)
	return node{blank: blank, iri: iri}, err
}

func (w *walk) newBlank() int32 { w.blanks++; return w.blanks - 1 }

func (w *walk) noteTypes(n *node, class ijson.Value, active *state) error {
	for v := first(class); v.Exists(); v = next(class, v) {
		iri, blank, err := w.expand(active, v.Bytes(), true)
		if err != nil {
			return err
		}
		if bytes.IndexByte(v.Bytes(), ':') >= 0 && blank == noBlank {
			if other := active.termOf(iri); other != nil && other.name != string(v.Bytes()) {
				return unsupported("type %.80q, which is called %q here", v.Bytes(), other.name)
			}
		}
		if err := w.note(n, predicateType, object(iri, blank), iri); err != nil {
			return err
		}
	}
	return nil
}

func object(iri string, blank int32) int32 {
	if blank == noBlank {
		return objectIRI
	}
	return blank
}

// note adds a quad about n.
func (w *walk) note(n *node, predicate, object int32, text string) error {
	if !n.known {
		n.known = true
		if n.blank == noBlank {
			n.subject = int32(len(w.subjects))
			w.subjects = append(w.subjects, n.iri)
		} else {
			n.subject = ^n.blank
		}
	}
	return w.add(quad{n.subject, predicate, object, n.graph, text})
}

func (w *walk) add(q quad) error {
	if len(w.quads) == cap(w.quads) {
		if len(w.quads) == MaxQuads {
			return tooBig("more than %d quads", MaxQuads)
		}
		bigger := make([]quad, len(w.quads), min(MaxQuads, 2*len(w.quads)+128))
		copy(bigger, w.quads)
		w.quads = bigger
	}
	i := len(w.quads)
	w.quads = w.quads[:i+1]
	to := &w.quads[i]
	to.subject, to.predicate, to.object, to.graph, to.text = q.subject, q.predicate, q.object, q.graph, q.text
	return nil
}

// properties reads the members that are no keywords.
func (w *walk) properties(n *node, v ijson.Value, active, outer *state, outermost bool) error {
	last := &active.head
	for m := v.First(); m.Exists(); m = m.Next() {
		if outermost && w.edit.Drops(m.Name()) {
			continue
		}
		t := active.findAfter(last, m.Name())
		if t != nil {
			last = t
		}
		if err := w.property(n, t, m.Name(), m, active, outer); err != nil {
			return err
		}
	}
	if !outermost {
		return nil
	}
	for _, set := range w.edit.Set {
		name := unsafe.Slice(unsafe.StringData(set.Name), len(set.Name))
		t := active.find(name)
		if set.List == nil {
			if err := w.property(n, t, name, set.Value, active, outer); err != nil {
				return err
			}
		}
		for _, item := range set.List {
			if err := w.property(n, t, name, item, active, outer); err != nil {
				return err
			}
		}
	}
	return nil
}

// property notes what one member says. t is its term, if it has one.
func (w *walk) property(n *node, t *term, name []byte, v ijson.Value, active, outer *state) error {
	if t == nil {
		if keywordOf(string(name)) != notKeyword {
			return nil // @context, @id or @type, read before; object refused all others
		}
		var err error
		if t, err = w.ownTerm(active, name); err != nil {
			return err
		}
	}
	if t.keyword != notKeyword {
		if active.aliases == outer.aliases || outer.aliases.keyword(name) == t.keyword {
			return nil
		}
		return unsupported("%.80q stands for %s because of a type of the same object", name, t.iri)
	}
	if active.aliases != outer.aliases && outer.aliases.keyword(name) != notKeyword {
		return unsupported("%.80q stands for a keyword outside a type of the same object only", name)
	}
	if !t.absolute {
		return uncovered("%.80q stands for nothing here", name)
	}
	if len(active.unclear) > 0 && slices.Contains(active.unclear, t) {
		return unsupported("%.80q: another name stands for the same property", name)
	}
	if t.reverse {
		return unsupported("reverse property %.80q", name)
	}
	return w.values(n, v, active, t)
}

// ownTerm makes a term of a name that is an IRI, or gets one from a
// vocabulary.
func (w *walk) ownTerm(active *state, name []byte) (*term, error) {
	iri, blank, err := w.expand(active, name, true)
	if err != nil {
		return nil, err
	}
	if blank != noBlank {
		return nil, uncovered("%.80q is a blank node, no property", name)
	}
	if other := active.termOf(iri); other != nil {
		return nil, unsupported("property %.80q, which is called %q here", name, other.name)
	}
	t := &term{name: string(name), iri: strings.Clone(iri), absolute: true}
	t.predicate, err = w.ownPredicate(t.iri)
	return t, err
}

// expand expands an IRI of the document: JSON-LD 1.1, section 5.2.2. The
// result is a blank node's number or, with noBlank, an absolute IRI.
func (w *walk) expand(active *state, s []byte, vocab bool) (iri string, blank int32, err error) {
	if len(s) > 0 && s[0] == '@' {
		return "", noBlank, uncovered("%.80q looks like a keyword", s)
	}
	if vocab {
		if t := active.find(s); t != nil {
			if !t.absolute {
				return "", noBlank, uncovered("%.80q stands for nothing here", s)
			}
			return t.iri, noBlank, nil
		}
	}
	colon := bytes.IndexByte(s, ':')
	if colon > 0 {
		if colon == 1 && s[0] == '_' {
			return w.label(s)
		}
		prefix, suffix := s[:colon], s[colon+1:]
		if !bytes.HasPrefix(suffix, []byte("//")) {
			if t := active.find(prefix); t != nil && t.prefix {
				return w.join(t.iri, suffix, s)
			}
		}
		err := checkIRI(s)
		if err == nil || !vocab || active.vocab == "" {
			return alias(s), noBlank, err
		}
	}
	if vocab && active.vocab != "" {
		return w.join(active.vocab, s, s)
	}
	return "", noBlank, uncovered("%.80q: no context explains it", s)
}

// join makes an IRI of two parts.
func (w *walk) join(prefix string, rest, whole []byte) (string, int32, error) {
	w.room(len(prefix) + len(rest))
	start := len(w.arena)
	w.arena = append(append(w.arena, prefix...), rest...)
	return w.keep(start), noBlank, checkIRI(w.arena[start:])
}

// label numbers a blank node that the document names itself.
func (w *walk) label(s []byte) (string, int32, error) {
	if err := checkIRIBytes(s, s); err != nil {
		return "", noBlank, err
	}
	n, ok := w.labels[string(s)]
	if !ok {
		n = w.newBlank()
		if w.labels == nil {
			w.labels = map[string]int32{}
		}
		w.labels[string(s)] = n
	}
	return "", n, nil
}
