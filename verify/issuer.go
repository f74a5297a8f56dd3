package verify

import (
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// issuerAxis judges whether the badge is of an issuer that this kiosk lists
// and accepts. o is the signature that speaks for the badge.
func (j *judgement) issuerAxis(c *credential, o opened) {
	j.listing = j.listed(c, o)
	switch {
	case o.code == reason.KForeign:
		j.find(&j.Axes.Issuer, Finding{State: Fail, Code: reason.KForeign})
		return
	case o.code == reason.KCompromised:
		j.find(&j.Axes.Issuer, Finding{Code: reason.KCompromised, Name: o.listing.Issuer.Name})
		return
	case j.Axes.Signature.State == Fail:
		return // the document was changed: whom it names means nothing
	case j.listing == nil:
		j.stranger(c)
		return
	}
	f := Finding{Name: j.listing.Name}
	by, accepted := j.accepts(j.listing)
	switch {
	case !accepted:
		f.Code, f.By = reason.INotHere, by
	case !j.takes(c):
		f.Code = reason.IKind
	case j.Axes.Signature.State != Pass:
		// It says it is this issuer's; nothing has proved it.
	case j.keysTooOld():
		f.Code = reason.KOld
	default:
		f.State = Pass
	}
	j.find(&j.Axes.Issuer, f)
}

// listed is the listing that the badge's key belongs to, or, where no key
// fitted, the first one of the issuer that the badge names.
func (j *judgement) listed(c *credential, o opened) *trust.Issuer {
	if o.listing != nil && o.listing.Issuer.Is(c.issuer) {
		return o.listing.Issuer
	}
	if all := j.set.Listed(c.issuer); len(all) > 0 {
		return all[0]
	}
	return nil
}

// stranger tells an issuer that is only not listed from one whose name could
// be taken for a listed one's.
func (j *judgement) stranger(c *credential) {
	name := c.value.Get("issuer").Get("name").Str()
	f := Finding{Code: reason.INotListed}
	if i := j.set.Lookalike(name); i != nil {
		f = Finding{Code: reason.ILookalike, Name: i.Name}
	}
	j.find(&j.Axes.Issuer, f)
}

// accepts tells whether this kiosk accepts badges of i, and who says no: the
// set's policy and the kiosk's own settings must both allow its member.
func (j *judgement) accepts(i *trust.Issuer) (by string, ok bool) {
	allows := func(only []string) bool { return only == nil || slices.Contains(only, i.Member.ID) }
	if !allows(j.set.Policy.Accepts) {
		return j.set.Name, false
	}
	return "", allows(j.v.Accepts)
}

// takes tells whether this kiosk accepts badges of this kind: a type that the
// credential names, its vct, or its achievement's kind.
func (j *judgement) takes(c *credential) bool {
	only := j.set.Policy.Types
	if only == nil {
		return true
	}
	has := func(v ijson.Value) bool {
		for kind := range v.Each() {
			if slices.Contains(only, kind.Str()) {
				return true
			}
		}
		return false
	}
	return has(c.value.Get("type")) || has(c.value.Get("vct")) ||
		has(first(first(c.value.Get("credentialSubject")).Get("achievement")).Get("achievementType"))
}

// keysTooOld tells whether the trust set may be older than its own policy
// lets its keys be.
func (j *judgement) keysTooOld() bool {
	issued := j.set.Issued
	return !issued.IsZero() && j.ask.At.Latest.Sub(issued) > j.set.Policy.Keys
}
