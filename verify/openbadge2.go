package verify

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/status"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/xsd"
)

// An assertion is what Open Badges 2.0 (and 1.x) has beside the signed or
// hosted document: the badge class and the issuer's profile that it names.
//
// Source: 1EdTech Open Badges 2.0, sections 4 and 5.
type assertion struct {
	class   ijson.Value
	profile ijson.Value
	// kept is the copy of the profile that stands at its address, where the
	// assertion has one written out: that one may be older than the list of
	// what was revoked.
	kept ijson.Value
	// hosted is the kiosk's copy of what stands at the assertion's own
	// address, nil for one that is signed. For a hosted badge, standing there
	// is what a signature is to others.
	hosted *trust.Document
}

// isAssertion tells whether a document is an Open Badges 2.0 or 1.x
// assertion.
func isAssertion(v ijson.Value) bool {
	if typ := v.Get("type"); typ.Exists() {
		return has(typ, "Assertion")
	}
	return v.Get("badge").Exists() && v.Get("recipient").Exists() && v.Get("verify").Exists()
}

// verification is how the assertion is to be verified: 1.x has another name
// for it.
func verification(v ijson.Value) ijson.Value {
	if m := v.Get("verification"); m.Exists() {
		return m
	}
	return v.Get("verify")
}

// signedAssertion judges an assertion that is the payload of a token.
func (c *court) signedAssertion(t *jose.Token, v ijson.Value, depth int) []Report {
	if m := verification(v); !has(m.Get("type"), "signed") && !has(m.Get("type"), "SignedBadge") {
		return c.refuse(reason.Errorf(reason.SMalformed, "a signed assertion that says it is %.40s", m.Get("type").Raw()))
	}
	cred := c.assertion(v)
	cred.format = "ob2-jws"
	key := firstText(verification(v).Get("creator").Str(), verification(v).Get("url").Str(), t.Kid)
	for _, k := range c.set.ByID(key) {
		cred.issuer = firstText(cred.issuer, k.Issuer.IDs[0]) // where the badge class is not here
	}
	cred.locks = []lock{{format: cred.format, method: key, signed: t, made: cred.made, signature: t.Signature()}}
	return c.credential(cred, depth)
}

// assertion reads what all assertions have.
func (c *court) assertion(v ijson.Value) *credential {
	cred := c.newCredential()
	cred.value, cred.id = v, firstText(v.Get("id").Str(), v.Get("uid").Str())
	if m := verification(v); cred.id == v.Get("uid").Str() && has(m.Get("type"), "hosted") {
		cred.id = firstText(m.Get("url").Str(), cred.id) // of a signed one it is the key's
	}
	a := &assertion{}
	cred.assertion = a
	a.class = c.part(v.Get("badge"), "")
	cred.issuer = firstText(idOf(a.class.Get("issuer")), a.class.Get("issuer").Get("origin").Str()) // the latter in 0.5
	a.profile = c.part(a.class.Get("issuer"), cred.issuer)
	if a.class.Get("issuer").Kind() == ijson.Object {
		a.kept = c.partAt(cred.issuer, cred.issuer)
	}
	if len(c.set.Listed(cred.issuer)) == 0 {
		cred.issuer = firstText(idOf(a.profile), cred.issuer) // an address that is not its own name
	}
	if v.Get("type").Exists() && !hasContext(v.Get("@context")) {
		cred.fault = reason.Errorf(reason.SContext, "context %.80s is not that of Open Badges", v.Get("@context").Raw())
	}
	var err error
	if err = wellFormed(v); err != nil {
		cred.fault = err
	}
	issued := v.Get("issuedOn")
	if isOldest(v) {
		issued = v.Get("issued_on")
	}
	if cred.made, err = dateOrSeconds(issued); err != nil {
		cred.fault = err
	}
	if cred.valid.until, err = dateOrSeconds(v.Get("expires")); err != nil {
		cred.fault = err
	}
	if !cred.valid.until.IsZero() && cred.valid.until.Before(cred.made) {
		cred.fault = reason.Errorf(reason.SMalformed, "it expired before it was issued")
	}
	return cred
}

