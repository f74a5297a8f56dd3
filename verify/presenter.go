package verify

import (
	"slices"

	"badgekiosk/verify/reason"
)

// A Challenge is what this kiosk asked whoever holds the badge to sign.
//
// Source: W3C Verifiable Credential Data Integrity 1.0, section 2.1
// (challenge, domain); OpenID for Verifiable Presentations 1.0, section 14.1;
// RFC 9901, section 4.3 (nonce, aud).
type Challenge struct {
	Nonce    string // made for this one question
	Audience string // who asks: a domain, or a client identifier
	// Late and Used tell that the answer came too late, or that there was one
	// already. The kiosk knows that; this package reads no clock.
	Late, Used bool
}

// An answerer is a signature by whoever presents a badge.
type answerer struct {
	good     bool
	nonce    string
	audience []string
	holder   string // who signed; empty where the badge itself names the key
}

// presenter judges who holds the badges of a presentation, by the signature
// on it, and says who that is.
//
// Where nobody asked, a good signature says nothing: it may have been made
// for another verifier. A wrong one says that the presentation was changed.
func (c *court) presenter(holder *credential) (f Finding, who string) {
	j := &judgement{court: c}
	answer := answerer{holder: holder.issuer}
	for i := range holder.locks {
		l := &holder.locks[i]
		o := j.unlock(l, holder.issuer, holder.made)
		if e, _ := reason.Of(o.code); e.Effect == reason.NotVerified || holder.fault != nil {
			return Finding{State: Fail, Code: reason.PWrong}, ""
		}
		if o.code == "" {
			answer.good, answer.nonce, answer.audience = true, l.nonce, l.audience
		}
	}
	return c.answered(answer), holder.issuer
}

// answered compares an answer with the question.
func (c *court) answered(a answerer) Finding {
	asked := c.ask.Challenge
	switch {
	case asked == nil:
		return Finding{Code: reason.PNotAsked}
	case !a.good || a.nonce != asked.Nonce || asked.Nonce == "" || !slices.Contains(a.audience, asked.Audience):
		return Finding{State: Fail, Code: reason.PWrong}
	case asked.Used:
		return Finding{State: Fail, Code: reason.PReplay}
	case asked.Late:
		return Finding{State: Fail, Code: reason.PLate}
	}
	return Finding{State: Pass, Code: reason.PHolder}
}

// present records who presented the badge, in a report already made. Only the
// one whom the badge is about is its holder; empty stands for the key that the
// badge itself names.
func (r *Report) present(f Finding, who string) {
	if f.State == Pass && who != "" && who != r.about {
		f = Finding{State: Fail, Code: reason.PWrong}
	}
	r.Axes.Presenter = f
	if f.Code != reason.PNotAsked {
		r.Codes = reason.Sort(append(r.Codes, f.Code))
	}
	r.Verdict = verdict(r, r.Verdict == Demo)
}
