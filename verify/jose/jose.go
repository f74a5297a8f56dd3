// Package jose reads signed tokens (compact JWS) and the credentials and
// presentations that they carry: VC-JWT of Open Badges 3.0 and of the
// Verifiable Credentials Data Model 1.1, and VC-JOSE.
//
// It reads strictly. A token has one spelling: base64url without padding,
// line breaks or spare bits, and headers and claims that are I-JSON.
package jose

import (
	"bytes"
	"encoding/base64"
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// Limits of a token. The payload is bounded by [ijson.MaxSize].
const (
	MaxHeader    = 16 << 10 // bytes of the decoded header
	MaxSignature = 1024     // bytes of the decoded signature: RSA of 8192 bits
	MaxChain     = 10       // certificates in x5c

	keepBytes = 64 << 10 // that a token which was forgotten keeps room for
)

// A Token is one signed token. The zero Token is ready for [Token.Parse],
// and can be used again for the next, which then allocates little. It and
// its Values are for one goroutine at a time.
type Token struct {
	Alg string // as the header names it: compared with the key, never obeyed
	Kid string // which key, "" if the header names none
	Typ string // media type of the token, "" if it has none
	Cty string // media type of the payload, "" if it has none

	// JWK and X5C are the keys that the header itself holds, nil if none:
	// X5C that of its first certificate, of which nothing else is judged.
	// They say only which key is meant. Anyone can put one there, so they
	// count for nothing unless the trust set lists the same key.
	JWK, X5C *key.Key

	// Most is how many values of JSON the payload may hold, 0 for as many as
	// [ijson.MaxValues].
	Most int

	// Header is the whole header, Payload what was signed, as it stands there.
	Header  ijson.Value
	Payload []byte

	input       []byte // what the signature is over
	signature   []byte
	buf         []byte
	header, doc ijson.Doc
	claims      ijson.Value
}

// Parse reads a compact JWS: header, payload and signature, joined by dots.
// compact must stay unchanged while the Token is used.
//
// The error is S-NOPROOF for algorithm "none", S-UNSUPPORTED for one that no
// key here has (HMAC among them: a secret that is shared proves nothing) and
// for extensions that a reader must understand ("crit", "b64"), S-MALFORMED
// for everything else, also for a private key in the header.
//
// Source: RFC 7515 section 5.2; RFC 7797 section 6.
func (t *Token) Parse(compact []byte) error {
	dot, last := bytes.IndexByte(compact, '.'), bytes.LastIndexByte(compact, '.')
	if dot < 0 || dot == last {
		return malformed("a signed token has three parts joined by dots")
	}
	if n := base64.RawURLEncoding.DecodedLen(dot); n > MaxHeader {
		return malformed("a header of %d bytes is over %d", n, MaxHeader)
	}
	if n := base64.RawURLEncoding.DecodedLen(len(compact) - last - 1); n > MaxSignature {
		return malformed("a signature of %d bytes is over %d", n, MaxSignature)
	}
	t.input, t.claims = compact[:last], ijson.Value{}
	t.buf = slices.Grow(t.buf[:0], len(compact))
	header, err := t.part("header", compact[:dot])
	if err != nil {
		return err
	}
	if t.Payload, err = t.part("payload", compact[dot+1:last]); err != nil {
		return err
	}
	if t.signature, err = t.part("signature", compact[last+1:]); err != nil {
		return err
	}
	if t.Header, err = t.header.Parse(header); err != nil {
		return malformed("header: %w", err)
	}
	return t.readHeader()
}

// Parse is [Token.Parse] with a fresh Token.
func Parse(compact []byte) (*Token, error) {
	t := new(Token)
	if err := t.Parse(compact); err != nil {
		return nil, err
	}
	return t, nil
}

// Forget wipes what the token held and lets go of the rest, so that only the
// memory is left for the next.
func (t *Token) Forget() {
	clear(t.buf[:cap(t.buf)])
	t.header.Forget()
	t.doc.Forget()
	kept := Token{buf: t.buf[:0], header: t.header, doc: t.doc}
	if cap(t.buf) > keepBytes {
		kept.buf = nil
	}
	*t = kept
}

// part decodes one part of the token behind the others in t.buf, which is
// large enough for all.
func (t *Token) part(name string, text []byte) ([]byte, error) {
	start := len(t.buf)
	buf, err := multibase.Base64URL(t.buf, text)
	if err != nil {
		return nil, malformed("%s: %w", name, err)
	}
	t.buf = buf
	return buf[start:len(buf):len(buf)], nil
}

// Verify checks the token's signature under k: see [key.Key.Verify].
func (t *Token) Verify(k *key.Key) error { return k.Verify(t.Alg, t.input, t.signature) }

// Values is how many values of JSON were read, also if they were refused.
func (t *Token) Values() int { return t.header.Values() + t.doc.Values() }

// Claims is the payload, which must be a JSON object.
func (t *Token) Claims() (ijson.Value, error) {
	if t.claims.Exists() {
		return t.claims, nil
	}
	most := t.Most
	if most == 0 {
		most = ijson.MaxValues
	}
	v, err := t.doc.ParseWithin(t.Payload, most)
	if err != nil {
		return v, err
	}
	if v.Kind() != ijson.Object {
		return v, malformed("the payload is %s, not an object", v.Kind())
	}
	t.claims = v
	return v, nil
}

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "jws: "+format, args...)
}

func unsupported(format string, args ...any) error {
	return reason.Errorf(reason.SUnsupported, "jws: "+format, args...)
}