// part is a part of an assertion: written out in it, or the copy of what
// stands at its address. Of several copies that of a member counts that lists
// the issuer: others have no say in what its badges are.
func (c *court) part(v ijson.Value, issuer string) ijson.Value {
	if v.Kind() == ijson.Object {
		return v
	}
	return c.partAt(v.Str(), issuer)
}

// partAt is the copy of what stands at url.
func (c *court) partAt(url, issuer string) ijson.Value {
	for _, d := range c.set.Document(url) {
		part, err := c.parse(bytes.TrimPrefix(d.Data, []byte("\ufeff")))
		if err != nil || part.Kind() != ijson.Object {
			continue
		}
		for _, owner := range []string{issuer, idOf(part.Get("issuer")), idOf(part)} {
			if c.lists(owner, d.Member) {
				return part
			}
		}
	}
	return ijson.Value{}
}

// hasContext tells whether a @context names that of Open Badges 1.x or 2.0.
func hasContext(v ijson.Value) bool {
	for item := range some(v) {
		if strings.HasPrefix(item.Str(), "https://w3id.org/openbadges/v") {
			return true
		}
	}
	return false
}

// lists tells whether the member lists this issuer.
func (c *court) lists(issuer string, m *trust.Member) bool {
	return slices.ContainsFunc(c.set.Listed(issuer), func(i *trust.Issuer) bool { return i.Member == m })
}

// assertionBadge is what an assertion and its badge class say. The class is
// the issuer's; what it lacks, or all of it, comes from a manifest.
func (j *judgement) assertionBadge(c *credential) Badge {
	b := Badge{
		Name:        prose(c.class.Get("name")),
		Description: prose(c.class.Get("description")),
		Criteria:    prose(c.class.Get("criteria").Get("narrative")),
		Type:        "Assertion",
		Issued:      c.made,
		Until:       c.valid.until,
		IssuerID:    trust.Clean(c.issuer),
		PictureURI:  picture(c.class.Get("image")),
	}
	b.skills(c.class)
	id := idOf(c.value.Get("badge"))
	if j.listing == nil {
		b.Claims = prose(c.profile.Get("name"))
	} else if j.Axes.Signature.State == Pass {
		b.complete(j.set.Manifest(j.listing.Member, id), j.ask.Lang)
	}
	j.reveal(&b, c, func() (Holder, int) {
		h := Holder{Narrative: prose(c.value.Get("narrative"))}
		if id := c.named(); !id.hashed {
			h.Identifier = trust.Clean(id.value)
		}
		return h, countOf(c.value.Get("evidence"))
	})
	return b
}

// dateOrSeconds reads a date as 2.0 has it, or the seconds since 1970 that
// 1.x allows beside it.
func dateOrSeconds(v ijson.Value) (time.Time, error) {
	switch {
	case !v.Exists():
		return time.Time{}, nil
	case v.Kind() == ijson.Number:
		if s, err := strconv.ParseInt(string(v.Raw()), 10, 64); err == nil && s >= 0 && s <= maxSeconds {
			return time.Unix(s, 0).UTC(), nil
		}
	case len(v.Bytes()) == len(time.DateOnly):
		if t, err := time.Parse(time.DateOnly, v.Str()); err == nil {
			return t, nil
		}
	}
	return xsd.Time(v.Str())
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253_402_300_799

// revocations is where an assertion stands in its issuer's list of revoked
// ones. known is false where the profile, which says whether there is a list,
// is not on this kiosk.
func (c *credential) revocations() (entries []status.Entry, known bool) {
	a := c.assertion
	for _, profile := range []ijson.Value{a.profile, a.kept} {
		if url := idOf(first(profile.Get("revocationList"))); url != "" {
			entries = append(entries, status.Entry{Type: status.Revocation2, Purpose: status.Revoke, List: url, ID: c.id, UID: c.value.Get("uid").Str()})
		}
	}
	return entries, a.profile.Exists()
}
