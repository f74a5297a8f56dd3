package ijson

import "iter"

// A Value is a place in a [Doc]. The zero Value is Absent. Every method may
// be called on every kind: what a kind does not have is empty.
type Value struct {
	d *Doc
	n *node // of d.nodes
}

// at is number i of d.nodes as a Value, Absent for 0: no child is the root.
func (d *Doc) at(i int32) Value {
	if i == 0 {
		return Value{}
	}
	return Value{d, &d.nodes[i]}
}

// Kind is what v is, [Absent] for the zero Value.
func (v Value) Kind() Kind {
	if v.d == nil {
		return Absent
	}
	return v.n.kind
}

// Exists tells that v is not Absent. Null exists.
func (v Value) Exists() bool { return v.d != nil }

// Get returns the member of an object with exactly this name, else Absent.
func (v Value) Get(name string) Value {
	for m := v.firstOf(Object); m.d != nil; m = m.Next() {
		if string(m.Name()) == name {
			return m
		}
	}
	return Value{}
}

// Text returns a copy of a String's contents. ok is false for other kinds.
func (v Value) Text() (s string, ok bool) {
	return v.Str(), v.Kind() == String
}

// Str is a copy of a String's contents, "" for other kinds.
//
// The short ones of one input share a piece of memory, so that the many
// identifiers, types and names of a credential cost one allocation.
func (v Value) Str() string {
	b := v.Bytes()
	if len(b) == 0 {
		return ""
	}
	return v.d.copy(b)
}

// How much of an input's strings share memory: what a usual credential is
// asked for. The rest is copied one by one, so that nothing small keeps
// something large alive.
const (
	sharedCopies = 2048
	longestCopy  = 256
)

func (d *Doc) copy(b []byte) string {
	if len(b) > cap(d.copies)-len(d.copies) {
		if d.copied || len(b) > longestCopy {
			return string(b)
		}
		d.copies, d.copied = make([]byte, 0, max(len(b), min(sharedCopies, len(d.in)))), true
	}
	start := len(d.copies)
	d.copies = append(d.copies, b...)
	return alias(d.copies[start:])
}

// Bytes are a String's contents, escapes resolved, nil for other kinds. They
// are the Doc's or the input's own: read them before the next Parse, and do
// not change them.
func (v Value) Bytes() []byte {
	if v.Kind() != String {
		return nil
	}
	n := v.n
	if n.flags&escaped != 0 {
		return v.d.text[n.at : n.at+uint32(n.n)]
	}
	return v.d.in[n.start+1 : n.end-1]
}

// Verbatim tells a String that reads in the input as it does here: it was
// written without escapes, so it holds no control character (U+007F neither),
// quotation mark or backslash.
func (v Value) Verbatim() bool {
	return v.Kind() == String && v.n.flags&(escaped|holdsDelete) == 0
}

// Reordered tells that the strings and names of the whole input hold both
// characters beyond U+FFFF and some from U+E000 to U+FFFF. Only then can a
// reader that sorts by UTF-16 units, as ECMAScript does, come to another
// order than one that sorts by code points or by bytes of UTF-8.
func (v Value) Reordered() bool {
	return v.d != nil && v.d.reach == reachTop|reachBeyond
}

// Raw is the value exactly as the input has it, nil for Absent. It is the
// input's own memory.
func (v Value) Raw() []byte {
	if v.d == nil {
		return nil
	}
	n := v.n
	return v.d.in[n.start:n.end]
}

// Len is the number of members or items, 0 for other kinds.
func (v Value) Len() int {
	if k := v.Kind(); k != Array && k != Object {
		return 0
	}
	return int(v.n.n)
}

// First is the first member or item of an object or array, else Absent. With
// [Value.Next] it walks without allocating.
func (v Value) First() Value {
	if v.d == nil {
		return Value{}
	}
	return v.d.at(v.child())
}

// child is the number of the first member or item, 0 for none.
func (v Value) child() int32 {
	if v.n.kind != Array && v.n.kind != Object {
		return 0
	}
	return int32(v.n.at)
}

func (v Value) firstOf(k Kind) Value {
	if v.Kind() != k {
		return Value{}
	}
	return v.First()
}

// Next is the member or item after v in the object or array that holds it,
// Absent after the last.
func (v Value) Next() Value {
	if v.d == nil {
		return Value{}
	}
	return v.d.at(v.n.next)
}

// Name is the name of v as a member of an object, nil for anything else. It
// is the Doc's or the input's own memory.
func (v Value) Name() []byte {
	if v.d == nil {
		return nil
	}
	return v.n.nameIn(v.d.in, v.d.text)
}

func (d *Doc) name(i int32) []byte { return d.nodes[i].nameIn(d.in, d.text) }

func (n *node) nameIn(in, text []byte) []byte {
	if n.flags&nameEscaped != 0 {
		return text[n.name : n.name+n.nameLen]
	}
	return in[n.name : n.name+n.nameLen]
}

// Each runs through "one or many": the items of an array, or any other value
// by itself once. Absent and Null have none.
func (v Value) Each() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		switch v.Kind() {
		case Absent, Null:
		case Array:
			for m := v.First(); m.d != nil && yield(m); m = m.Next() {
			}
		default:
			yield(v)
		}
	}
}

// Members runs through an object's names and values in the order of the
// input. Other kinds have none.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for m := v.firstOf(Object); m.d != nil && yield(string(m.Name()), m); m = m.Next() {
		}
	}
}
