package multibase

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"unsafe"
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
// length that no bytes have, or spare bits that are not zero. Two bytes
// behind what is appended may change too, if dst has room for them.
//
// Source: RFC 4648 section 5; RFC 7515 appendix C.
func Base64URL[T text](dst []byte, s T) ([]byte, error) {
	n := base64.RawURLEncoding.DecodedLen(len(s))
	// Whole groups are written eight bytes at a time, the last ones spare.
	dst = slices.Grow(dst, n+spare)
	out := dst[len(dst) : len(dst)+n+spare]
	in := alias(s)
	wrong := uint32(0)
	for len(in) >= 8 && len(out) >= 8 {
		first := shifted64[0][in[0]] | shifted64[1][in[1]] | shifted64[2][in[2]] | shifted64[3][in[3]]
		second := shifted64[0][in[4]] | shifted64[1][in[5]] | shifted64[2][in[6]] | shifted64[3][in[7]]
		wrong |= first | second
		binary.BigEndian.PutUint64(out, uint64(first)<<40|uint64(second)<<16)
		out, in = out[6:], in[8:]
	}
	if len(in) >= 4 {
		v := shifted64[0][in[0]] | shifted64[1][in[1]] | shifted64[2][in[2]] | shifted64[3][in[3]]
		wrong |= v
		binary.BigEndian.PutUint32(out, v<<8)
		out, in = out[3:], in[4:]
	}
	if wrong>>24 != 0 || !tail(out, in) {
		return dst, errorAt("base64url", s, digits64)
	}
	return dst[:len(dst)+n], nil
}

// spare is how much room Base64URL takes beyond what it returns.
const spare = 2

// alias is s as bytes, for reading: text of either kind begins with a
// pointer to its first byte.
func alias[T text](s T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&s)), len(s))
}

// tail decodes what is left after the last whole group of four characters.
func tail(out, s []byte) bool {
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
