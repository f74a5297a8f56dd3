package cose

import (
	"github.com/fxamacker/cbor/v2"

	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// Labels of headers (IANA, COSE Header Parameters).
const (
	labelAlg   = int64(1)
	labelCrit  = int64(2)
	labelCty   = int64(3)
	labelKid   = int64(4)
	labelTyp   = int64(16)
	labelChain = int64(33)
)

// algorithms are the JOSE names of COSE's algorithms (IANA, COSE Algorithms).
// A key decides whether one is its own.
var algorithms = map[int64]string{
	-7: key.ES256, -35: key.ES384, -36: key.ES512, -8: key.EdDSA,
	-9: key.ES256, -51: key.ES384, -52: key.ES512, -19: key.EdDSA, // RFC 9864, fully specified
	-37: key.PS256, -38: key.PS384, -39: key.PS512, -257: key.RS256, -258: key.RS384, -259: key.RS512,
}

// decoding refuses what two readers could take differently, and bounds what
// one message may cost.
var decoding = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		IntDec:            cbor.IntDecConvertSignedOrFail,
		UTF8:              cbor.UTF8RejectInvalid,
		MapKeyByteString:  cbor.MapKeyByteStringForbidden,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		MaxNestedLevels:   4,
		MaxArrayElements:  16,
		MaxMapPairs:       16,
	}.DecMode()
	if err != nil {
		panic(err) // the options above are wrong
	}
	return mode
}()

// readHeaders fills the fields of m.
func (m *Message) readHeaders(s sign1) error {
	protected, err := readMap("protected", s.Protected)
	if err != nil {
		return err
	}
	unprotected, err := readMap("unprotected", s.Unprotected)
	if err != nil {
		return err
	}
	for label := range unprotected {
		if _, both := protected[label]; both {
			return malformed("header %v stands in both headers", label)
		}
		if label != labelKid && label != labelChain {
			return reason.Errorf(reason.SUncovered, "cose: header %v is not signed", label)
		}
	}
	if _, ok := protected[labelCrit]; ok {
		return unsupported("headers %v must be understood", protected[labelCrit])
	}
	if m.Alg, err = algorithm(protected[labelAlg]); err != nil {
		return err
	}
	if m.Typ, err = text("typ", protected[labelTyp]); err != nil {
		return err
	}
	if m.Cty, err = text("content type", protected[labelCty]); err != nil {
		return err
	}
	return m.readKey(protected, unprotected)
}

// readKey reads what says which key, in either header.
func (m *Message) readKey(headers ...map[any]any) error {
	for _, h := range headers {
		if kid, ok := h[labelKid]; ok {
			b, ok := kid.([]byte)
			if !ok {
				return malformed("kid is %T, not bytes", kid)
			}
			m.Kid = string(b)
		}
		if chain, ok := h[labelChain]; ok {
			if list, many := chain.([]any); many && len(list) > 0 {
				chain = list[0]
			}
			der, ok := chain.([]byte)
			if !ok {
				return malformed("x5chain is %T, not bytes", chain)
			}
			k, err := key.FromCertificate(der)
			if err != nil {
				return err
			}
			m.X5C = k
		}
	}
	return nil
}

// readMap reads a header whose labels are integers or text.
func readMap(name string, b []byte) (map[any]any, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var m map[any]any
	if err := decoding.Unmarshal(b, &m); err != nil {
		return nil, malformed("%s header: %w", name, err)
	}
	for label := range m {
		switch label.(type) {
		case int64, string:
		default:
			return nil, malformed("%s header: label %v", name, label)
		}
	}
	return m, nil
}

func algorithm(v any) (string, error) {
	n, ok := v.(int64)
	if !ok {
		return "", malformed("no algorithm in the protected header")
	}
	alg, ok := algorithms[n]
	if !ok {
		return "", unsupported("algorithm %d", n)
	}
	return alg, nil
}

func text(name string, v any) (string, error) {
	if v == nil {
		return "", nil
	}
	s, ok := v.(string)
	if !ok {
		return "", malformed("%s is %T, not text", name, v)
	}
	return s, nil
}
