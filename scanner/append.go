package scanner

import (
	"bytes"
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
	p := part{key: fmt.Sprintf("append %d %d", a.Total, a.Parity), index: a.Index, total: a.Total, data: bytes.Clone(y.Bytes), patience: PartTimeout}
	return p, func(parts [][]byte) ([]byte, bool) {
		all := bytes.Join(parts, nil)
		parity := byte(0)
		for _, b := range all {
			parity ^= b
		}
		return latinToUTF8(all), parity == a.Parity
	}, true
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
