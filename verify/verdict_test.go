package verify

import (
	"testing"
	"time"

	"badgekiosk/verify/reason"
)

var (
	pass = Finding{State: Pass}
	good = Axes{Signature: pass, Issuer: pass, Status: pass, Time: pass, Presenter: Finding{Code: reason.PNotAsked}}
)

// with is a good report with one axis changed, its code among the codes.
func with(axis func(*Axes) *Finding, state State, code reason.Code, more ...reason.Code) Report {
	r := Report{Axes: good, Codes: more}
	*axis(&r.Axes) = Finding{State: state, Code: code}
	if code != "" {
		r.Codes = append(r.Codes, code)
	}
	r.Codes = reason.Sort(r.Codes)
	return r
}

func signature(a *Axes) *Finding { return &a.Signature }
func issuer(a *Axes) *Finding    { return &a.Issuer }
func withdrawal(a *Axes) *Finding {
	return &a.Status
}
func times(a *Axes) *Finding     { return &a.Time }
func presenter(a *Axes) *Finding { return &a.Presenter }

// TestRules has at least one report for every line of the rules, and for
// every pair of neighbours one in which the upper line must win.
func TestRules(t *testing.T) {
	expired := func(r Report) Report {
		r.Axes.Time = Finding{State: Fail, Code: reason.TExpired}
		r.Codes = reason.Sort(append(r.Codes, reason.TExpired))
		return r
	}
	for _, c := range []struct {
		says     string
		report   Report
		want     Verdict
		specimen Verdict
	}{
		{"everything good", Report{Axes: good}, Verified, Demo},
		{"nothing known at all", Report{}, CannotTell, CannotTell},

		{"a link", Report{Codes: []reason.Code{reason.QLink}}, CannotTell, CannotTell},
		{"not a badge", Report{Codes: []reason.Code{reason.QNotBadge}}, CannotTell, CannotTell},
		{"changed", with(signature, Fail, reason.SInvalid), NotVerified, NotVerified},
		{"holds more than was signed", with(signature, Fail, reason.SUncovered), NotVerified, NotVerified},
		{"base proof", with(signature, Fail, reason.SBase), NotVerified, NotVerified},
		{"other purpose", with(signature, Fail, reason.SPurpose), NotVerified, NotVerified},
		{"stolen key", with(issuer, Unknown, reason.KCompromised), CannotTell, CannotTell},
		{"stolen key, expired", expired(with(issuer, Unknown, reason.KCompromised)), CannotTell, CannotTell},
		{"another's key", with(issuer, Fail, reason.KForeign), NotVerified, NotVerified},
		{"key not here", with(signature, Unknown, reason.KUnknown), CannotTell, CannotTell},
		{"key not here, expired", expired(with(signature, Unknown, reason.KUnknown)), CannotTell, CannotTell},
		{"suite not known", with(signature, Unknown, reason.SUnsupported), CannotTell, CannotTell},
		{"context not known", with(signature, Unknown, reason.SContext), CannotTell, CannotTell},
		{"nothing signed", with(signature, Unknown, reason.SNoProof), CannotTell, CannotTell},
		{"malformed", with(signature, Unknown, reason.SMalformed), CannotTell, CannotTell},
		{"not listed", with(issuer, Unknown, reason.INotListed), CannotTell, CannotTell},
		{"not listed, expired", expired(with(issuer, Unknown, reason.INotListed)), CannotTell, CannotTell},
		{"look-alike", with(issuer, Unknown, reason.ILookalike), CannotTell, CannotTell},
		{"not accepted here", with(issuer, Unknown, reason.INotHere), CannotTell, CannotTell},
		{"revoked", with(withdrawal, Fail, reason.RRevoked), NotVerified, NotVerified},
		{"withdrawn by the member", with(withdrawal, Fail, reason.RWithdrawn), NotVerified, NotVerified},
		{"expired", with(times, Fail, reason.TExpired), NotVerified, NotVerified},
		{"not yet valid", with(times, Fail, reason.TFuture), NotVerified, NotVerified},
		{"suspended, expired", expired(with(withdrawal, Fail, reason.RSuspended)), NotVerified, NotVerified},
		{"suspended", with(withdrawal, Fail, reason.RSuspended), Check, Demo},
		{"no list", with(withdrawal, Unknown, reason.RNoList), Check, Demo},
		{"bad list", with(withdrawal, Unknown, reason.RBadList), Check, Demo},
		{"stale list", with(withdrawal, Unknown, reason.RStale), Check, Demo},
		{"list too old", with(withdrawal, Unknown, reason.RTooOld), Check, Demo},
		{"keys too old", with(issuer, Unknown, reason.KOld), Check, Demo},
		{"clock not certain", with(times, Unknown, reason.TUnsure), Check, Demo},
		{"wrong answer", with(presenter, Fail, reason.PWrong), Check, Demo},
		{"no list named", with(withdrawal, Pass, reason.RNone), Verified, Demo},
		{"notes", with(withdrawal, Pass, reason.RNoted, reason.TNoClock, reason.BStale, reason.BUnsealed, reason.TCreated, reason.SPartial), Verified, Demo},
		{"shown by its holder", with(presenter, Pass, reason.PHolder), Verified, Demo},
	} {
		if got := verdict(&c.report, false); got != c.want {
			t.Errorf("%s: %s, want %s", c.says, got, c.want)
		}
		if got := verdict(&c.report, true); got != c.specimen {
			t.Errorf("%s, of a specimen issuer: %s, want %s", c.says, got, c.specimen)
		}
	}
}

