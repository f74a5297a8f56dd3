package cborld

import (
	"slices"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// A Flavour is what a document is written as.
type Flavour int

// The flavours. Every reader knows one of them.
const (
	// V1 is CBOR-LD 1.0 with registry entry 1, whose table is empty.
	V1 Flavour = iota
	// Singleton is what came before the registry. Its one table names some
	// contexts, so it is shorter, and wallets still read it.
	Singleton
)

// Encode returns doc as CBOR-LD. What comes out reads back as doc, except for
// the order of members and the spelling of numbers.
//
// The error is S-CONTEXT for a context that lookup does not know or that is
// written into doc itself, S-UNSUPPORTED for a value that has no form in
// CBOR-LD, and as for [Decode] if doc is no JSON or over a limit.
func Encode(doc []byte, lookup Lookup, f Flavour) ([]byte, error) {
	v, err := ijson.Parse(doc)
	if err != nil {
		return nil, err
	}
	if v.Kind() != ijson.Object {
		return nil, malformed("a document that is %s", v.Kind())
	}
	e := encoder{scope: newScope(lookup), singleton: true}
	e.out = cbor.AppendHead(nil, cbor.MajorTag, tagCompressed)
	if f == V1 {
		e.singleton = false
		e.out = cbor.AppendHead(nil, cbor.MajorTag, tag10)
		e.out = cbor.AppendHead(e.out, cbor.MajorArray, 2)
		e.out = cbor.AppendHead(e.out, cbor.MajorUint, 1)
	}
	if err := e.object(v, nil); err != nil {
		return nil, err
	}
	return e.out, e.check(doc, v)
}

// check reads back what was written.
func (e *encoder) check(doc []byte, v ijson.Value) error {
	want, err := ijson.AppendCanonical(nil, v)
	if err != nil {
		return err
	}
	text, err := Decode(e.out, e.lookup)
	if err != nil {
		return err
	}
	back, err := ijson.Parse(text)
	if err != nil {
		return err
	}
	got, err := ijson.AppendCanonical(nil, back)
	if err != nil {
		return err
	}
	if string(got) != string(want) {
		return reason.Errorf(reason.SUnsupported, "CBOR-LD: the document of %d bytes does not read back the same", len(doc))
	}
	return nil
}

// firstOld and lastOld bound the numbers that every wallet's table of contexts
// has. Later ones, numbers of cryptosuites and compressed data: URLs make some
// wallets refuse the whole code, so the singleton writes them out in full.
const (
	firstOld = 16
	lastOld  = 32
)

// contextNumber returns the number of a context.
func (e *encoder) contextNumber(url string) (uint64, bool) {
	for id := uint64(firstOld); e.singleton && id <= lastOld; id++ {
		if legacyStrings[id] == url {
			return id, true
		}
	}
	return 0, false
}

// encoder walks a document as decoder walks a payload, with the same contexts
// active and the same numbers for their terms.
type encoder struct {
	scope
	singleton bool
	out       []byte
}

func (e *encoder) object(v ijson.Value, a *active) error {
	e.out = cbor.AppendHead(e.out, cbor.MajorMap, uint64(v.Len()))
	a, err := e.contexts(v.Get("@context"), a)
	if err != nil {
		return err
	}
	typed, err := e.typed(v, a)
	if err != nil {
		return err
	}
	for _, m := range e.members(v, typed) {
		if err := e.member(m, typed, a); err != nil {
			return err
		}
	}
	return nil
}

// named is a member about to be written.
type named struct {
	member
	json ijson.Value
	key  []byte
}

// members returns the members of an object in the order of their names. All
// get their keys before any value is written: a value may number further
// terms, which a reader of this object does not know yet.
func (e *encoder) members(v ijson.Value, typed *active) []named {
	var all []named
	for name, value := range v.Members() {
		if name == "@context" {
			continue
		}
		m := named{json: value}
		m.name, m.plural, m.term = name, value.Kind() == ijson.Array, typed.term(name)
		switch id, known := e.number(name); {
		case !known:
			m.key = cbor.AppendText(nil, name)
		case m.plural:
			m.key = cbor.AppendHead(nil, cbor.MajorUint, id+1)
		default:
			m.key = cbor.AppendHead(nil, cbor.MajorUint, id)
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(x, y named) int { return strings.Compare(x.name, y.name) })
	return all
}

// contexts writes @context and makes it active.
func (e *encoder) contexts(v ijson.Value, a *active) (*active, error) {
	if !v.Exists() {
		return a, nil
	}
	id := uint64(idContext)
	if v.Kind() == ijson.Array {
		id++
	}
	e.out = cbor.AppendHead(e.out, cbor.MajorUint, id)
	if v.Kind() == ijson.Array {
		e.out = cbor.AppendHead(e.out, cbor.MajorArray, uint64(v.Len()))
	}
	var err error
	for c := range v.Each() {
		if c.Kind() != ijson.String {
			return nil, reason.Errorf(reason.SContext, "CBOR-LD: a context that is %s in the document itself", c.Kind())
		}
		url := c.Str()
		if n, ok := e.contextNumber(url); ok {
			e.out = cbor.AppendHead(e.out, cbor.MajorUint, n)
		} else {
			e.out = cbor.AppendText(e.out, url)
		}
		if a, err = e.pushURL(a, url, 0); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// typed makes the contexts of the object's types active.
func (e *encoder) typed(v ijson.Value, a *active) (*active, error) {
	var types []string
	for name, m := range v.Members() {
		if t := a.term(name); name == "@type" || t != nil && t.ID == "@type" {
			for s := range m.Each() {
				types = append(types, s.Str())
			}
		}
	}
	return e.pushTypes(types, a)
}

// member writes one name and its value.
func (e *encoder) member(m named, typed, outer *active) error {
	e.out = append(e.out, m.key...)
	inner, err := e.pushTerm(m.term, outer)
	if err != nil {
		return err
	}
	w := valueWriter{e, kindOf(m.member, typed), inner}
	if m.plural {
		return w.list(m.json)
	}
	return w.write(m.json)
}
