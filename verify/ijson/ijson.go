// Package ijson reads I-JSON, the strict form of JSON that signatures can
// rest on, and writes its canonical form.
//
// What two readers could take differently is refused: a name that occurs
// twice in one object (also when one of the two is spelled with escapes),
// text that is not UTF-8, a lone surrogate, a noncharacter, a number beyond
// an IEEE double, anything after the value. A [Doc] is an arena that is used
// again for the next input, so reading allocates nothing once it has grown.
//
// Source: RFC 7493 (I-JSON), RFC 8259 (JSON), RFC 8785 (JCS).
package ijson

// Limits of [Doc.Parse]. A comprehensive learner record of 500 badges with
// pictures by reference is 1.2 MB, 40,000 values and 12 levels deep.
const (
	// MaxSize is the longest input, in bytes.
	MaxSize = 4 << 20
	// MaxValues is the largest number of values, counting objects, arrays
	// and everything in them. It bounds a Doc to 10 MB, an input of
	// 64 kB to 2 MB.
	MaxValues = 1 << 18
	// MaxDepth is how deep objects and arrays may stand in each other.
	MaxDepth = 64
)

// Kind is what a [Value] is. The zero Kind is Absent.
type Kind uint8

// The kinds.
const (
	Absent Kind = iota // no value at all, such as a member that is not there
	Null
	False
	True
	Number
	String
	Array
	Object
)

var kindWords = [...]string{"absent", "null", "false", "true", "number", "string", "array", "object"}

// String is the kind's name as JSON's specification has it.
func (k Kind) String() string { return kindWords[k] }

// A Doc is one parsed input and the memory for the next. The zero Doc is
// ready to use. It and its Values are for one goroutine at a time.
type Doc struct {
	in    []byte
	text  []byte // contents of the strings that hold escapes
	nodes []node
	order []int32 // names being sorted
	reach reach

	copies []byte // see Value.Str: one piece of memory for an input, never used again
	copied bool   // there was one
}

// node is one value. The children of an object or array follow it in nodes.
type node struct {
	kind  Kind
	flags flags
	// name is where a member's name stands, without quotation marks.
	name, nameLen uint32
	// start and end are where the value stands in the input.
	start, end uint32
	next       int32 // the following member or item, 0 for none
	n          int32 // members or items; of an escaped string the bytes in text
	// at is where an escaped string begins in text, and the first member or
	// item of an object or array, 0 if it has none.
	at uint32
}

type flags uint8

const (
	escaped     flags = 1 << iota // a string whose contents stand in text, not in the input
	nameEscaped                   // the same for its name
	holdsDelete                   // a string that holds U+007F
)

// reach tells which of the characters occur whose order is not the same in
// UTF-16 as in Unicode.
type reach uint8

const (
	reachTop    reach = 1 << iota // U+E000 to U+FFFF, after all surrogates
	reachBeyond                   // U+10000 and more, surrogates in UTF-16
)

// Parse reads the whole of in, which must stay unchanged while the Values
// are used. Values of an earlier Parse die.
//
// The error is a [badgekiosk/verify/reason.Error]: Q-TOOBIG over one of the
// limits above, S-MALFORMED for everything else.
func (d *Doc) Parse(in []byte) (Value, error) { return d.ParseWithin(in, MaxValues) }

// ParseWithin is Parse for an input of most values, if that is less than
// [MaxValues].
func (d *Doc) ParseWithin(in []byte, most int) (Value, error) {
	if len(in) > MaxSize {
		return Value{}, tooBig("%d bytes, at most %d are read", len(in), MaxSize)
	}
	most = max(0, min(most, MaxValues))
	p := parser{in: in, nodes: d.nodes[:0:min(cap(d.nodes), most)], text: d.text[:0], order: d.order, most: most}
	p.token()
	if p.value(0) && p.token() != 0 || p.err == nil && p.pos != len(in) {
		p.malformed("something follows the value")
	}
	d.in, d.text, d.nodes, d.order, d.reach = in, p.text, p.nodes, p.order[:0], p.reach
	d.copies, d.copied = nil, false
	if p.err != nil {
		return Value{}, p.err
	}
	return Value{d, &d.nodes[0]}, nil
}

// Values is how many values were read, also of an input that was refused.
func (d *Doc) Values() int { return len(d.nodes) }

// What a Doc that forgot its input keeps room for.
const (
	keepNodes = 1 << 14  // values: 600 kB
	keepText  = 64 << 10 // bytes
)

// Forget lets go of the input and wipes what was copied from it. Values die;
// strings that were copied from them stay.
func (d *Doc) Forget() {
	clear(d.text[:cap(d.text)])
	kept := Doc{text: d.text[:0], nodes: d.nodes[:0], order: d.order[:0]}
	if cap(d.nodes) > keepNodes {
		kept.nodes, kept.order = nil, nil
	}
	if cap(d.text) > keepText {
		kept.text = nil
	}
	*d = kept
}

// Parse is [Doc.Parse] with a fresh Doc.
func Parse(in []byte) (Value, error) { return new(Doc).Parse(in) }
