package proof

import (
	"crypto/sha256"
	"crypto/sha512"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// proofValue decodes the signature: base58btc, as the suites with a plain
// signature have it.
func (c *Checker) proofValue(p *Proof) ([]byte, error) {
	v := p.Value.Get("proofValue")
	if s := v.Bytes(); len(s) == 0 || s[0] != 'z' {
		return nil, malformed("proofValue %.12q is not base58 with its prefix z", v.Bytes())
	}
	sig, err := multibase.Decode(c.sig[:0], v.Bytes())
	c.sig = sig
	return sig, err
}

// sum appends the digest of what is in c.buf: SHA-384 with a P-384 key, else
// SHA-256.
func (c *Checker) sum(dst []byte, k *key.Key) []byte {
	if k.Kind() == key.P384 {
		sum := sha512.Sum384(c.buf)
		return append(dst, sum[:]...)
	}
	sum := sha256.Sum256(c.buf)
	return append(dst, sum[:]...)
}

// maxDigests is room for three digests: of the proof's options, of the
// document and of what lies outside it.
const maxDigests = 3 * sha512.Size384

// check verifies a signature over the digests of options and document.
func (c *Checker) check(p *Proof, k *key.Key, digests []byte) error {
	sig, err := c.proofValue(p)
	if err != nil {
		return err
	}
	return k.Verify(k.Alg(), digests, sig)
}

// previous are the proofs that p signs along with the document.
//
// Source: W3C Verifiable Credential Data Integrity 1.0, section 4.7.
func previous(doc ijson.Value, p *Proof) ([]ijson.Member, error) {
	if len(p.Previous) == 0 {
		return nil, nil
	}
	if len(p.Previous) > MaxProofs {
		return nil, reason.Errorf(reason.QTooBig, "proof: %d previous proofs, at most %d are read", len(p.Previous), MaxProofs)
	}
	var found []ijson.Value
	for _, id := range p.Previous {
		n := len(found)
		for other := range doc.Get("proof").Each() {
			if other != p.Value && other.Get("id").Str() == id && id != "" {
				found = append(found, other)
			}
		}
		if len(found) != n+1 {
			return nil, reason.Errorf(reason.SInvalid, "proof: previousProof %.60q names %d proofs", id, len(found)-n)
		}
	}
	return []ijson.Member{{Name: "proof", List: found}}, nil
}
