package proof

import (
	"crypto/sha256"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// ecdsaXI answers for a proof that also signs what is printed beside the
// code, which the code alone does not tell.
func (c *Checker) ecdsaXI(ijson.Value, *Proof, *key.Key) error {
	return reason.Errorf(reason.SExtra, "proof: ecdsa-xi-2023 also signs what is printed on the document")
}

// VerifyOptical is [Checker.Verify] for a proof of the suite ecdsa-xi-2023,
// which also signs optical: what is printed on the document that the code
// stands on, in the form of [Optical]. For any other suite it is Verify.
//
// Source: W3C Verifiable Credential Barcodes v1.0, section 3.3.
func (c *Checker) VerifyOptical(doc ijson.Value, p *Proof, k *key.Key, optical []byte) error {
	if p.Suite() != "ecdsa-xi-2023" {
		return c.Verify(doc, p, k)
	}
	if _, err := suiteFor(doc, p, k); err != nil {
		return err
	}
	if k.Kind() != key.P256 {
		return unsupported("ecdsa-xi-2023 with a %s key", k.Kind())
	}
	return c.read(reading{doc: doc, proof: p, key: k, optical: optical, terms: termsFrom(doc, dataIntegrityV2, credentialsV2, dataIntegrityV1)}, (*Checker).quads)
}

// Optical is the digest by which a proof signs printed lines: the three of a
// machine-readable zone as they stand, or the protected fields of a driving
// licence, each with its three letters, sorted. It depends on which, and on
// their order.
//
// Source: W3C Verifiable Credential Barcodes v1.0, sections 3.4.1, 3.4.2.
func Optical(lines ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n") + "\n"))
	return sum[:]
}
