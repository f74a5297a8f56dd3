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
	labels map[string]int32 // blank nodes that the document names
	urls   []string
	jcs    []byte
	types  []ijson.Value
	edit   ijson.Edit
	drop   [1]string
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
		if name := []byte(m.Name); state.keyword(name) != notKeyword {
			return unsupported("%q set in a document", name)
		}
	}
	_, err = w.object(v, state, noGraph, true)
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

// child reads an object that is the value of via: JSON-LD 1.1, section
// 5.1.2, steps 7 to 9.
func (w *walk) child(v ijson.Value, active *state, via *term, graph int32) (node, error) {
	var err error
	if active.previous != nil && !onlyID(v, active) {
		active = active.previous
	}
	if via.context != nil {
		if active, err = w.engine.property(active, via); err != nil {
			return node{}, err
		}
	}
	if c := v.Get("@context"); c.Exists() {
		if active, err = w.enter(active, c, nil); err != nil {
			return node{}, err
		}
	}
	return w.object(v, active, graph, false)
}

// onlyID tells a reference: an object with nothing but an id.
func onlyID(v ijson.Value, active *state) bool {
	return v.Len() == 1 && active.keyword(v.First().Name()) == keywordID
}

// object reads a node object in the state after its @context.
func (w *walk) object(v ijson.Value, active *state, graph int32, outermost bool) (n node, err error) {
	var id, class ijson.Value
	for m := v.First(); m.Exists(); m = m.Next() {
		switch active.keyword(m.Name()) {
		case notKeyword, keywordContext:
			continue
		case keywordID:
			if id.Exists() {
				return n, malformed("an object has two ids")
			}
			id = m
		case keywordType:
			if class.Exists() {
				return n, malformed("an object has two types")
			}
			class = m
		default:
			if !w.skip(m, outermost) {
				return n, keywordError(m)
			}
		}
	}
	outer := active
	if class.Exists() {
		if active, err = w.enterTypes(class, active); err != nil {
			return n, err
		}
	}
	if n, err = w.identify(id, active); err != nil {
		return n, err
	}
	n.graph = graph
	if err := w.noteTypes(&n, class, outer); err != nil {
		return n, err
	}
	return n, w.properties(&n, v, active, outer, outermost)
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
	base := len(w.types)
	defer func() { w.types = w.types[:base] }()
	switch class.Kind() {
	case ijson.String:
		w.types = append(w.types, class)
	case ijson.Array:
		for t := class.First(); t.Exists(); t = t.Next() {
			if t.Kind() != ijson.String {
				return nil, malformed("type %.80s", t.Raw())
			}
			w.types = append(w.types, t)
		}
	default:
		return nil, malformed("type %.80s", class.Raw())
	}
	sorted := w.types[base:]
	slices.SortFunc(sorted, func(a, b ijson.Value) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
	outer := active
	for _, v := range sorted {
		t := outer.find(v.Bytes())
		if t == nil || t.context == nil {
			continue
		}
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
	one := class
	if class.Kind() == ijson.Array {
		one = class.First()
	}
	for ; one.Exists(); one = one.Next() {
		iri, blank, err := w.expand(active, one.Bytes(), true)
		if err != nil {
			return err
		}
		if err := w.note(n, predicateType, object(iri, blank), iri); err != nil {
			return err
		}
		if class.Kind() != ijson.Array {
			break
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
	if len(w.quads) == MaxQuads {
		return tooBig("more than %d quads", MaxQuads)
	}
	w.quads = append(w.quads, q)
	return nil
}

// properties reads the members that are no keywords.
func (w *walk) properties(n *node, v ijson.Value, active, outer *state, outermost bool) error {
	for m := v.First(); m.Exists(); m = m.Next() {
		if w.skip(m, outermost) {
			continue
		}
		if err := w.property(n, m.Name(), m, active, outer); err != nil {
			return err
		}
	}
	if !outermost {
		return nil
	}
	for _, set := range w.edit.Set {
		name := unsafe.Slice(unsafe.StringData(set.Name), len(set.Name))
		if set.List == nil {
			if err := w.property(n, name, set.Value, active, outer); err != nil {
				return err
			}
		}
		for _, item := range set.List {
			if err := w.property(n, name, item, active, outer); err != nil {
				return err
			}
		}
	}
	return nil
}

// property notes what one member says.
func (w *walk) property(n *node, name []byte, v ijson.Value, active, outer *state) error {
	t := active.find(name)
	if t == nil {
		if len(name) > 0 && name[0] == '@' {
			return nil // @context, @id and @type, read before; object refused all others
		}
		var err error
		if t, err = w.ownTerm(active, name); err != nil {
			return err
		}
	}
	if t.keyword != notKeyword {
		if active == outer || outer.keyword(name) == t.keyword {
			return nil
		}
		return unsupported("%.80q stands for %s because of a type of the same object", name, t.iri)
	}
	if active != outer && outer.keyword(name) != notKeyword {
		return unsupported("%.80q stands for a keyword outside a type of the same object only", name)
	}
	if t.iri == "" {
		return uncovered("%.80q stands for nothing here", name)
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
	t := &term{name: string(name), iri: strings.Clone(iri)}
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
			if t.iri == "" || t.keyword != notKeyword {
				return "", noBlank, uncovered("%.80q stands for nothing here", s)
			}
			if !strings.Contains(t.iri, ":") || strings.HasPrefix(t.iri, "_:") {
				return "", noBlank, checkIRI([]byte(t.iri))
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
