package verify

import (
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/reason"
)

// integrity reads a credential that is secured by embedded proofs. One
// without any has no locks.
func (c *court) integrity(v ijson.Value) *credential {
	return c.proven(v, "issuer")
}

// integrityHolder reads the proofs of a presentation, which are its holder's.
func (c *court) integrityHolder(v ijson.Value) *credential {
	return c.proven(v, "holder")
}

func (c *court) proven(v ijson.Value, owner string) *credential {
	cred := c.newCredential()
	cred.value, cred.format, cred.issuer, cred.id = v, "none", idOf(v.Get(owner)), v.Get("id").Str()
	proofs, err := c.listProofs(v)
	if err != nil {
		cred.fault = err
	}
	signed := cred.proof[:]
	if cred.locks = cred.first[:0]; len(proofs) > 1 {
		signed = make([]embedded, len(proofs))
	}
	for i := range proofs {
		p := &proofs[i]
		signed[i] = embedded{c, v, p}
		cred.locks = append(cred.locks, lock{
			format: p.Format(), signature: proofValue(p.Value), method: p.Method, made: p.Created, expires: p.Expires, nonce: p.Challenge, audience: p.Domain,
			scope: p.Scope(), signed: &signed[i],
		})
		if !proof.Supports(p.Suite()) {
			cred.locks[i].fault = reason.Errorf(reason.SUnsupported, "cryptosuite %.60q", p.Suite())
		}
	}
	return cred
}

// An embedded proof with the document that it stands in.
type embedded struct {
	court *court
	doc   ijson.Value
	*proof.Proof
}

// Verify checks the proof under k.
func (e *embedded) Verify(k *key.Key) error { return e.court.checker().Verify(e.doc, e.Proof, k) }
