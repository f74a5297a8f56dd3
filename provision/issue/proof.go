package issue

import (
	"crypto/sha256"
	"fmt"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
)

// proof is a Data Integrity proof.
//
// Source: W3C Verifiable Credential Data Integrity 1.0, section 2.1.
type proof struct {
	Context []string `json:"@context,omitempty"` // jcs suites only, and while hashing
	Type    string   `json:"type"`
	Suite   string   `json:"cryptosuite"`
	Created string   `json:"created,omitempty"`
	Method  string   `json:"verificationMethod"`
	Purpose string   `json:"proofPurpose"`
	Value   string   `json:"proofValue,omitempty"`
}

// prove adds a Data Integrity proof to c and returns the JSON of both.
// A zero created is left out.
func (i Issuer) prove(c *credential, f Format, created time.Time) ([]byte, error) {
	if i.Key.Algorithm != EdDSA {
		return nil, fmt.Errorf("format %s signs with an Ed25519 key, and this one is for %s: take %s or %s", f, i.Key.Algorithm, VCJWT, VCJOSE)
	}
	p := proof{Context: c.Context, Type: "DataIntegrityProof", Suite: string(f)[len("di-"):], Method: i.Key.ID, Purpose: "assertionMethod"}
	if !created.IsZero() {
		p.Created = stamp(created)
	}
	c.Proof = nil
	options, err := parsed(p)
	if err != nil {
		return nil, err
	}
	document, err := parsed(c)
	if err != nil {
		return nil, err
	}
	message, err := f.message(options, document)
	if err != nil {
		return nil, err
	}
	signature, err := i.Key.sign(message)
	if err != nil {
		return nil, fmt.Errorf("sign with %s: %w", i.Key.ID, err)
	}
	if f != JCS {
		p.Context = nil
	}
	p.Value = multibase.EncodeBase58(signature)
	c.Proof = &p
	return compactJSON(c)
}

// message is what a proof signs: the hash of the proof without its value,
// then the hash of the document without its proof.
//
// Source: W3C Data Integrity EdDSA Cryptosuites v1.0, sections 3.2.4, 3.3.4.
func (f Format) message(options, document ijson.Value) ([]byte, error) {
	config, err := f.canonical(options, "proofValue", document)
	if err != nil {
		return nil, fmt.Errorf("proof: %w", err)
	}
	text, err := f.canonical(document, "proof", document)
	if err != nil {
		return nil, err
	}
	first, second := sha256.Sum256(config), sha256.Sum256(text)
	return append(first[:], second[:]...), nil
}

// canonical is the one spelling of v without a member that f's suite hashes.
// RDF reads a proof in the context of its document; JSON takes it as it is.
func (f Format) canonical(v ijson.Value, without string, document ijson.Value) ([]byte, error) {
	switch f {
	case JCS:
		return ijson.AppendCanonical(nil, v, without)
	case RDFC:
		o := rdf.Options{Without: without, Context: document.Get("@context")}
		return rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, v, o)
	}
	return nil, fmt.Errorf("format %s has no canonical form", f)
}

// parsed is v written as JSON and read again.
func parsed(v any) (ijson.Value, error) {
	text, err := compactJSON(v)
	if err != nil {
		return ijson.Value{}, err
	}
	return ijson.Parse(text)
}
