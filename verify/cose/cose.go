// Package cose reads credentials and presentations that are signed as a
// COSE_Sign1 (application/vc+cose, application/vp+cose).
//
// It reads strictly: a message has one spelling, the deterministic one, and
// says nothing outside its signature but which key made it.
//
// Source: RFC 9052; W3C Securing Verifiable Credentials using JOSE and COSE,
// section 3.3.
package cose

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// MaxHeader is the longest protected or unprotected header, in bytes.
const MaxHeader = 16 << 10

// A Message is one COSE_Sign1.
type Message struct {
	Alg string // by its JOSE name: compared with the key, never obeyed
	Kid string // which key, "" if the message names none
	Typ string // media type of the message, "" if it has none
	Cty string // media type of the payload, "" if it has none

	// X5C is the key of the first certificate in the message, nil if none.
	// It counts only if the trust set lists the same key.
	X5C *key.Key

	Payload []byte // what was signed, as it stands there

	protected, signature []byte
}

// sign1 is the array of a COSE_Sign1 (RFC 9052, section 4.2).
type sign1 struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected cbor.RawMessage
	Payload     []byte
	Signature   []byte
}

// tag18 is the tag of a COSE_Sign1, as its one byte.
const tag18 = 0xd2

// Parse reads a COSE_Sign1, with its tag or without. data must stay
// unchanged while the Message is used.
//
// The error is S-UNSUPPORTED for an algorithm that no key here has, for
// headers that must be understood ("crit") and for a payload that is not in
// the message; S-UNCOVERED for an unprotected header that says more than
// which key; S-MALFORMED for everything else.
func Parse(data []byte) (*Message, error) {
	body := bytes.TrimPrefix(data, []byte{tag18})
	var s sign1
	if err := decoding.Unmarshal(body, &s); err != nil {
		return nil, malformed("%w", err)
	}
	if s.Payload == nil {
		return nil, unsupported("the payload is not in the message")
	}
	if len(s.Protected) > MaxHeader || len(s.Unprotected) > MaxHeader {
		return nil, malformed("headers of %d and %d bytes, at most %d are read", len(s.Protected), len(s.Unprotected), MaxHeader)
	}
	if !bytes.Equal(s.deterministic(), body) {
		return nil, malformed("not in deterministic encoding")
	}
	m := &Message{Payload: s.Payload, protected: s.Protected, signature: s.Signature}
	return m, m.readHeaders(s)
}

// deterministic is the one encoding of s that is taken (RFC 8949, section
// 4.2.1), the unprotected header as it stands: it is read on its own.
func (s *sign1) deterministic() []byte {
	out := appendBytes([]byte{0x84}, s.Protected)
	out = append(out, s.Unprotected...)
	return appendBytes(appendBytes(out, s.Payload), s.Signature)
}

// appendBytes appends b as a byte string.
func appendBytes(dst, b []byte) []byte {
	const major = 2 << 5
	switch n := len(b); {
	case n < 24:
		dst = append(dst, major|byte(n))
	case n < 1<<8:
		dst = append(dst, major|24, byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, major|25), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return append(dst, b...)
}

// Verify checks the message's signature under k: see [key.Key.Verify].
//
// Source: RFC 9052 section 4.4.
func (m *Message) Verify(k *key.Key) error {
	const context = "\x84\x6aSignature1" // array of four, the first a text of ten
	room := make([]byte, 0, len(m.protected)+len(m.Payload)+32)
	signed := appendBytes(append(room, context...), m.protected)
	signed = appendBytes(signed, nil) // no external data
	return k.Verify(m.Alg, appendBytes(signed, m.Payload), m.signature)
}

// VC maps the message to what it carries. It says nothing about the
// signature. The errors are those of [jose.Token.VC]; with S-INVALID the VC
// is returned as well.
func (m *Message) VC() (*jose.VC, error) {
	typ, cty := strings.ToLower(m.Typ), strings.ToLower(m.Cty)
	if !slices.Contains(types, typ) || !slices.Contains(contents, cty) {
		return nil, malformed("a message of type %.40q with %.40q holds no credential", m.Typ, m.Cty)
	}
	payload, err := ijson.Parse(m.Payload)
	if err != nil {
		return nil, err
	}
	return jose.Secured("vc-cose", strings.HasPrefix(typ, "application/vp") || typ == "" && strings.HasPrefix(cty, "application/vp"), payload)
}

// types and contents are the media types that a credential or presentation
// may have. Messages may leave them out.
var (
	types    = []string{"", "application/vc+cose", "application/vp+cose", "application/vc+ld+json+cose", "application/vp+ld+json+cose"}
	contents = []string{"", "application/vc", "application/vp", "application/vc+ld+json", "application/vp+ld+json", "application/json", "application/ld+json"}
)

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "cose: "+format, args...)
}

func unsupported(format string, args ...any) error {
	return reason.Errorf(reason.SUnsupported, "cose: "+format, args...)
}
