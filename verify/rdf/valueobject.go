package rdf

import "badgekiosk/verify/ijson"

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
		return w.literal(v, suffixNone)
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
	_, text, err := w.literal(v, suffixNone)
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
	t := term{coercion: toDatatype}
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
		return w.literal(v, t.suffix)
	}
	return w.scalar(v, &t)
}
