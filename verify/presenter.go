package verify

import "badgekiosk/verify/reason"

// presenter judges who holds the badge, by the signature on the presentation
// around it.
//
// Nobody asked, so a good signature says nothing here: it may have been made
// for another verifier. A wrong one says that the presentation was changed.
func (c *court) presenter(holder *credential) Finding {
	j := &judgement{court: c}
	for i := range holder.locks {
		o := j.unlock(&holder.locks[i], holder.issuer, holder.made)
		if e, _ := reason.Of(o.code); e.Effect == reason.NotVerified {
			return Finding{State: Fail, Code: reason.PWrong}
		}
	}
	return Finding{Code: reason.PNotAsked}
}

// present records who presented the badge, in a report already made.
func (r *Report) present(f Finding) {
	r.Axes.Presenter = f
	if f.Code != reason.PNotAsked {
		r.Codes = reason.Sort(append(r.Codes, f.Code))
	}
	r.Verdict = verdict(r, r.Verdict == Demo)
}
