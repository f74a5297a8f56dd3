package wire

import (
	"bytes"
	"encoding/base64"

	"badgekiosk/verify/reason"
)

// maxHeader is how much of a token's first part is looked at to know it.
const maxHeader = 16

// looksJOSE tells whether data begins as a compact JWS, JWE or SD-JWT: its
// first part, as far as it is looked at, is base64url of a JSON object.
func looksJOSE(data []byte) bool {
	head := data[:min(len(data), maxHeader)]
	if i := bytes.IndexAny(head, ".~"); i >= 0 {
		head = head[:i]
	}
	var buf [maxHeader]byte
	head = head[:len(head)&^3] // whole quanta need no padding
	n, err := base64.RawURLEncoding.Decode(buf[:], head)
	if err != nil || n == 0 {
		return false
	}
	object := bytes.TrimLeft(buf[:n], " \t\r\n")
	if len(object) == 0 || object[0] != '{' {
		return false
	}
	name := bytes.TrimLeft(object[1:], " \t\r\n")
	return len(name) == 0 || name[0] == '"' || name[0] == '}'
}

// jose tells the compact serializations apart by their separators.
//
// Source: RFC 7515 section 7.1, RFC 7516 section 7.1, RFC 9901 section 4.
func (o opener) jose(data []byte) (Document, error) {
	for i, c := range data {
		if !base64urlByte(c) && c != '.' && c != '~' {
			return Document{}, reason.Errorf(reason.SMalformed, "byte %d of a token is %#02x, which no token holds", i, c)
		}
	}
	jwt, _, selective := bytes.Cut(data, []byte("~"))
	switch n := bytes.Count(jwt, []byte(".")) + 1; {
	case n == 5:
		return Document{}, reason.Errorf(reason.SUnsupported, "an encrypted token")
	case n != 3:
		return Document{}, reason.Errorf(reason.SMalformed, "a token of %d parts, a signed one has 3", n)
	case selective:
		return o.is(SDJWT, data)
	}
	return o.is(JWT, data)
}

func base64urlByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// base64Any decodes base64 in either alphabet, padded or not, as issuers print
// it. Both alphabets in one text, or stray bits at its end, are refused.
//
// Source: RFC 4648 sections 3.5, 4 and 5.
func base64Any(data []byte) ([]byte, bool) {
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(data, "-_") {
		enc = base64.RawURLEncoding
	}
	if bytes.IndexByte(data, '\n') >= 0 || bytes.IndexByte(data, '\r') >= 0 {
		return nil, false // Go's decoder would skip them
	}
	text := data
	if len(data)%4 == 0 {
		text = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("=")), []byte("="))
	}
	raw := make([]byte, enc.DecodedLen(len(text)))
	n, err := enc.Strict().Decode(raw, text)
	return raw[:n], err == nil && n > 0
}
