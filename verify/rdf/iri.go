package rdf

import (
	"unicode/utf8"
)

// What a byte is to an IRI.
const (
	iriFine uint8 = iota
	iriSpace
	iriForbidden // by the grammar of N-Quads, IRIREF
	iriHigh      // not ASCII
)

var iriBytes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			t[c] = iriSpace
		case c < ' ' || c == 0x7f:
			t[c] = iriForbidden
		case c >= utf8.RuneSelf:
			t[c] = iriHigh
		}
	}
	for _, c := range []byte("<>\"{}|^`\\") {
		t[c] = iriForbidden
	}
	return t
}()

// space tells the characters beyond ASCII that ECMAScript's \s takes for
// white space. Processors written in it drop an IRI that holds one.
func space(r rune) bool {
	switch r {
	case 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// checkIRI holds that b is an absolute IRI which N-Quads can write. What
// every processor drops is S-UNCOVERED, what some write and some refuse is
// S-MALFORMED.
func checkIRI(b []byte) error {
	colon := 0
	for colon < len(b) && schemeByte(b[colon], colon == 0) {
		colon++
	}
	if colon > 0 && colon < len(b) && b[colon] == ',' {
		// One published processor takes a comma in a scheme.
		return malformed("%.200q is no IRI", b)
	}
	if colon == 0 || colon == len(b) || b[colon] != ':' {
		return uncovered("%.200q is no absolute IRI", b)
	}
	return checkIRIBytes(b[colon:], b)
}

// checkIRIBytes looks at the characters of rest, a part of whole.
func checkIRIBytes(rest, whole []byte) error {
	for i, c := range rest {
		if iriBytes[c] == iriFine {
			continue
		}
		return checkOddIRI(rest[i:], whole)
	}
	return nil
}

func checkOddIRI(rest, whole []byte) error {
	forbidden := false
	for i := 0; i < len(rest); {
		r, n := utf8.DecodeRune(rest[i:])
		switch kind := iriBytes[rest[i]]; {
		case kind == iriSpace || kind == iriHigh && space(r):
			return uncovered("IRI %.200q holds white space", whole)
		case kind == iriForbidden:
			forbidden = true
		}
		i += n
	}
	if forbidden {
		return malformed("IRI %.200q holds a character that no IRI may hold", whole)
	}
	return nil
}

func schemeByte(c byte, first bool) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || !first && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')
}
