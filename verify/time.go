package verify

import (
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/xsd"
)

// A span is from when to when something is valid, both included. Zero is
// open on that side.
type span struct{ from, until time.Time }

// narrow makes the span end where the other does, if that is earlier, and
// begin where the other does, if that is later.
func (s *span) narrow(from, until time.Time) {
	if from.After(s.from) {
		s.from = from
	}
	if !until.IsZero() && (s.until.IsZero() || until.Before(s.until)) {
		s.until = until
	}
}

// judge asks whether s holds at every instant that m may be: if not, it
// certainly does not (T-EXPIRED, T-FUTURE), or nobody can tell (T-UNSURE).
//
// A badge that has expired for certain is said to have, also where the same
// clock cannot tell whether it has begun.
func (m Moment) judge(s span) Finding {
	switch {
	case !s.until.IsZero() && s.until.Before(m.Earliest):
		return Finding{State: Fail, Code: reason.TExpired}
	case s.from.After(m.Latest):
		return Finding{State: Fail, Code: reason.TFuture}
	case !s.until.IsZero() && s.until.Before(m.Latest), s.from.After(m.Earliest):
		return Finding{State: Unknown, Code: reason.TUnsure}
	}
	return Finding{State: Pass}
}

// lifetime reads how long a credential says it is valid. Those of the data
// model 1.1 say issuanceDate and expirationDate, later ones validFrom and
// validUntil; a credential that says both is held to both. The error is
// S-MALFORMED for a date that is none.
//
// Source: W3C VC Data Model v2.0, section 4.9; v1.1, sections 4.6 and 4.7.
func lifetime(credential ijson.Value) (s span, err error) {
	for _, name := range []string{"validFrom", "issuanceDate"} {
		at, err := date(credential, name)
		if err != nil {
			return s, err
		}
		s.narrow(at, time.Time{})
	}
	for _, name := range []string{"validUntil", "expirationDate"} {
		at, err := date(credential, name)
		if err != nil {
			return s, err
		}
		s.narrow(time.Time{}, at)
	}
	return s, nil
}

// date reads a member that is a date, zero if it is not there: null is as good
// as nothing to JSON-LD, and some issuers write it.
func date(v ijson.Value, name string) (time.Time, error) {
	d := v.Get(name)
	if !d.Exists() || d.Kind() == ijson.Null {
		return time.Time{}, nil
	}
	t, err := xsd.Time(d.Str())
	if err != nil {
		return t, reason.Errorf(reason.SMalformed, "%s: %w", name, err)
	}
	return t, nil
}
