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
	cred := &credential{value: v, format: "none", issuer: idOf(v.Get(owner)), id: v.Get("id").Str()}
	cred.locks = cred.first[:0]
	proofs, err := proof.List(v)
	if err != nil {
		cred.fault = err
	}
	for i := range proofs {
		p := &proofs[i]
		cred.locks = append(cred.locks, lock{
			format: p.Format(), signature: proofValue(p.Value), method: p.Method, made: p.Created, expires: p.Expires, nonce: p.Challenge, audience: p.Domain,
			check: func(k *key.Key) error { return c.checker().Verify(v, p, k) },
		})
		if !proof.Supports(p.Suite()) {
			cred.locks[i].fault = reason.Errorf(reason.SUnsupported, "cryptosuite %.60q", p.Suite())
		}
	}
	return cred
}
