package proof

import (
	"bytes"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// jcs verifies eddsa-jcs-2022 and ecdsa-jcs-2019: a signature over the
// digests of the canonical JSON of the proof's options and the document.
//
// The proof holds the document's @context as it was signed. The suites let a
// document name further ones behind those; they would not be signed, so here
// they are S-UNCOVERED.
//
// Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3; Data
// Integrity ECDSA Cryptosuites v1.0, section 3.3.
func (c *Checker) jcs(doc ijson.Value, p *Proof, k *key.Key) (err error) {
	if own := p.Value.Get("@context"); own.Exists() && !equal(own, doc.Get("@context")) {
		return reason.Errorf(reason.SUncovered, "proof: the document's @context is not the one that was signed")
	}
	edit := ijson.Edit{Drop: []string{"proof"}}
	if edit.Set, err = previous(doc, p); err != nil {
		return err
	}
	var room [maxDigests]byte
	if c.buf, err = ijson.AppendCanonical(c.buf[:0], p.Value, "proofValue"); err != nil {
		return err
	}
	digests := c.sum(room[:0], k)
	if c.buf, err = ijson.AppendEdited(c.buf[:0], doc, edit); err != nil {
		return err
	}
	return c.check(p, k, c.sum(digests, k))
}

// equal tells that two values are the same, however they are written.
func equal(a, b ijson.Value) bool {
	if bytes.Equal(a.Raw(), b.Raw()) {
		return true
	}
	x, err := ijson.AppendCanonical(nil, a)
	if err != nil {
		return false
	}
	y, err := ijson.AppendCanonical(nil, b)
	return err == nil && bytes.Equal(x, y)
}
