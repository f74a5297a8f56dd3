package scanner

import (
	"fmt"
	"unicode/utf8"
)

// appendPart recognises a symbol of a structured append sequence. What the
// symbols have in common is their number and the parity of the whole.
//
// Source: ISO/IEC 18004:2015, 8.
func appendPart(y *Symbol) (part, func([][]byte) ([]byte, bool), bool) {
	a := y.Append
	if a.Total < 2 || a.Index >= a.Total {
		return part{}, nil, false
	}
	p := part{key: fmt.Sprintf("append %d %d", a.Total, a.Parity), index: a.Index, total: a.Total, data: appended(y), patience: PartTimeout}
	return p, func(parts [][]byte) ([]byte, bool) {
		all, parity := joinAppended(parts)
		return all, parity == a.Parity
	}, true
}

// What a part of structured append begins with: the parity of the symbol's
// bytes, and what follows, its text in UTF-8 or its bytes.
const (
	appendHeader = 2
	appendText   = 't'
	appendBytes  = 'b'
)

// appended is what the joiner keeps of a symbol: its text where it names the
// character set, which the other symbols need not share, else its bytes, for
// a character may go on in the next symbol.
func appended(y *Symbol) []byte {
	kind, says := byte(appendBytes), y.Bytes
	if y.Declared && y.Text != "" {
		kind, says = appendText, []byte(y.Text)
	}
	parity := byte(0)
	for _, b := range y.Bytes {
		parity ^= b
	}
	return append([]byte{parity, kind}, says...)
}

// joinAppended is what the parts say together, and their parity.
func joinAppended(parts [][]byte) (all []byte, parity byte) {
	var run []byte // bytes of which no symbol says the character set
	for _, p := range parts {
		parity ^= p[0]
		if p[1] == appendBytes {
			run = append(run, p[appendHeader:]...)
			continue
		}
		all = append(append(all, latinToUTF8(run)...), p[appendHeader:]...)
		run = run[:0]
	}
	return append(all, latinToUTF8(run)...), parity
}

// latinToUTF8 leaves UTF-8, and bytes that are no text, as they are.
func latinToUTF8(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+8)
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c >= 0x7f && c < 0xa0 {
			return b
		}
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}
