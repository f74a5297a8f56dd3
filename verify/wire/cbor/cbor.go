// Package cbor reads one CBOR item in place, keeping what JSON readers lose:
// the order of a map, repeated names, and the form of every number.
//
// Source: RFC 8949.
package cbor

import (
	"math"
)

// The limits of one item. Beyond one, the error is Q-TOOBIG. The tree of the
// largest item allowed takes 2 MB.
const (
	MaxItems = 1 << 15 // items, counting every key, value and element
	MaxDepth = 64      // arrays, maps and tags inside one another
)

// Kind is the type of an item. The zero Kind is None.
type Kind uint8

// The kinds.
const (
	None  Kind = iota
	Uint       // Num
	Nint       // -1 - Num
	Bytes      // Data
	Text       // Data, valid UTF-8
	Array      // Items are its elements
	Map        // Items are keys and values in turn, as they stand in the text
	Tag        // Num is its number, Items[0] what it marks
	Bool       // Num is 0 or 1
	Null       // null
	Float      // Num is the value's bits as a float64
)

// An Item is one data item. Data shares memory with what was parsed, unless
// it came in chunks.
type Item struct {
	Kind  Kind
	Num   uint64
	Data  []byte
	Items []Item
}

// Float returns the value of an item of kind Float.
func (it *Item) Float() float64 { return math.Float64frombits(it.Num) }

// Get returns the value of the first text key name of a map, or nil.
func (it *Item) Get(name string) *Item {
	if it.Kind != Map {
		return nil
	}
	for i := 0; i+1 < len(it.Items); i += 2 {
		if k := &it.Items[i]; k.Kind == Text && string(k.Data) == name {
			return &it.Items[i+1]
		}
	}
	return nil
}

// Parse reads data, which must be exactly one item.
//
// The error is Q-PARTIAL if data ends too soon, S-MALFORMED if it is not
// well-formed, holds text that is not UTF-8, bytes after the item, or the
// value "undefined"; Q-TOOBIG over [MaxItems] or [MaxDepth].
func Parse(data []byte) (Item, error) {
	p := parser{rest: data, size: len(data), left: MaxItems - 1}
	var it Item
	if err := p.item(&it, 0); err != nil {
		return Item{}, err
	}
	if len(p.rest) > 0 {
		return Item{}, p.malformed("%d bytes after the item", len(p.rest))
	}
	return it, nil
}

var kindWords = [...]string{"nothing", "integer", "negative integer", "byte string", "text", "array", "map", "tag", "bool", "null", "float"}

// String is the kind's word for errors.
func (k Kind) String() string { return kindWords[k] }
