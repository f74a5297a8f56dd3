package verify

import (
	"strings"

	"badgekiosk/verify/jose"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/sdjwt"
)

// selective judges a token whose holder chose what to show of it.
func (c *court) selective(data []byte, depth int) []Report {
	t, err := sdjwt.Parse(data)
	if err != nil {
		return c.refuse(err)
	}
	cred, vc, err := c.fromSelective(t)
	all := c.tokened(cred, vc, err, depth)
	if t.Binding == nil {
		return all
	}
	f := Finding{State: Fail, Code: reason.PWrong}
	if t.Binding.Verify() == nil {
		f = c.answered(answerer{good: true, nonce: t.Binding.Nonce, audience: t.Binding.Audience})
	}
	for i := range all {
		all[i].present(f, "")
	}
	return all
}

// fromSelective reads a token whose holder chose what to show of it. One that
// does not say who issued it, as an SD-JWT VC need not, is its whose key it
// names or carries.
//
// Source: draft-ietf-oauth-sd-jwt-vc, section 3.2.2.2 (iss is optional).
func (c *court) fromSelective(t *sdjwt.Token) (*credential, *jose.VC, error) {
	vc, err := t.VC()
	if vc == nil {
		return nil, nil, err
	}
	cred := c.behind(lock{method: t.JWT.Kid, signed: t, signature: t.JWT.Signature()}, vc, err, t.JWT.JWK, t.JWT.X5C)
	cred.vct, cred.locks[0].scope = t.Claims.Get("vct").Exists(), proof.Selected
	if cred.vct {
		cred.issuer = firstText(cred.issuer, c.whose(&cred.locks[0]))
	}
	return cred, vc, nil
}

// claimsBadge is what an SD-JWT VC says, whose claims no standard names: its
// type, its name where it has one, and what a manifest says of its type.
//
// Source: draft-ietf-oauth-sd-jwt-vc, section 3.2.2.
func (j *judgement) claimsBadge(c *credential) Badge {
	v := c.value
	b := Badge{
		Name:     firstText(prose(v.Get("name")), prose(v.Get("badge").Get("name")), prose(v.Get("achievement").Get("name"))),
		Type:     prose(v.Get("vct")),
		Issued:   c.locks[0].made,
		From:     c.locks[0].valid.from,
		Until:    c.locks[0].valid.until,
		IssuerID: prose(v.Get("iss")),
	}
	if j.listing != nil && j.Axes.Signature.State == Pass {
		b.complete(j.set.Manifest(j.listing.Member, v.Get("vct").Str()), j.ask.Lang)
	}
	j.reveal(&b, c, func() (Holder, int) {
		name := strings.TrimSpace(prose(v.Get("given_name")) + " " + prose(v.Get("family_name")))
		return Holder{Name: name, Identifier: prose(v.Get("sub"))}, 0
	})
	return b
}
