// Package cborld turns CBOR-LD back into the JSON-LD document that it was
// made from.
//
// CBOR-LD writes small integers for what a document's contexts already say:
// names of terms, types, the beginnings of URLs, dates, multibase values. The
// integer of a term follows from the order in which contexts become active
// while the document is walked, so both sides must walk alike and hold the
// same contexts. Contexts are only looked up, never fetched.
//
// Source: W3C CBOR-LD 1.0, with the tags that preceded it.
package cborld

import (
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// The limits of one document. Beyond one, the error is Q-TOOBIG.
const (
	// MaxJSON is the longest document, in bytes, that may come out.
	MaxJSON = 1 << 20
	// MaxContexts is how many contexts one @context may name.
	MaxContexts = 12
	// maxChain is how many contexts may be active at one place.
	maxChain = 40
	// maxBase58 bounds the squares of the lengths of all values to be written
	// in base58, whose cost grows so: ten signatures of RSA take half of it.
	maxBase58 = 1 << 20
)

// Lookup returns the context published at url.
type Lookup func(url string) (*rdf.Definition, bool)

// The tags of CBOR-LD.
const (
	tag10           = 0xcb1d // 1.0: an array of registry entry and payload
	tagRange        = 0x0600 // to 0x06ff: the registry entry begins in the tag
	tagRangeEnd     = 0x06ff
	tagUncompressed = 0x0500 // before there was a registry
	tagCompressed   = 0x0501
)

// Is tells whether data begins with one of CBOR-LD's tags.
func Is(data []byte) bool {
	if len(data) < 4 || data[0] != 0xd9 { // a tag of two bytes
		return false
	}
	switch tag := int(data[1])<<8 | int(data[2]); {
	case tag == tag10, tag == tagUncompressed, tag == tagCompressed:
		return true
	default:
		return tagRange <= tag && tag <= tagRangeEnd
	}
}

// Decode returns the JSON that data was made from. Members stand in the order
// of their names, @context first.
//
// The error is S-CONTEXT for a context that lookup does not know,
// S-UNSUPPORTED for a registry entry or a compressed value of a table that is
// not built in, S-MALFORMED or Q-PARTIAL if data is broken, Q-TOOBIG over a
// limit.
func Decode(data []byte, lookup Lookup) ([]byte, error) {
	if !Is(data) {
		return nil, malformed("does not begin with its tag")
	}
	it, err := cbor.Parse(data)
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(&it)
	if err != nil {
		return nil, err
	}
	if h.table == nil {
		return cbor.AppendJSON(nil, h.payload)
	}
	d := decoder{header: h, scope: newScope(lookup), out: make([]byte, 0, 3*len(data))}
	if err := d.top(h.payload); err != nil {
		return nil, err
	}
	return d.out, nil
}

// header says how the payload was compressed.
type header struct {
	payload *cbor.Item
	table   *table // nil if it was not
	legacy  bool   // made before there was a registry
}

func parseHeader(it *cbor.Item) (header, error) {
	content := &it.Items[0]
	switch {
	case it.Num == tagUncompressed:
		return header{payload: content}, nil
	case it.Num == tagCompressed:
		return header{content, &legacyTable, true}, nil
	case it.Num >= tagRange && it.Num < tagRange+0x80:
		return entry(it.Num-tagRange, content)
	}
	if content.Kind != cbor.Array || len(content.Items) != 2 {
		return header{}, malformed("registry entry and payload are a %v of %d", content.Kind, len(content.Items))
	}
	number, payload := &content.Items[0], &content.Items[1]
	switch {
	case it.Num == tag10 && number.Kind == cbor.Uint:
		return entry(number.Num, payload)
	case it.Num != tag10 && number.Kind == cbor.Bytes:
		id, ok := varint(byte(it.Num-tagRange), number.Data)
		if !ok {
			return header{}, malformed("registry entry %#x%x is no varint", it.Num-tagRange, number.Data)
		}
		return entry(id, payload)
	}
	return header{}, malformed("registry entry is a %v", number.Kind)
}

// varint reads an unsigned LEB128 number of at most 32 bits, in its shortest
// form, whose first byte stands apart.
func varint(first byte, more []byte) (n uint64, ok bool) {
	if len(more) == 0 || len(more) > 4 || first < 0x80 || more[len(more)-1] == 0 {
		return 0, false
	}
	n = uint64(first & 0x7f)
	for i, c := range more {
		if (c >= 0x80) == (i == len(more)-1) {
			return 0, false
		}
		n |= uint64(c&0x7f) << (7 * (i + 1))
	}
	return n, true
}

func entry(id uint64, payload *cbor.Item) (header, error) {
	if id == 0 {
		return header{payload: payload}, nil
	}
	t, ok := registry[id]
	if !ok {
		return header{}, reason.Errorf(reason.SUnsupported, "CBOR-LD: registry entry %d", id)
	}
	return header{payload: payload, table: t}, nil
}

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "CBOR-LD: "+format, args...)
}
