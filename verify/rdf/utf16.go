package rdf

import (
	"bytes"

	"badgekiosk/verify/ijson"
)

// RDFC-1.0 sorts lines by code point. The published processor that most
// issuers use sorts by UTF-16 units, in which U+1F393 stands before U+FB33.
// Where the two come to different orders, a signature that holds for one of
// them fails for the other, whoever made it: such a document is
// S-UNSUPPORTED, not forged.

// reordered tells that the orders may differ, which takes a cheap look.
func reordered(v ijson.Value, o Options) bool {
	if v.Reordered() {
		return true
	}
	for _, m := range o.Set {
		if m.Value.Reordered() {
			return true
		}
		for _, item := range m.List {
			if item.Reordered() {
				return true
			}
		}
	}
	return false
}

// checkOrder refuses lines, the canonical form, if they or those of a hash
// stand in another order by UTF-16.
func (c *canon) checkOrder(lines []byte) error {
	if !c.reordered || !c.disputed && inUTF16Order(lines) {
		return nil
	}
	return unsupported("processors put its characters beyond U+FFFF in different orders")
}

// inUTF16Order tells that lines, sorted by code point, are sorted by UTF-16
// units, too. It is enough to look at neighbours.
func inUTF16Order(lines []byte) bool {
	last, rest, _ := bytes.Cut(lines, []byte("\n"))
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if !sameOrder(last, line) {
			return false
		}
		last = line
	}
	return true
}

// First bytes in UTF-8.
const (
	fromTop    = 0xEE // of U+E000 to U+FFFF
	fromBeyond = 0xF0 // of U+10000 and more
)

// sameOrder tells that a, which is below b by code point, is so by UTF-16.
// Only a character from U+E000 to U+FFFF against one beyond can differ. When
// the first bytes that differ are inside a character, the bytes before them
// are the same, so both characters are on the same side.
func sameOrder(a, b []byte) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return !(a[i] >= fromTop && a[i] < fromBeyond && b[i] >= fromBeyond)
		}
	}
	return true
}
