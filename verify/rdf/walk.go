package rdf

import (
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
	classes  []*term  // of each type of the object, nil for one without
	members  []member // a stack, see set
	edit     ijson.Edit
	drop     [1]string
}

func (w *walk) reset(e *engine) {
	w.graph.reset(e)
	clear(w.labels)
	w.urls, w.types, w.members, w.edit = w.urls[:0], w.types[:0], w.members[:0], ijson.Edit{}
}

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

// enterTypes applies the contexts of the object's types, sorted by name.
func (w *walk) enterTypes(class ijson.Value, active *state) (*state, error) {
	w.types, w.classes = w.types[:0], w.classes[:0]
	if class.Kind() != ijson.String && class.Kind() != ijson.Array {
		return nil, malformed("type %.80s", class.Raw())
	}
	outer := active
	for v := first(class); v.Exists(); v = next(class, v) {
		if v.Kind() != ijson.String {
			return nil, malformed("type %.80s", v.Raw())
		}
		t := outer.find(v.Bytes())
		w.classes = append(w.classes, t)
		if t != nil && t.context != nil {
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

// properties reads the members that are no keywords.
func (w *walk) properties(n *node, v ijson.Value, active, outer *state, outermost bool) error {
	guess := &active.first
	for m := v.First(); m.Exists(); m = m.Next() {
		if outermost && w.edit.Drops(m.Name()) {
			continue
		}
		at := active.next(guess, m.Name())
		if at.term != nil {
			guess = &at.after
		}
		if err := w.property(n, at.term, m.Name(), m, active, outer); err != nil {
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
