package proof

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// The suites before Data Integrity put a detached JWS into the proof, over
// the digests of the proof's options and the document.

// URLs of the contexts that their options are read in.
const (
	ed25519V2018 = "https://w3id.org/security/suites/ed25519-2018/v1"
	jws2020V1    = "https://w3id.org/security/suites/jws-2020/v1"
	credentialV1 = "https://www.w3.org/2018/credentials/v1"
	securityV1   = "https://w3id.org/security/v1"
	securityV2   = "https://w3id.org/security/v2"
)

// A legacySuite is one of them: the algorithms that its JWS may have been
// made with, and the context that defines its terms.
type legacySuite struct {
	algs    []string
	context string
	// agreed tells that issuers make it in one way alone, so that a
	// signature which does not match is a wrong one.
	agreed bool
}

var legacySuites = map[string]legacySuite{
	"Ed25519Signature2018": {[]string{key.EdDSA}, ed25519V2018, true},
	"RsaSignature2018":     {[]string{key.RS256, key.PS256}, securityV2, false},
	"JsonWebSignature2020": {[]string{key.EdDSA, key.ES256, key.ES384, key.ES512, key.PS256, key.RS256}, jws2020V1, false},
}

// legacy verifies a proof of one of these suites.
//
// Its options were read in the document's contexts by some issuers and in
// the security vocabulary's own by others. Both say the same of the terms
// that a proof has, so one of the two readings has to verify. Where issuers
// differ in more than that, no match is S-UNSUPPORTED: the badge may be
// genuine.
//
// Source: Ed25519 Signature 2018, RSA Signature Suite 2018 and JSON Web
// Signature 2020 (W3C Community Group); RFC 7797.
func (c *Checker) legacy(doc ijson.Value, p *Proof, k *key.Key) error {
	suite := legacySuites[p.Type]
	header, alg, sig, err := detached(p.Value.Get("jws"))
	if err != nil {
		return err
	}
	if !slices.Contains(suite.algs, alg) {
		return unsupported("suite %s with algorithm %.20q", p.Type, alg)
	}
	r := reading{doc: doc, proof: p, key: k, terms: termsFrom(doc, suite.context, credentialV1, securityV1, securityV2)}
	if p.Type == "JsonWebSignature2020" {
		r.terms = termsFrom(doc, suite.context)
	}
	err = c.read(r, func(c *Checker, r reading) error {
		context := doc.Get("@context")
		first := c.legacyReading(r, context, alg, header, sig)
		if first == nil || reason.CodeOf(first, "") == reason.SUnsupported {
			return first
		}
		r.terms = nil
		if c.legacyReading(r, c.security(), alg, header, sig) == nil {
			return nil
		}
		return first
	})
	if reason.CodeOf(err, "") == reason.SInvalid && !suite.agreed {
		return unsupported("suite %s was made in several ways, and not in the one known here: %w", p.Type, err)
	}
	return err
}

// legacyReading checks the JWS with the proof's options read in context.
func (c *Checker) legacyReading(r reading, context ijson.Value, alg string, header, sig []byte) (err error) {
	c.buf, err = c.rdf.Canonical(c.buf[:0], r.proof.Value, rdf.Options{
		Without: "jws", Context: context, Append: r.terms, Older: r.older,
	})
	if err != nil {
		return err
	}
	options := sha256.Sum256(c.buf)
	if err := c.document(r, nil); err != nil {
		return err
	}
	document := sha256.Sum256(c.buf)
	signed := append(append(bytes.Clone(header), '.'), options[:]...)
	return r.key.Verify(alg, append(signed, document[:]...), sig)
}

// security is the security vocabulary's own @context.
func (c *Checker) security() ijson.Value {
	if !c.vocabulary.Exists() {
		c.vocabulary, _ = ijson.Parse([]byte(`"` + securityV2 + `"`)) // a constant of ours
	}
	return c.vocabulary
}

// detached splits a JWS whose payload is elsewhere and not in base64:
// a header that says so, two dots, a signature.
func detached(v ijson.Value) (header []byte, alg string, sig []byte, err error) {
	header, rest, ok := bytes.Cut(v.Bytes(), []byte(".."))
	if !ok {
		return nil, "", nil, malformed("jws %.20q is not detached", v.Bytes())
	}
	text, err := multibase.Base64URL(nil, header)
	if err != nil {
		return nil, "", nil, malformed("jws header: %w", err)
	}
	h, err := ijson.Parse(text)
	if err != nil {
		return nil, "", nil, malformed("jws header: %w", err)
	}
	crit := h.Get("crit")
	if h.Get("b64").Kind() != ijson.False || crit.Kind() != ijson.Array || crit.Len() != 1 || crit.First().Str() != "b64" {
		return nil, "", nil, malformed("jws header %.80q is not that of a proof", text)
	}
	if sig, err = multibase.Base64URL(nil, rest); err != nil {
		return nil, "", nil, malformed("jws: %w", err)
	}
	return header, h.Get("alg").Str(), sig, nil
}
