package multibase

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
)

const alphabet64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

var digits64 = digits(alphabet64)

// shifted64 holds each digit at its place in a group of four: the group's
// three bytes are the low ones of the four entries or-ed together. A
// character that is no digit sets bits above them.
var shifted64 = func() (t [4][256]uint32) {
	for place := range t {
		for c, d := range digits64 {
			t[place][c] = 0xff << 24
			if d != bad {
				t[place][c] = uint32(d) << (18 - 6*place)
			}
		}
	}
	return t
}()

// Base64URL appends to dst the bytes that s stands for in base64url without
// padding, as JOSE and multibase "u" write them. The error is S-MALFORMED for
// a character outside the alphabet (padding and line breaks among them), a
// length that no bytes have, or spare bits that are not zero.
//
// Source: RFC 4648 section 5; RFC 7515 appendix C.
func Base64URL[T text](dst []byte, s T) ([]byte, error) {
	n := base64.RawURLEncoding.DecodedLen(len(s))
	// Whole groups are written four bytes at a time, the last one spare.
	dst = slices.Grow(dst, n+1)
	out := dst[len(dst) : len(dst)+n+1]
	rest, wrong := s, uint32(0)
	for len(rest) >= 4 && len(out) >= 4 {
		v := shifted64[0][rest[0]] | shifted64[1][rest[1]] | shifted64[2][rest[2]] | shifted64[3][rest[3]]
		wrong |= v
		binary.BigEndian.PutUint32(out, v<<8)
		out, rest = out[3:], rest[4:]
	}
	if wrong>>24 != 0 || !tail(out, rest) {
		return dst, errorAt("base64url", s, digits64)
	}
	return dst[:len(dst)+n], nil
}

// tail decodes what is left after the last whole group of four characters.
func tail[T text](out []byte, s T) bool {
	switch len(s) {
	case 0:
		return true
	case 2:
		a, b := digits64[s[0]], digits64[s[1]]
		out[0] = a<<2 | b>>4
		return (a|b) < 64 && b&0x0f == 0
	case 3:
		a, b, c := digits64[s[0]], digits64[s[1]], digits64[s[2]]
		out[0], out[1] = a<<2|b>>4, b<<4|c>>2
		return (a|b|c) < 64 && c&0x03 == 0
	}
	return false
}

// EncodeBase64URL writes b in base64url without padding and without a
// multibase prefix.
func EncodeBase64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
