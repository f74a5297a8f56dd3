// Package multibase reads and writes the two text forms of binary values
// that Data Integrity allows, and nothing looser: base58btc ("z") and
// base64url without padding ("u").
//
// Every decoder here is strict: one value has one spelling. Padding, line
// breaks, spare bits that are not zero and characters outside the alphabet
// are errors, so a changed character can never stand for the same bytes.
//
// Source: W3C Controlled Identifiers v1.0, Multibase; RFC 4648 section 5.
package multibase

import (
	"badgekiosk/verify/reason"
)

// MaxBase58 is the longest base58 text that is read, in characters: enough
// for an RSA key of 8192 bits. Its cost grows with the square of its length.
const MaxBase58 = 1536

// text is what the decoders take, so that nothing need be copied for them.
type text interface{ ~string | ~[]byte }

// Decode appends to dst the bytes that s stands for: "z" and base58btc, or
// "u" and base64url. Any other first character is an error.
func Decode[T text](dst []byte, s T) ([]byte, error) {
	if len(s) == 0 {
		return dst, reason.Errorf(reason.SMalformed, "multibase value is empty")
	}
	switch s[0] {
	case 'z':
		return Base58(dst, s[1:])
	case 'u':
		return Base64URL(dst, s[1:])
	}
	return dst, reason.Errorf(reason.SMalformed, "multibase prefix %q is neither z nor u", s[0])
}

// errorAt names the first character of s that is in no place of table.
func errorAt[T text](base string, s T, table *[256]uint8) error {
	for i := range len(s) {
		if table[s[i]] == bad {
			return reason.Errorf(reason.SMalformed, "character %q at %d is not of %s", s[i], i, base)
		}
	}
	return reason.Errorf(reason.SMalformed, "%d characters end in bits that are not of %s", len(s), base)
}

// bad marks, in a table of digits, a character that is none.
const bad = 0xff

// digits inverts an alphabet.
func digits(alphabet string) *[256]uint8 {
	t := new([256]uint8)
	for i := range t {
		t[i] = bad
	}
	for i := range len(alphabet) {
		t[alphabet[i]] = uint8(i)
	}
	return t
}
