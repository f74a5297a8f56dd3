package rdf

import (
	"badgekiosk/verify/ijson"
)

// values notes the values of property t of n, one or many.
func (w *walk) values(n *node, v ijson.Value, active *state, t *term) error {
	if v.Kind() == ijson.String && t.container&^ContainerSet == 0 && (t.coercion == plainValue || t.coercion == toDatatype) {
		object, text, err := w.literal(v, t.suffix, t.datatype)
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
	switch v.Kind() {
	case ijson.Array:
		for item := v.First(); item.Exists(); item = item.Next() {
			if item.Kind() == ijson.Array {
				return unsupported("a list in the list %q", t.name)
			}
			if err := w.set(n, item, active, t); err != nil {
				return err
			}
		}
		return nil
	case ijson.Null:
		return nil
	}
	if t.container&ContainerGraph != 0 {
		return w.named(n, v, active, t)
	}
	object, text, err := w.value(v, active, t, n.graph)
	if err != nil {
		return err
	}
	return w.note(n, t.predicate, object, text)
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
		return w.literal(v, t.suffix, t.datatype)
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

// valueObject reads a literal written as an object: {"@value": …}.
func (w *walk) valueObject(v ijson.Value, active *state, t *term) (int32, string, error) {
	if t.context != nil {
		return 0, "", unsupported("value object in %q, which has a context", t.name)
	}
	var value, class, language ijson.Value
	for m := v.First(); m.Exists(); m = m.Next() {
		into := (*ijson.Value)(nil)
		switch active.aliases.keyword(m.Name()) {
		case keywordValue:
			into = &value
		case keywordType:
			into = &class
		case keywordLanguage:
			into = &language
		case notKeyword:
			return 0, "", malformed("%.80q in a value object", m.Name())
		case keywordContext:
			return 0, "", unsupported("@context in a value object")
		default:
			return 0, "", uncovered("%.80q in a value object", m.Name())
		}
		if into.Exists() {
			return 0, "", malformed("%.80q twice in a value object", m.Name())
		}
		*into = m
	}
	switch {
	case string(class.Bytes()) == "@json" && !language.Exists():
		return w.jsonLiteral(value)
	case value.Kind() == ijson.Null:
		return 0, "", uncovered("value null")
	case value.Kind() == ijson.Array || value.Kind() == ijson.Object:
		return 0, "", unsupported("value %.80s", value.Raw())
	case class.Exists() && language.Exists():
		return 0, "", malformed("a value has both a type and a language")
	case language.Exists():
		return w.tagged(value, language)
	}
	object, text, err := w.untagged(value, class, active)
	if err != nil {
		return 0, "", err
	}
	// The same literal has one spelling: "validUntil": "2030-…" must not be
	// hidden from a reader of the JSON as {"@value": "2030-…", "@type": …}.
	if same := objectLiteral - object; same == t.suffix && (t.coercion == toDatatype || t.coercion == plainValue) ||
		same == suffixBoolean || same == suffixInteger || same == suffixDouble {
		return 0, "", unsupported("value object for what %q says without one", t.name)
	}
	return object, text, nil
}

func (w *walk) untagged(v, class ijson.Value, active *state) (int32, string, error) {
	switch {
	case class.Exists():
		return w.typed(v, class, active)
	case v.Kind() == ijson.String:
		return w.literal(v, suffixNone, "")
	}
	return w.scalar(v, &term{})
}

// tagged writes a string in a language.
func (w *walk) tagged(v, language ijson.Value) (int32, string, error) {
	if v.Kind() != ijson.String || language.Kind() != ijson.String {
		return 0, "", malformed("value %.80s with language %.80s", v.Raw(), language.Raw())
	}
	tag := language.Bytes()
	if !wellFormedTag(tag) {
		return 0, "", uncovered("language %.80q is no language tag", tag)
	}
	lower := make([]byte, 1, len(tag)+1)
	lower[0] = '@'
	for _, c := range tag {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	object, err := w.ownLiteral(string(lower))
	if err != nil {
		return 0, "", err
	}
	_, text, err := w.literal(v, suffixNone, "")
	return object, text, err
}

// wellFormedTag: parts of one to eight letters or digits, the first letters
// only (BCP 47 as JSON-LD processors check it).
func wellFormedTag(b []byte) bool {
	n, first := 0, true
	for _, c := range b {
		switch {
		case c == '-' && n > 0:
			n, first = 0, false
			continue
		case c|0x20 >= 'a' && c|0x20 <= 'z', !first && c >= '0' && c <= '9':
			n++
		default:
			return false
		}
		if n > 8 {
			return false
		}
	}
	return n > 0
}

// typed writes a value with a datatype that the document names.
func (w *walk) typed(v, class ijson.Value, active *state) (int32, string, error) {
	if class.Kind() != ijson.String {
		return 0, "", malformed("type %.80s of a value", class.Raw())
	}
	iri, blank, err := w.expand(active, class.Bytes(), true)
	if err != nil {
		return 0, "", err
	}
	if blank != noBlank || iri == rdfLang || iri == rdfJSON {
		return 0, "", unsupported("type %.80s of a value", class.Raw())
	}
	t := term{coercion: toDatatype, datatype: iri}
	suffix, known := w.engine.bySuffix[iri]
	if iri == xsd+"string" {
		suffix, known = suffixNone, true
	}
	object := objectLiteral - suffix
	if !known {
		if object, err = w.ownLiteral("^^<" + iri + ">"); err != nil {
			return 0, "", err
		}
	}
	t.suffix = objectLiteral - object
	if v.Kind() == ijson.String {
		return w.literal(v, t.suffix, iri)
	}
	return w.scalar(v, &t)
}
