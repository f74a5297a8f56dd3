package proof

import (
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// URLs of the contexts that define the terms of a proof.
const (
	credentialsV2   = "https://www.w3.org/ns/credentials/v2"
	dataIntegrityV1 = "https://w3id.org/security/data-integrity/v1"
	dataIntegrityV2 = "https://w3id.org/security/data-integrity/v2"
	ed25519V1       = "https://w3id.org/security/suites/ed25519-2020/v1"
)

// rdfc verifies eddsa-rdfc-2022 and ecdsa-rdfc-2019: a signature over the
// digests of the canonical N-Quads of the proof's options and the document.
//
// Documents of VCDM 1.1 seldom name a context that defines the proof. Their
// issuers read the options, and only them, as if it did.
//
// Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.2; Data
// Integrity ECDSA Cryptosuites v1.0, section 3.2.
func (c *Checker) rdfc(doc ijson.Value, p *Proof, k *key.Key) error {
	return c.quads(doc, p, k, termsFrom(doc, dataIntegrityV2, credentialsV2, dataIntegrityV1))
}

// ed25519Signature2020 is the same with a context of its own.
//
// Source: The Ed25519 Signature Suite 2020 (Data Integrity EdDSA
// Cryptosuites v1.0, section 3.4).
func (c *Checker) ed25519Signature2020(doc ijson.Value, p *Proof, k *key.Key) error {
	return c.quads(doc, p, k, termsFrom(doc, ed25519V1))
}

// termsFrom is the context to read a proof's options with after those of the
// document: url, unless the document names it or another that does as well.
func termsFrom(doc ijson.Value, url string, others ...string) []string {
	for item := range doc.Get("@context").Each() {
		named := item.Str()
		if named == url {
			return nil
		}
		for _, other := range others {
			if named == other {
				return nil
			}
		}
	}
	return []string{url}
}

// quads verifies the proof, a second time with the earlier editions of
// contexts that were changed after badges had been issued under them.
func (c *Checker) quads(doc ijson.Value, p *Proof, k *key.Key, terms []string) error {
	if err := plainProof(doc, p); err != nil {
		return err
	}
	err := c.edition(doc, p, k, terms, false)
	if code := reason.CodeOf(err, ""); code != reason.SInvalid && code != reason.SUncovered {
		return err
	}
	if c.contexts.HasOlder(doc.Get("@context")) && c.edition(doc, p, k, terms, true) == nil {
		return nil
	}
	return err
}

func (c *Checker) edition(doc ijson.Value, p *Proof, k *key.Key, terms []string, older bool) error {
	var room [maxDigests]byte
	digests, err := c.options(room[:0], doc, p, k, terms, older)
	if err != nil {
		return err
	}
	if digests, err = c.document(digests, doc, p, k, older); err != nil {
		return err
	}
	return c.check(p, k, digests)
}

// options appends the digest of the proof without its signature, read in the
// context of the document.
func (c *Checker) options(dst []byte, doc ijson.Value, p *Proof, k *key.Key, terms []string, older bool) ([]byte, error) {
	var err error
	c.buf, err = c.rdf.Canonical(c.buf[:0], p.Value, rdf.Options{
		Without: "proofValue", Context: doc.Get("@context"), Append: terms, Older: older, Hash: hashOf(k),
	})
	return c.sum(dst, k), err
}

// document appends the digest of the document without its proofs, but for
// those that the proof signs along.
func (c *Checker) document(dst []byte, doc ijson.Value, p *Proof, k *key.Key, older bool) ([]byte, error) {
	earlier, err := previous(doc, p)
	if err != nil {
		return dst, err
	}
	c.buf, err = c.rdf.Canonical(c.buf[:0], doc, rdf.Options{
		Without: "proof", Set: earlier, Older: older, Hash: hashOf(k),
	})
	return c.sum(dst, k), err
}

func hashOf(k *key.Key) rdf.Hash {
	if k.Kind() == key.P384 {
		return rdf.SHA384
	}
	return rdf.SHA256
}
