package rdf

import (
	"bytes"
	"strconv"
	"testing"

	"badgekiosk/verify/ijson"
)

// A tree is a JSON document that tests can change. Members keep their order,
// so that a seed always gives the same documents.
type tree struct {
	raw   string // of everything but objects and arrays
	names []string
	kids  []*tree // of an object (names is not nil) or array
	array bool
}

func parseTree(v ijson.Value) *tree {
	switch v.Kind() {
	case ijson.Object:
		t := &tree{names: []string{}}
		for name, m := range v.Members() {
			t.names = append(t.names, name)
			t.kids = append(t.kids, parseTree(m))
		}
		return t
	case ijson.Array:
		t := &tree{array: true}
		for m := range v.Each() {
			t.kids = append(t.kids, parseTree(m))
		}
		return t
	}
	return &tree{raw: string(v.Raw())}
}

// treeOf parses JSON that the test itself wrote.
func treeOf(t testing.TB, text string) *tree {
	v, err := ijson.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return parseTree(v)
}

func (t *tree) isObject() bool { return t.names != nil }

func (t *tree) clone() *tree {
	c := *t
	if t.names != nil {
		c.names = append([]string{}, t.names...)
	}
	c.kids = nil
	for _, k := range t.kids {
		c.kids = append(c.kids, k.clone())
	}
	return &c
}

// set gives an object's member, in its place if it is there already.
func (t *tree) set(name string, v *tree) {
	for i, n := range t.names {
		if n == name {
			t.kids[i] = v
			return
		}
	}
	t.names, t.kids = append(t.names, name), append(t.kids, v)
}

func (t *tree) get(name string) *tree {
	for i, n := range t.names {
		if n == name {
			return t.kids[i]
		}
	}
	return nil
}

func (t *tree) drop(i int) {
	t.kids = append(t.kids[:i:i], t.kids[i+1:]...)
	if t.names != nil {
		t.names = append(t.names[:i:i], t.names[i+1:]...)
	}
}

func (t *tree) append(b []byte) []byte {
	switch {
	case t.isObject():
		b = append(b, '{')
		for i, k := range t.kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = k.append(append(appendJSONString(b, t.names[i]), ':'))
		}
		return append(b, '}')
	case t.array:
		b = append(b, '[')
		for i, k := range t.kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = k.append(b)
		}
		return append(b, ']')
	}
	return append(b, t.raw...)
}

func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, `\u00`...)
			if r < 16 {
				b = append(b, '0')
			}
			b = strconv.AppendInt(b, int64(r), 16)
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}

// all lists every value below t with the object or array that holds it.
func (t *tree) all(list []place) []place {
	for i, k := range t.kids {
		list = append(list, place{t, i})
		list = k.all(list)
	}
	return list
}

// A place is one value in a tree.
type place struct {
	in *tree
	i  int
}

func (p place) value() *tree { return p.in.kids[p.i] }

func (t *tree) String() string { return string(bytes.TrimSpace(t.append(nil))) }
