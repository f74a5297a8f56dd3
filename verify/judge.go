package verify

import (
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// A judgement is one credential on its way to a report.
type judgement struct {
	*court
	Report
	// listing is how the trust set lists the issuer, nil if it does not.
	listing *trust.Issuer
}

// credential judges one credential on all axes.
//
// What it holds in turn is judged too: the badges of a learner's record, as
// Credentials, and who endorses it.
func (c *court) credential(cred *credential, depth int) []Report {
	if c.left--; c.left < 0 {
		return c.refuse(errMany)
	}
	if c.isList(cred) {
		return nil
	}
	cred.finish()
	j := &c.outer
	if depth > 0 {
		j = new(judgement)
	}
	*j = judgement{court: c}
	j.Codes = make([]reason.Code, 0, usualCodes)
	j.Format, j.Axes.Presenter.Code = "none", reason.PNotAsked
	o := j.signature(cred)
	j.issuerAxis(cred, o)
	if j.Axes.Signature.State != Fail && j.Axes.Issuer.State != Fail {
		j.statusAxis(cred)
		j.timeAxis(cred, o)
		j.Badge = j.badge(cred, o.scope())
		j.Badge.Endorsed = j.endorsements(cred, depth)
		j.Credentials = j.inner(cred, depth)
	}
	j.Codes = reason.Sort(j.Codes)
	if j.Axes.Signature.State == Pass && j.ask.Identity != "" {
		j.Recipient = cred.recipient(j.ask.Identity)
	}
	j.about = first(cred.value.Get("credentialSubject")).Get("id").Str()
	j.HolderKey = j.Axes.Signature.State == Pass && (cred.value.Get("cnf").Get("jwk").Exists() || key.Contains(j.about))
	j.Verdict = verdict(&j.Report, j.listing != nil && j.listing.Specimen)
	if depth > 0 {
		return []Report{j.Report}
	}
	c.only[0] = j.Report // a payload has one credential that is not inside another
	return c.only[:]
}

// usualCodes is room for more codes than most reports carry, with those that
// court.finish adds.
const usualCodes = 8

var errMany = reason.Errorf(reason.QTooBig, "more than %d credentials", maxCredentials)

// timeAxis judges the badge's dates, and those of the signature itself.
func (j *judgement) timeAxis(c *credential, o opened) {
	s := c.valid
	made := c.made
	if o.lock != nil {
		s.narrow(o.lock.valid.from, o.lock.valid.until)
		made = firstTime(o.lock.made, made)
	}
	f := j.ask.At.judge(s)
	if f.State == Pass && o.lock != nil && o.lock.expires.Before(j.ask.At.Latest) && !o.lock.expires.IsZero() {
		f = Finding{Code: reason.TUnsure}
	}
	j.find(&j.Axes.Time, f)
	if made.After(j.ask.At.Latest) {
		j.add(reason.TCreated)
	}
}

// find records what was found on an axis.
func (j *judgement) find(axis *Finding, f Finding) {
	*axis = f
	j.add(f.Code)
}

// add records a code.
func (j *judgement) add(code reason.Code) {
	if code != "" {
		j.Codes = append(j.Codes, code)
	}
}
