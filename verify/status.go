package verify

import (
	"iter"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/status"
	"badgekiosk/verify/trust"
)

// An answer is what the lists held here say of one entry.
type answer struct {
	code  reason.Code // empty: not withdrawn, by a list that is fresh
	notes []reason.Code
	asOf  time.Time
}

// statusAxis judges whether the badge was withdrawn, as of a date.
func (j *judgement) statusAxis(c *credential) {
	withdrawn := j.withdrawn(c)
	if withdrawn.State == Fail {
		j.find(&j.Axes.Status, withdrawn)
		return
	}
	entries, err := entriesOf(c)
	f := Finding{State: Pass}
	switch {
	case c.assertion != nil:
		entries, f = j.assertionStatus(c)
		j.add(f.Code)
	case err != nil:
		j.find(&j.Axes.Status, Finding{Code: reason.RBadList})
		return
	}
	withdraws := false
	for group := range alternatives(entries) {
		if !group[0].Withdraws() {
			continue
		}
		withdraws = true
		a := j.look(c, group)
		j.add(a.code)
		for _, n := range a.notes {
			j.add(n)
		}
		f = graver(f, a.finding())
	}
	f = graver(f, withdrawn)
	if !withdraws && f == (Finding{State: Pass}) {
		f.Code = reason.RNone
	}
	j.find(&j.Axes.Status, f)
}

// entriesOf are the places in lists that a credential names: as its own form
// does, as the other does where it names one all the same, and in the claims
// of a token that stands around it.
func entriesOf(c *credential) (all []status.Entry, err error) {
	for _, v := range []ijson.Value{c.value, c.claims} {
		more, err := status.Entries(v)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
		if c.vct || v.Get("status").Get(status.Token).Exists() {
			if more, err = status.TokenEntries(v); err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

// assertionStatus is where an Open Badges 2.0 assertion stands in its
// issuer's list, and what is known without one: a hosted badge stood at its
// address when it was fetched, and whether a signed one's issuer keeps a list
// only the issuer's profile tells.
func (j *judgement) assertionStatus(c *credential) ([]status.Entry, Finding) {
	entries, known := c.revocations()
	if d := c.hosted; d != nil {
		a := answer{asOf: d.Fetched, code: aged(j.set.Policy, j.ask.At.Latest.Sub(d.Fetched))}
		if c.value.Get("revoked").Kind() == ijson.True {
			a.code = j.revoked(c)
		}
		return entries, a.finding()
	}
	if !known {
		return entries, Finding{Code: reason.RNoList}
	}
	return entries, Finding{State: Pass}
}

// withdrawn finds whether a member that lists the issuer withdrew the badge
// itself, as it may where the issuer keeps no list; nothing if none did. Only
// who speaks for the issuer is believed at once.
func (j *judgement) withdrawn(c *credential) (f Finding) {
	for _, i := range j.set.Listed(c.issuer) {
		when, ok := j.set.Withdrawn(i, c.id)
		if ok && i.Speaks(c.issuer) {
			return Finding{State: Fail, Code: reason.RWithdrawn, AsOf: when}
		}
		if ok {
			f = Finding{Code: reason.RUnconfirmed, AsOf: when}
		}
	}
	return f
}

// revoked is what it means that a list says so: the keys of who signed it, or
// the list itself, rest on the word of the member that lists the issuer.
func (j *judgement) revoked(c *credential) reason.Code {
	if j.listing != nil && !j.listing.Speaks(c.issuer) {
		return reason.RUnconfirmed
	}
	return reason.RRevoked
}

// alternatives runs through entries, those together of which one list at most
// is held: the two lengths that a terse entry may mean.
func alternatives(entries []status.Entry) iter.Seq[[]status.Entry] {
	return func(yield func([]status.Entry) bool) {
		for from, to := 0, 0; from < len(entries); from = to {
			e := entries[from]
			for to++; to < len(entries) && e.Type == status.Terse && entries[to].Type == status.Terse && entries[to].Purpose == e.Purpose; to++ {
			}
			if !yield(entries[from:to]) {
				return
			}
		}
	}
}

// finding says what an answer means for the axis.
func (a answer) finding() Finding {
	f := Finding{Code: a.code, AsOf: a.asOf}
	switch a.code {
	case "", reason.RNoted:
		f.State = Pass
	case reason.RRevoked, reason.RSuspended:
		f.State = Fail
	}
	return f
}

// graver is the worse of two findings, with the older date.
func graver(a, b Finding) Finding {
	if gravity(b) < gravity(a) {
		a, b = b, a
	}
	if a.Code == "" && !b.AsOf.IsZero() && (a.AsOf.IsZero() || b.AsOf.Before(a.AsOf)) {
		a.AsOf = b.AsOf
	}
	return a
}

// gravity is a code's place in the list of reasons; nothing found is last.
func gravity(f Finding) int {
	for i, e := range reason.All {
		if e.Code == f.Code {
			return i
		}
	}
	return len(reason.All)
}

// look asks every copy of a list about an entry, the best one first: the
// first that can be believed speaks. Revoked by any of them stands.
func (j *judgement) look(c *credential, entries []status.Entry) answer {
	best := answer{code: reason.RNoList}
	for _, e := range entries {
		for _, s := range j.sources(e.List) {
			switch a := j.askList(c, e, s); {
			case a.code == reason.RRevoked, a.code == reason.RUnconfirmed:
				return a
			case best.code == reason.RNoList, best.code == reason.RBadList && a.code != reason.RBadList:
				best = a
			}
		}
	}
	return best
}

// askList asks one copy of a list about one entry.
func (j *judgement) askList(c *credential, e status.Entry, from source) answer {
	l := j.openList(from)
	if l.err != nil || !j.speaksFor(l, c, from) {
		return answer{code: reason.RBadList}
	}
	set, err := l.Set(e)
	if err != nil {
		return answer{code: reason.RBadList}
	}
	a := answer{asOf: from.at}
	if set {
		switch a.code = j.revoked(c); {
		case e.Purpose == status.Suspend:
			a.code = reason.RSuspended
		case l.signed && !l.spoken:
			a.code = reason.RUnconfirmed
		}
		return a
	}
	valid := l.valid
	if l.TTL > 0 {
		valid.narrow(time.Time{}, from.at.Add(l.TTL))
	}
	if !valid.until.IsZero() && valid.until.Before(j.ask.At.Latest) {
		a.notes = append(a.notes, reason.RListExpired)
	}
	if l.Short {
		a.notes = append(a.notes, reason.RShort)
	}
	a.code = aged(j.set.Policy, j.ask.At.Latest.Sub(from.at))
	return a
}

// aged says what a list of this age is worth. The age is the most that it
// can be: to the latest instant that it may be now.
func aged(p trust.Policy, age time.Duration) reason.Code {
	switch {
	case age <= p.Fresh:
		return ""
	case age <= p.Noted:
		return reason.RNoted
	case age <= p.Check:
		return reason.RStale
	}
	return reason.RTooOld
}
