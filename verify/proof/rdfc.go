package proof

import (
	"crypto/sha256"

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
	return c.read(reading{doc: doc, proof: p, key: k, hash: hashOf(k), terms: termsFrom(doc, dataIntegrityV2, credentialsV2, dataIntegrityV1)}, (*Checker).quads)
}

// ed25519Signature2020 is the same with a context of its own.
//
// Source: The Ed25519 Signature Suite 2020 (Data Integrity EdDSA
// Cryptosuites v1.0, section 3.4).
func (c *Checker) ed25519Signature2020(doc ijson.Value, p *Proof, k *key.Key) error {
	return c.read(reading{doc: doc, proof: p, key: k, terms: termsFrom(doc, ed25519V1)}, (*Checker).quads)
}

// A reading is one way to read a document and a proof as quads.
type reading struct {
	doc   ijson.Value
	proof *Proof
	key   *key.Key
	terms []string // contexts that the proof is read in after the document's
	older bool     // contexts are read in their earlier edition
	hash  rdf.Hash // that tells blank nodes apart

	optical []byte // what is signed along from outside the document
}

// termsFrom is the context to read a proof's options with after those of the
// document: url, unless the document names it or another that does as well.
func termsFrom(doc ijson.Value, url string, others ...string) []string {
	for item := range doc.Get("@context").Each() {
		if string(item.Bytes()) == url {
			return nil
		}
		for _, other := range others {
			if string(item.Bytes()) == other {
				return nil
			}
		}
	}
	return []string{url}
}

// read verifies a proof, a second time with the earlier editions of contexts
// that were changed after badges had been issued under them.
func (c *Checker) read(r reading, verify func(*Checker, reading) error) error {
	if err := plain(r.doc, r.proof); err != nil {
		return err
	}
	err := verify(c, r)
	if code := reason.CodeOf(err, ""); code != reason.SInvalid && code != reason.SUncovered {
		return err
	}
	if r.older = true; c.contexts.HasOlder(r.doc.Get("@context")) && verify(c, r) == nil {
		return nil
	}
	return err
}

// quads checks a signature over the digests of options and document.
func (c *Checker) quads(r reading) error {
	var room [maxDigests]byte
	digests, err := c.optionsSum(room[:0], r)
	if err != nil {
		return err
	}
	if digests, err = c.documentSum(digests, r); err != nil {
		return err
	}
	if r.optical != nil {
		sum := sha256.Sum256(r.optical)
		digests = append(digests, sum[:]...)
	}
	return c.check(r.proof, r.key, digests)
}

// optionsSum appends the digest of the proof's options.
func (c *Checker) optionsSum(dst []byte, r reading) ([]byte, error) {
	known := r.proof.options.of(r)
	if !known.done {
		known.keep(c, r, c.options(r))
	}
	return known.append(dst)
}

// documentSum appends the digest of the document.
func (c *Checker) documentSum(dst []byte, r reading) ([]byte, error) {
	if len(r.proof.Previous) > 0 { // a document of its own
		err := c.document(r, nil)
		return c.sum(dst, r.key), err
	}
	known := r.proof.document.of(r)
	if !known.done {
		known.keep(c, r, c.document(r, nil))
	}
	return known.append(dst)
}

// options puts the canonical form of the proof without its signature into
// c.buf. It is read in the context of the document.
func (c *Checker) options(r reading) (err error) {
	c.buf, err = c.rdf.Canonical(c.buf[:0], r.proof.Value, rdf.Options{
		Without: "proofValue", Context: r.doc.Get("@context"), Append: r.terms, Older: r.older, Hash: r.hash,
	})
	return err
}

// document puts the canonical form of the document without its proofs, but
// for those that the proof signs along, into c.buf. label, if not nil, names
// the blank nodes.
func (c *Checker) document(r reading, label func([]byte, int) ([]byte, error)) error {
	earlier, err := previous(r.doc, r.proof)
	if err != nil {
		return err
	}
	c.buf, err = c.rdf.Canonical(c.buf[:0], r.doc, rdf.Options{
		Without: "proof", Set: earlier, Older: r.older, Hash: r.hash, Label: label,
	})
	return err
}

func hashOf(k *key.Key) rdf.Hash {
	if k.Kind() == key.P384 {
		return rdf.SHA384
	}
	return rdf.SHA256
}
