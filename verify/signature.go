package verify

import (
	"time"

	"badgekiosk/verify/key"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// An opened lock says which key fitted, and whose it is.
type opened struct {
	lock *lock
	key  *key.Key
	// listing is the entry under which the trust set lists the key, nil if
	// the identifier contains it and nobody lists it.
	listing *trust.Key
	code    reason.Code // why it does not count, empty if it does
}

// scope is how much of its arrays the badge's signature covers.
func (o opened) scope() proof.Scope {
	if o.lock == nil {
		return proof.Selected
	}
	return o.lock.scope
}

// unlock tries one lock of a credential by issuer.
//
// The code is empty when a key of that issuer fits; K-FOREIGN when only
// somebody else's does; K-COMPROMISED when it does but was reported stolen;
// K-UNKNOWN when the key is not held here, or not for that date; otherwise
// what the check itself says.
func (j *judgement) unlock(l *lock, issuer string, made time.Time) opened {
	o := opened{lock: l, code: reason.KUnknown}
	if l.fault != nil {
		o.code = reason.CodeOf(l.fault, reason.SMalformed)
		return o
	}
	if j.budget.checks < 0 {
		o.code = reason.QTooBig
		return o
	}
	candidates, err := j.candidates(l, issuer)
	if err != nil {
		o.code = reason.CodeOf(err, reason.SMalformed)
		return o
	}
	for _, c := range candidates {
		if j.budget.checks < 0 {
			break
		}
		k, cost := j.v.prepared.key(c)
		err := j.budget.affords(cost)
		if err == nil {
			err = l.signed.Verify(k)
		}
		if err == nil && !l.expires.IsZero() && l.expires.Before(j.ask.At.Earliest) {
			err = reason.Errorf(reason.SPurpose, "the proof expired on %s", l.expires)
		}
		if err == nil {
			return j.owned(opened{lock: l, key: c.key, listing: c.listing}, issuer, made)
		}
		code := reason.CodeOf(err, reason.SMalformed)
		if code != reason.SInvalid || c.certain {
			o.code = code // of the last one tried: they differ only for S-INVALID
		}
	}
	return o
}

// order says which of several locks speaks for the credential: one that
// opened, else one that proves it false, else what could not be checked, and
// somebody else's signature last, since it may stand beside the issuer's.
var order = map[reason.Code]int{
	"": 0, reason.SInvalid: 1, reason.SUncovered: 2, reason.SPurpose: 3, reason.SBase: 4, reason.KCompromised: 5,
	reason.KForeign: 100,
}

const unordered = 50

func rankOf(c reason.Code) int {
	if n, ok := order[c]; ok {
		return n
	}
	return unordered
}

// signature judges the signature axis, and returns the lock that speaks.
func (j *judgement) signature(c *credential) opened {
	if c.assertion != nil && c.hosted != nil {
		return j.standing(c)
	}
	if len(c.locks) == 0 {
		f := Finding{Code: reason.SNoProof}
		if c.fault != nil {
			f = faulty(c.fault, f)
		}
		j.find(&j.Axes.Signature, f)
		return opened{code: f.Code}
	}
	var best opened
	partial := false
	for i := range c.locks {
		o := j.unlock(&c.locks[i], c.issuer, firstTime(c.locks[i].made, c.made, c.valid.from))
		if i == 0 || rankOf(o.code) < rankOf(best.code) {
			best = o
		}
		if o.code != "" && len(c.locks) > 1 {
			partial = true
		}
	}
	if best.code == "" && partial {
		j.add(reason.SPartial)
	}
	j.Format = best.lock.format
	f := signatureFinding(best.code, j.set.Issued)
	if c.fault != nil && f.State != Fail {
		f = faulty(c.fault, f)
	}
	j.find(&j.Axes.Signature, f)
	return best
}

// standing judges a hosted badge: the copy of what stands at its address is
// its signature, if the address is one of the issuer's.
func (j *judgement) standing(c *credential) opened {
	j.Format = c.format
	o := opened{lock: &lock{format: c.format}}
	switch {
	case c.issuer == "" || !j.lists(c.issuer, c.hosted.Member):
		o.code = reason.KUnknown
	case !c.hostedHere():
		o.code = reason.KForeign
	}
	f := signatureFinding(o.code, j.set.Issued)
	if c.fault != nil {
		f = faulty(c.fault, f)
	}
	j.find(&j.Axes.Signature, f)
	return o
}

// signatureFinding says what a lock's outcome means for the signature: the
// codes of the issuer axis leave it a good signature, of whoever.
func signatureFinding(code reason.Code, keys time.Time) Finding {
	e, _ := reason.Of(code)
	switch {
	case code == "" || e.Axis == reason.Issuer:
		return Finding{State: Pass}
	case e.Effect == reason.NotVerified:
		return Finding{State: Fail, Code: code}
	case code == reason.KUnknown:
		return Finding{Code: code, AsOf: keys}
	}
	return Finding{Code: code}
}

// faulty says what a fault of the document means, whose signature is f: what
// contradicts itself, and is signed, fails; anything else cannot be judged.
func faulty(fault error, f Finding) Finding {
	code := reason.CodeOf(fault, reason.SMalformed)
	switch e, _ := reason.Of(code); {
	case e.Effect != reason.NotVerified:
		return Finding{Code: code}
	case f.State == Pass:
		return Finding{State: Fail, Code: code}
	}
	return f
}

// firstTime is the first of several times that is one.
func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
