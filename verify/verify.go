// Package verify judges a scanned badge, offline: bytes and a moment in,
// a [Report] out.
//
// It reads no clock, opens no file and cannot reach the network: none of its
// packages imports net, os or os/exec, even indirectly (layout_test.go).
package verify

import (
	"slices"
	"sync"
	"sync/atomic"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// A Verifier judges badges by what a kiosk believes. It serves any number of
// goroutines.
type Verifier struct {
	// Trust is what the kiosk believes; nil believes nothing (B-NONE). It is
	// not changed once the verifier is in use: a new set gets a new one.
	Trust *trust.Set
	// Accepts are the members whose issuers this kiosk accepts, of those that
	// the set's own policy allows; nil accepts all of them.
	Accepts []string

	memories sync.Pool // of *memory
	prepared preparedKeys
	lists    atomic.Pointer[listCache]
}

// Verify judges one scanned payload, or the contents of one file.
//
// There is a report for any bytes at all: what is wrong with them is in it.
// It holds nothing of the payload's memory. Payloads up to 1 MB (pictures
// with a badge in them up to 16 MB) are judged in time proportional to their
// size and within 16 MB of memory, whatever they hold; larger ones are
// Q-TOOBIG.
func (v *Verifier) Verify(payload []byte, ask Ask) Report {
	c := v.court(len(payload), ask)
	defer v.giveBack(c.memory)
	doc, err := wire.OpenWith(payload, c.set.Contexts())
	var reports []Report
	if err != nil {
		reports = c.link(doc, err)
	} else {
		reports = c.document(doc, 0)
	}
	return c.sum(reports, doc.Notes)
}

// court is where a payload of this many bytes is judged, in memory to be given
// back.
func (v *Verifier) court(size int, ask Ask) *court {
	m := v.borrow()
	m.budget = budgetFor(size)
	m.court = court{v: v, set: v.Trust, ask: ask, left: credentialsFor(size), memory: m}
	if m.court.set == nil {
		m.court.set = trust.Nothing(reason.BNone)
	}
	return &m.court
}

// A court judges everything that one payload holds.
type court struct {
	v    *Verifier
	set  *trust.Set
	ask  Ask
	left int // credentials that may still be judged
	// address is the web address that the payload was, empty if it was none.
	address string
	*memory
	staples
}

// sum is one report on all that a payload held: the only one's own, or the
// worst with all of them listed.
func (c *court) sum(reports []Report, notes []reason.Code) Report {
	if len(reports) == 0 {
		reports = c.refuse(errList)
	}
	if len(reports) == 1 {
		r := reports[0]
		c.finish(&r, notes)
		return r
	}
	r := *worst(reports)
	r.Codes, r.Credentials = slices.Clone(r.Codes), reports
	c.finish(&r, notes)
	return r
}

// finish adds to a report what holds for all: the notes of the trust set and
// of the transport, and the clock.
func (c *court) finish(r *Report, notes []reason.Code) {
	codes := append(append(r.Codes, notes...), c.set.Notes...)
	if !c.set.Expires.IsZero() && c.set.Expires.Before(c.ask.At.Earliest) {
		codes = append(codes, reason.BStale)
	}
	if !c.ask.At.Set {
		codes = append(codes, reason.TNoClock)
	}
	r.Codes = reason.Sort(codes)
	r.KeysAsOf, r.At, r.about = c.set.Issued, c.ask.At, ""
	for i := range r.Credentials {
		c.finish(&r.Credentials[i], nil)
	}
}

// link judges a web address by the copy that the trust set holds of what
// stands there. It is never opened.
func (c *court) link(doc wire.Document, err error) []Report {
	if reason.CodeOf(err, "") == reason.QLink && doc.URL != "" {
		for _, d := range c.set.Document(doc.URL) {
			if inner, err := wire.OpenWith(d.Data, c.set.Contexts()); err == nil {
				c.address = doc.URL
				c.left, c.budget = credentialsFor(len(d.Data)), budgetFor(len(d.Data))
				return c.document(inner, 1)
			}
		}
	}
	return c.refuse(err)
}

// refuse is the report on something that could not be read as a credential.
func (c *court) refuse(err error) []Report {
	code := reason.CodeOf(err, reason.QNotBadge)
	r := Report{Format: "none", Codes: []reason.Code{code}}
	r.Axes.Presenter.Code = reason.PNotAsked
	if e, _ := reason.Of(code); e.Axis == reason.Signature {
		r.Axes.Signature.Code = code
		if e.Effect == reason.NotVerified {
			r.Axes.Signature.State = Fail
		}
	}
	r.Verdict = verdict(&r, false)
	return []Report{r}
}
