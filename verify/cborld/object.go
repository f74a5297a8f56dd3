package cborld

import (
	"slices"
	"strings"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// decoder walks one payload and writes its JSON.
type decoder struct {
	header
	scope
	base58 int // squares of lengths so far
	out    []byte
}

func (d *decoder) top(it *cbor.Item) error {
	switch it.Kind {
	case cbor.Map:
		return d.object(it, nil)
	case cbor.Array:
		return d.list(it, func(el *cbor.Item) error {
			if el.Kind != cbor.Map {
				return malformed("a %v at the top", el.Kind)
			}
			return d.object(el, nil)
		})
	}
	return malformed("a %v at the top", it.Kind)
}

// list writes the elements of an array.
func (d *decoder) list(it *cbor.Item, write func(*cbor.Item) error) error {
	d.out = append(d.out, '[')
	for i := range it.Items {
		if i > 0 {
			d.out = append(d.out, ',')
		}
		if err := write(&it.Items[i]); err != nil {
			return err
		}
	}
	d.out = append(d.out, ']')
	return nil
}

// A member is one member of an object.
type member struct {
	name   string
	plural bool
	term   *rdf.Term // nil if no active context knows it
	value  *cbor.Item
}

// object writes a map as a JSON object. a is what was active around it.
func (d *decoder) object(it *cbor.Item, a *active) error {
	if len(d.out) > MaxJSON {
		return reason.Errorf(reason.QTooBig, "CBOR-LD: more than %d bytes of JSON", MaxJSON)
	}
	d.out = append(d.out, '{')
	first := len(d.out)
	a, err := d.contexts(it, a)
	if err != nil {
		return err
	}
	typed, err := d.typed(it, a)
	if err != nil {
		return err
	}
	members, err := d.members(it, typed)
	if err != nil {
		return err
	}
	// The order decides which number the terms of a further context get.
	slices.SortFunc(members, func(x, y member) int { return strings.Compare(x.name, y.name) })
	for _, m := range members {
		if len(d.out) > first {
			d.out = append(d.out, ',')
		}
		d.out = append(cbor.AppendString(d.out, []byte(m.name)), ':')
		if err := d.member(m, typed, a); err != nil {
			return err
		}
	}
	d.out = append(d.out, '}')
	return nil
}

// contexts writes @context, if it has one, and makes it active.
func (d *decoder) contexts(it *cbor.Item, a *active) (*active, error) {
	var found *cbor.Item
	for i := 0; i < len(it.Items); i += 2 {
		k, v := &it.Items[i], &it.Items[i+1]
		if k.Kind != cbor.Uint || k.Num&^1 != idContext {
			continue
		}
		switch {
		case found != nil:
			return nil, malformed("@context twice in one object")
		case k.Num == idContext+1 && v.Kind != cbor.Array:
			return nil, malformed("@context is a %v, where an array is announced", v.Kind)
		}
		found = v
	}
	if found == nil {
		return a, nil
	}
	d.out = append(d.out, `"@context":`...)
	one := func(v *cbor.Item) (err error) {
		a, err = d.context(v, a)
		return err
	}
	if found.Kind != cbor.Array {
		return a, one(found)
	}
	if len(found.Items) > MaxContexts {
		return nil, reason.Errorf(reason.QTooBig, "CBOR-LD: %d contexts, the limit is %d", len(found.Items), MaxContexts)
	}
	return a, d.list(found, one)
}

// context writes one context and makes it active.
func (d *decoder) context(v *cbor.Item, a *active) (*active, error) {
	url := string(v.Data)
	switch v.Kind {
	case cbor.Null:
		d.out = append(d.out, "null"...)
		return nil, nil
	case cbor.Text:
	case cbor.Uint:
		ok := false
		if url, ok = d.table.contexts[v.Num]; !ok {
			return nil, reason.Errorf(reason.SContext, "CBOR-LD: context number %d", v.Num)
		}
	default:
		return d.inline(v, a)
	}
	d.out = cbor.AppendString(d.out, []byte(url))
	return d.pushURL(a, url, 0)
}

// inline writes a context that stands in the document itself and makes it
// active. What a proof's reader thinks of such contexts is another matter.
func (d *decoder) inline(v *cbor.Item, a *active) (*active, error) {
	at := len(d.out)
	out, err := cbor.AppendJSON(d.out, v)
	if err != nil {
		return nil, err
	}
	d.out = out
	document := slices.Concat([]byte(`{"@context":`), d.out[at:], []byte("}"))
	def, err := rdf.ParseContext(document)
	if err != nil {
		return nil, err
	}
	return d.push(a, def, 0)
}

// key names the member that a key and its value are.
func (d *decoder) key(k, v *cbor.Item, a *active) (m member, ok bool) {
	m = member{value: v}
	switch {
	case k.Kind == cbor.Text:
		m.name = string(k.Data)
	case k.Kind != cbor.Uint:
		return m, false
	default:
		if m.name, ok = d.name(k.Num &^ 1); !ok {
			return m, false
		}
		m.plural = k.Num&1 == 1
	}
	m.term = a.term(m.name)
	return m, true
}

// typed makes the contexts active that belong to the object's types, in the
// order of the types. Members that only those contexts know have no name yet.
func (d *decoder) typed(it *cbor.Item, a *active) (*active, error) {
	var types []string
	for i := 0; i < len(it.Items); i += 2 {
		m, ok := d.key(&it.Items[i], &it.Items[i+1], a)
		if !ok || m.name != "@type" && (m.term == nil || m.term.ID != "@type") {
			continue
		}
		values := []cbor.Item{*m.value}
		if m.plural && m.value.Kind == cbor.Array {
			values = m.value.Items
		}
		for i := range values {
			if s, err := d.url(&values[i]); err == nil {
				types = append(types, s)
			}
		}
	}
	return d.pushTypes(types, a)
}

// members names the members of an object, but for @context.
func (d *decoder) members(it *cbor.Item, a *active) ([]member, error) {
	members := make([]member, 0, len(it.Items)/2)
	for i := 0; i < len(it.Items); i += 2 {
		k := &it.Items[i]
		if k.Kind == cbor.Uint && k.Num&^1 == idContext {
			continue
		}
		m, ok := d.key(k, &it.Items[i+1], a)
		if !ok {
			return nil, malformed("a name that is the %v %d, of which no context knows", k.Kind, k.Num)
		}
		members = append(members, m)
	}
	return members, nil
}

// member writes a member's value. Inside it, the contexts of the object's
// types no longer count, and that of the term does.
func (d *decoder) member(m member, typed, outer *active) error {
	inner, err := d.pushTerm(m.term, outer)
	if err != nil {
		return err
	}
	v := valueReader{d, kindOf(m, typed), inner}
	if !m.plural {
		return v.write(m.value)
	}
	if m.value.Kind != cbor.Array {
		return malformed("%q is a %v, where an array is announced", m.name, m.value.Kind)
	}
	return d.list(m.value, v.write)
}
