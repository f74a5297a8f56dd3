package verify

import (
	"strings"

	"badgekiosk/verify/cose"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/sdjwt"
	"badgekiosk/verify/wire"
)

// readCredential reads the one credential of a document that nobody presents:
// a status list.
func (c *court) readCredential(doc wire.Document) (*credential, error) {
	switch doc.Form {
	case wire.JWT:
		t, err := c.memory.token(doc.Data)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(strings.TrimPrefix(t.Typ, "application/"), "statuslist+jwt") {
			claims, err := c.claims(t)
			return c.statusToken(claims, err, lock{method: t.Kid, signed: t}, t.JWK, t.X5C)
		}
		cred, _, err := c.fromToken(t)
		return cred, err
	case wire.COSE:
		m, err := cose.Parse(doc.Data)
		if err != nil {
			return nil, err
		}
		if m.IsStatusList() {
			claims, err := m.StatusList()
			return c.statusToken(claims, err, lock{method: m.Kid, signed: m}, m.X5C)
		}
		cred, _, err := c.fromMessage(m)
		return cred, err
	case wire.JSON:
		v, err := c.parse(doc.Data)
		if err != nil {
			return nil, err
		}
		if kindOf(v) == enveloped {
			inner, err := wire.Inside(v.Get("id").Bytes())
			if err != nil || inner.Form == wire.JSON {
				return nil, reason.Errorf(reason.SMalformed, "an envelope around no token")
			}
			return c.readCredential(inner)
		}
		return c.integrity(v), nil
	}
	return nil, reason.Errorf(reason.SUnsupported, "a %s is not judged here", doc.Form)
}

// statusToken reads the claims of a Status List Token, behind its one lock;
// keys came with it. One that does not say whose it is, is its whose key it
// names or carries.
//
// Source: draft-ietf-oauth-status-list, section 5.
func (c *court) statusToken(claims ijson.Value, err error, l lock, keys ...*key.Key) (*credential, error) {
	if err != nil {
		return nil, err
	}
	vc, err := jose.Secured("jwt", false, claims)
	if vc == nil {
		return nil, err
	}
	vc.Issuer, vc.ID = claims.Get("iss").Str(), claims.Get("sub").Str()
	cred := c.behind(l, vc, err, keys...)
	cred.issuer = firstText(cred.issuer, c.whose(&cred.locks[0]))
	cred.vct = true // claims of its own, not those of the data model
	return cred, nil
}

// whose is the listed issuer of the key that a lock names, contains or
// carries; empty if nobody lists it.
func (c *court) whose(l *lock) string {
	listed := c.set.ByID(l.method)
	if key.Contains(l.method) {
		if k, _, err := key.FromDIDURL(l.method); err == nil {
			listed = c.set.Holders(k)
		}
	}
	for _, k := range l.carried {
		listed = append(listed[:len(listed):len(listed)], c.set.Holders(k)...)
	}
	if len(listed) == 0 {
		return ""
	}
	return listed[0].Issuer.IDs[0]
}

// Signature is the signature of the one badge in a payload, which its consent
// is kept under. The error is for what holds no signed badge.
func Signature(payload []byte) ([]byte, error) {
	v := new(Verifier)
	c := court{v: v, memory: &memory{budget: budgetFor(len(payload))}}
	doc, err := wire.Open(payload)
	if err != nil {
		return nil, err
	}
	cred, err := c.readSigned(doc)
	if err != nil {
		return nil, err
	}
	for _, l := range cred.locks {
		if len(l.signature) > 0 {
			return append([]byte(nil), l.signature...), nil
		}
	}
	return nil, reason.Errorf(reason.SNoProof, "no signature that consent could be kept under")
}

// readSigned is readCredential for badges too, in all the forms that they
// come in.
func (c *court) readSigned(doc wire.Document) (*credential, error) {
	if doc.Form != wire.SDJWT {
		return c.readCredential(doc)
	}
	t, err := sdjwt.Parse(doc.Data)
	if err != nil {
		return nil, err
	}
	cred, _, err := c.fromSelective(t)
	return cred, err
}

// proofValue is the signature in a proof, as a text.
func proofValue(p ijson.Value) []byte {
	for _, member := range []string{"proofValue", "jws", "signatureValue"} {
		if v := p.Get(member); v.Exists() {
			return v.Bytes()
		}
	}
	return nil
}
