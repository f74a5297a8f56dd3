package trust

import (
	"time"

	"badgekiosk/verify/ijson"
)

const day = 24 * time.Hour

// Policy says how old what a kiosk believes may be, and what it may show.
type Policy struct {
	// A status list passes up to Fresh, is noted up to Noted, and up to Check
	// a person must look; beyond, it counts for nothing.
	Fresh, Noted, Check time.Duration
	// Keys is how old the set itself may be before its keys are doubted.
	Keys time.Duration
	// ClockSlack is how far ahead of what a kiosk knows for certain the time
	// may be when no trusted clock says.
	ClockSlack time.Duration
	// Accepts are the members whose issuers are accepted; nil accepts all.
	Accepts []string
	// Types are the types of credentials, or the kinds of achievements, that
	// are accepted; nil accepts all.
	Types []string
	// Audiences are the groups of fields that each audience may see, the
	// ceiling for every kiosk. An audience without a line has the default.
	Audiences map[string][]string
}

// DefaultPolicy holds where a set's own policy does not say otherwise.
var DefaultPolicy = Policy{Fresh: 30 * day, Noted: 90 * day, Check: 400 * day, Keys: 400 * day, ClockSlack: 60 * day}

// maxDays bounds each horizon: beyond a century it means "for ever".
const maxDays = 36_600

// readPolicy reads the policy of consortium.json. A value that cannot be
// used leaves the default and is a fault: policy only ever narrows.
func (r *reader) readPolicy(v ijson.Value) Policy {
	p := DefaultPolicy
	status := v.Get("status")
	r.days(&p.Fresh, status, "status.freshDays", "freshDays")
	r.days(&p.Noted, status, "status.notedDays", "notedDays")
	r.days(&p.Check, status, "status.checkDays", "checkDays")
	r.days(&p.Keys, v, "keyDays", "keyDays")
	r.days(&p.ClockSlack, v, "clockSlackDays", "clockSlackDays")
	p.Noted = max(p.Noted, p.Fresh)
	p.Check = max(p.Check, p.Noted)
	if accepts := v.Get("accepts"); accepts.Exists() {
		p.Accepts = append([]string{}, texts(accepts)...) // an empty list accepts nobody
	}
	if types := v.Get("types"); types.Exists() {
		p.Types = append([]string{}, texts(types)...)
	}
	for audience, fields := range v.Get("audiences").Members() {
		if p.Audiences == nil {
			p.Audiences = map[string][]string{}
		}
		p.Audiences[audience] = texts(fields)
	}
	return p
}

func (r *reader) days(d *time.Duration, v ijson.Value, path, name string) {
	n := v.Get(name)
	if !n.Exists() {
		return
	}
	whole, ok := integer(n)
	if !ok || whole < 0 || whole > maxDays {
		r.fault("policy.%s: %.40s is no number of days from 0 to %d; %d holds", path, n.Raw(), maxDays, *d/day)
		return
	}
	*d = time.Duration(whole) * day
}

// texts are the strings of "one or many".
func texts(v ijson.Value) (all []string) {
	for item := range v.Each() {
		if s, ok := item.Text(); ok && s != "" {
			all = append(all, s)
		}
	}
	return all
}
