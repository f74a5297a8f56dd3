package verify

import (
	"slices"

	"badgekiosk/verify/ijson"
)

// endorsements judges who vouches for a badge, its achievement or its issuer,
// and returns the names of listed issuers whose endorsement is VERIFIED. One
// that is not says nothing, for or against.
//
// Source: Open Badges 3.0, section 9.3 (verification, step 6) and B.1.8,
// EndorsementCredential.
func (j *judgement) endorsements(c *credential, depth int) (names []string) {
	subject := first(c.value.Get("credentialSubject"))
	issuer, achievement := c.value.Get("issuer"), first(subject.Get("achievement"))
	for _, of := range []ijson.Value{c.value, issuer, achievement} {
		for _, member := range []string{"endorsement", "endorsementJwt"} {
			for item := range some(of.Get(member)) {
				for _, r := range j.item(item, depth+1) {
					name := r.Axes.Issuer.Name
					if r.Verdict == Verified && r.Badge.Type == endorsementType && name != "" && r.endorses(c, achievement) && !slices.Contains(names, name) {
						names = append(names, name)
					}
				}
			}
		}
	}
	return names
}

const endorsementType = "EndorsementCredential"

// endorses tells whether an endorsement is about this badge: the badge
// itself, its achievement or its issuer.
func (r *Report) endorses(c *credential, achievement ijson.Value) bool {
	return r.about != "" && slices.Contains([]string{c.id, c.issuer, achievement.Get("id").Str()}, r.about)
}

// inner judges the badges inside a comprehensive learner record, each by
// itself.
//
// Source: 1EdTech Comprehensive Learner Record 2.0, ClrSubject.
func (j *judgement) inner(c *credential, depth int) (all []Report) {
	if !has(c.value.Get("type"), "ClrCredential") {
		return nil
	}
	for item := range first(c.value.Get("credentialSubject")).Get("verifiableCredential").Each() {
		if j.left <= 0 {
			return append(all, j.refuse(errMany)...)
		}
		all = append(all, j.item(item, depth+1)...)
	}
	return all
}
