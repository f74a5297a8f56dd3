package rdf

import (
	"slices"
	"strings"

	"badgekiosk/verify/ijson"
)

// values notes the values of property t of n, one or many.
func (w *walk) values(n *node, v ijson.Value, active *state, t *term) error {
	if v.Kind() == ijson.String && t.container&^ContainerSet == 0 && (t.coercion == plainValue || t.coercion == toDatatype) {
		object, text, err := w.literal(v, t.suffix)
		if err != nil {
			return err
		}
		return w.note(n, t.predicate, object, text)
	}
	switch {
	case t.coercion == toJSON:
		return w.json(n, v, t)
	case t.container&ContainerLanguage != 0 && v.Kind() == ijson.Object:
		return unsupported("language map in %q", t.name)
	case t.container&ContainerList != 0:
		return w.list(n, v, active, t)
	}
	return w.set(n, v, active, t)
}

// set notes values in no order; null is nothing.
func (w *walk) set(n *node, v ijson.Value, active *state, t *term) error {
	if v.Kind() != ijson.Array {
		_, err := w.member(n, v, active, t)
		return err
	}
	base := len(w.members)
	for item := v.First(); item.Exists(); item = item.Next() {
		if item.Kind() == ijson.Array {
			return unsupported("a list in the list %q", t.name)
		}
		m, err := w.member(n, item, active, t)
		if err != nil {
			return err
		}
		if item.Kind() == ijson.Object && t.container&ContainerGraph == 0 {
			w.members = append(w.members, m)
		}
	}
	err := onePiece(w.members[base:], t)
	w.members = w.members[:base]
	return err
}

// A member is the object of a quad that one item of a list gave.
type member struct {
	object int32
	text   string
}

// onePiece refuses a list in which two objects are the same node. It is then
// described in pieces: the same quads as in one piece, and something else to
// whoever reads the JSON.
func onePiece(list []member, t *term) error {
	if len(list) > few {
		slices.SortFunc(list, func(a, b member) int {
			if a.object != b.object {
				return int(a.object - b.object)
			}
			return strings.Compare(a.text, b.text)
		})
	}
	for i := range list {
		if list[i].object < objectIRI {
			continue // a literal
		}
		from := 0
		if len(list) > few {
			from = max(i-1, 0)
		}
		if slices.Contains(list[from:i], list[i]) {
			return unsupported("%.200q twice in %q", list[i].text, t.name)
		}
	}
	return nil
}

// member notes one value.
func (w *walk) member(n *node, v ijson.Value, active *state, t *term) (m member, err error) {
	if v.Kind() == ijson.Null {
		return m, nil
	}
	if t.container&ContainerGraph != 0 {
		return m, w.named(n, v, active, t)
	}
	if m.object, m.text, err = w.value(v, active, t, n.graph); err != nil {
		return m, err
	}
	return m, w.note(n, t.predicate, m.object, m.text)
}

// named notes a value that is a graph of its own, under a new blank node.
func (w *walk) named(n *node, v ijson.Value, active *state, t *term) error {
	if v.Kind() != ijson.Object {
		return unsupported("%s in %q, want an object", v.Kind(), t.name)
	}
	name := w.newBlank()
	if err := w.note(n, t.predicate, name, ""); err != nil {
		return err
	}
	before, root := len(w.quads), w.root
	w.rootNext = true
	if _, err := w.child(v, w.scan(v, active, false), active, t, name); err != nil {
		return err
	}
	w.root = root
	if len(w.quads) == before {
		return uncovered("an object in %q says nothing", t.name)
	}
	return nil
}

// list notes values in their order, as RDF's linked list.
func (w *walk) list(n *node, v ijson.Value, active *state, t *term) error {
	if v.Kind() == ijson.Null {
		return nil
	}
	if v.Kind() == ijson.Object {
		return unsupported("an object in the list %q", t.name)
	}
	at, predicate := *n, t.predicate
	for item := first(v); item.Exists(); item = next(v, item) {
		switch item.Kind() {
		case ijson.Null:
			continue
		case ijson.Array:
			return unsupported("a list in the list %q", t.name)
		}
		object, text, err := w.value(item, active, t, n.graph)
		if err != nil {
			return err
		}
		cell := node{blank: w.newBlank(), graph: n.graph}
		if err := w.note(&at, predicate, cell.blank, ""); err != nil {
			return err
		}
		if err := w.note(&cell, predicateFirst, object, text); err != nil {
			return err
		}
		at, predicate = cell, predicateRest
	}
	return w.note(&at, predicate, objectIRI, rdfNil)
}

// first and next run through one or many without an iterator's cost.
func first(v ijson.Value) ijson.Value {
	if v.Kind() == ijson.Array {
		return v.First()
	}
	return v
}

func next(v, item ijson.Value) ijson.Value {
	if v.Kind() == ijson.Array {
		return item.Next()
	}
	return ijson.Value{}
}

// value returns the object of a quad for one value.
func (w *walk) value(v ijson.Value, active *state, t *term, graph int32) (object int32, text string, err error) {
	switch v.Kind() {
	case ijson.Object:
		return w.objectValue(v, active, t, graph)
	case ijson.String:
		if t.coercion == toID || t.coercion == toVocab {
			return w.reference(v, active, t)
		}
		return w.literal(v, t.suffix)
	}
	return w.scalar(v, t)
}

// reference reads a string that a term takes for an IRI.
func (w *walk) reference(v ijson.Value, active *state, t *term) (int32, string, error) {
	if t.context != nil {
		var err error
		if active, err = w.engine.property(active, t); err != nil {
			return 0, "", err
		}
	}
	iri, blank, err := w.expand(active, v.Bytes(), t.coercion == toVocab)
	if err != nil {
		return 0, "", err
	}
	if blank != noBlank {
		return blank, "", nil
	}
	return objectIRI, iri, nil
}

func (w *walk) objectValue(v ijson.Value, active *state, t *term, graph int32) (int32, string, error) {
	f := w.scan(v, active, false)
	if f.value.Exists() {
		return w.valueObject(v, active, t)
	}
	n, err := w.child(v, f, active, t, graph)
	if err != nil {
		return 0, "", err
	}
	if n.blank != noBlank {
		return n.blank, "", nil
	}
	return objectIRI, n.iri, nil
}