// TestVerifiedNeedsEveryAxis holds that no unknown or failed axis, whatever
// code comes with it, ever leads to VERIFIED.
func TestVerifiedNeedsEveryAxis(t *testing.T) {
	for _, axis := range []func(*Axes) *Finding{signature, issuer, withdrawal, times} {
		for _, state := range []State{Unknown, Fail} {
			for _, e := range append(reason.All, reason.Entry{}) {
				if r := with(axis, state, e.Code); verdict(&r, false) == Verified {
					t.Errorf("%s with %s: verified", state, e.Code)
				}
			}
		}
	}
}

// TestEffects holds that each code, alone on a report that is otherwise good,
// has the effect that the list of reasons states.
func TestEffects(t *testing.T) {
	want := map[reason.Effect]Verdict{reason.Note: Verified, reason.Check: Check, reason.CannotTell: CannotTell, reason.NotVerified: NotVerified}
	axes := map[reason.Axis]func(*Axes) *Finding{reason.Signature: signature, reason.Issuer: issuer, reason.Status: withdrawal, reason.Time: times, reason.Presenter: presenter}
	states := map[reason.Effect]State{reason.Note: Pass, reason.NotVerified: Fail}
	for _, e := range reason.All {
		if e.Effect == reason.Refused {
			continue
		}
		r := Report{Axes: good, Codes: []reason.Code{e.Code}}
		if axis := axes[e.Axis]; axis != nil {
			r = with(axis, states[e.Effect], e.Code)
		}
		if got := verdict(&r, false); got != want[e.Effect] {
			t.Errorf("%s alone: %s, want %s", e.Code, got, want[e.Effect])
		}
	}
}

func TestWorst(t *testing.T) {
	all := []Report{{Verdict: Verified}, {Verdict: Demo}, {Verdict: Check}, {Verdict: CannotTell}, {Verdict: NotVerified}}
	for n := 1; n <= len(all); n++ {
		if got := worst(all[:n]); got.Verdict != all[n-1].Verdict {
			t.Errorf("worst of %d: %s, want %s", n, got.Verdict, all[n-1].Verdict)
		}
	}
}

// TestTime walks a badge's dates past a clock that is certain and one that
// may be anywhere in ten days.
func TestTime(t *testing.T) {
	d := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	open := time.Time{}
	sure, unsure := At(d(15)), Moment{Earliest: d(10), Latest: d(20)}
	for _, c := range []struct {
		span         span
		sure, unsure reason.Code
	}{
		{span{open, open}, "", ""},
		{span{d(1), d(30)}, "", ""},
		{span{open, d(9)}, reason.TExpired, reason.TExpired},
		{span{open, d(10)}, reason.TExpired, reason.TUnsure},
		{span{open, d(15)}, "", reason.TUnsure},
		{span{open, d(19)}, "", reason.TUnsure},
		{span{open, d(20)}, "", ""},
		{span{d(10), open}, "", ""},
		{span{d(11), open}, "", reason.TUnsure},
		{span{d(15), open}, "", reason.TUnsure},
		{span{d(20), open}, reason.TFuture, reason.TUnsure},
		{span{d(21), open}, reason.TFuture, reason.TFuture},
		{span{d(21), d(9)}, reason.TExpired, reason.TExpired},
	} {
		if got := sure.judge(c.span); got.Code != c.sure || (got.State == Pass) != (c.sure == "") {
			t.Errorf("%v on the 15th: %v %q, want %q", c.span, got.State, got.Code, c.sure)
		}
		if got := unsure.judge(c.span); got.Code != c.unsure || (got.State == Pass) != (c.unsure == "") {
			t.Errorf("%v between the 10th and the 20th: %v %q, want %q", c.span, got.State, got.Code, c.unsure)
		}
	}
}
