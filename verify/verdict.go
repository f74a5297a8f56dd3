package verify

import "badgekiosk/verify/reason"

// A rule is one line of the list that turns axes into a verdict.
type rule struct {
	says    string
	fits    func(*Report) bool
	verdict Verdict
}

// rules are the verdicts, in order: the first line that fits decides. Each
// line rests on the ones above it: a badge that reaches "withdrawn" has a
// good signature by a listed issuer.
var rules = []rule{
	{"not a credential, a link, a part of one, unreadable", unread, CannotTell},
	{"the proof fails, or the document holds what it does not cover", forged, NotVerified},
	{"the key was reported stolen", stolen, CannotTell},
	{"the key is certainly another's", foreign, NotVerified},
	{"the proof could not be checked here", unproven, CannotTell},
	{"the issuer is not listed, or not accepted here", stranger, CannotTell},
	{"withdrawn, expired, not yet valid", void, NotVerified},
	{"suspended, status or time not known, presenter answered wrongly", doubtful, Check},
	{"genuine, listed, not withdrawn, in its time", sound, Verified},
}

// verdict is that of the first rule that fits. No rule at all is CannotTell.
// A specimen's Check or Verified is Demo.
func verdict(r *Report, specimen bool) Verdict {
	for _, rule := range rules {
		if !rule.fits(r) {
			continue
		}
		if specimen && (rule.verdict == Check || rule.verdict == Verified) {
			return Demo
		}
		return rule.verdict
	}
	return CannotTell
}

func unread(r *Report) bool { return r.any(reason.Scan, reason.CannotTell) }

func forged(r *Report) bool { return r.Axes.Signature.State == Fail }

func stolen(r *Report) bool { return r.Has(reason.KCompromised) }

func foreign(r *Report) bool { return r.Axes.Issuer.State == Fail }

func unproven(r *Report) bool {
	return r.Axes.Signature.State != Pass || r.any(reason.Signature, reason.CannotTell)
}

func stranger(r *Report) bool {
	return r.any(reason.Issuer, reason.CannotTell) || r.Axes.Issuer.State != Pass && !r.any(reason.Issuer, reason.Check)
}

func void(r *Report) bool {
	return r.any(reason.Status, reason.NotVerified) || r.any(reason.Time, reason.NotVerified)
}

func doubtful(r *Report) bool {
	for _, c := range r.Codes {
		if e, _ := reason.Of(c); e.Effect == reason.Check {
			return true
		}
	}
	return r.Axes.Status.State != Pass || r.Axes.Time.State != Pass || r.Axes.Presenter.State == Fail
}

func sound(r *Report) bool {
	a := r.Axes
	return a.Signature.State == Pass && a.Issuer.State == Pass && a.Status.State == Pass && a.Time.State == Pass
}

// any tells whether the report has a code on axis with this effect.
func (r *Report) any(axis reason.Axis, effect reason.Effect) bool {
	for _, c := range r.Codes {
		if e, ok := reason.Of(c); ok && e.Axis == axis && e.Effect == effect {
			return true
		}
	}
	return false
}

// worse orders verdicts for a payload of several credentials: the worst
// stands for all.
var worse = map[Verdict]int{NotVerified: 0, CannotTell: 1, Check: 2, Demo: 3, Verified: 4}

// worst is the gravest of several reports, the first of equals.
func worst(all []Report) *Report {
	lead := &all[0]
	for i := range all {
		if worse[all[i].Verdict] < worse[lead.Verdict] {
			lead = &all[i]
		}
	}
	return lead
}
