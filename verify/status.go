package verify

import (
	"slices"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/status"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// An answer is what the lists held here say of one entry.
type answer struct {
	code  reason.Code // empty: not withdrawn, by a list that is fresh
	notes []reason.Code
	asOf  time.Time
}

// statusAxis judges whether the badge was withdrawn, as of a date.
func (j *judgement) statusAxis(c *credential) {
	if when, ok := j.set.Withdrawn(j.listing, c.id); ok {
		j.find(&j.Axes.Status, Finding{State: Fail, Code: reason.RWithdrawn, AsOf: when})
		return
	}
	entries, err := status.Entries(c.value)
	f := Finding{State: Pass}
	switch {
	case c.vct:
		entries = claimsEntries(c.value)
	case c.assertion != nil:
		entries, f = j.assertionStatus(c)
		j.add(f.Code)
	case err != nil:
		j.find(&j.Axes.Status, Finding{Code: reason.RBadList})
		return
	}
	withdraws := false
	for _, group := range alternatives(entries) {
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
	switch {
	case j.withdrawn(c):
		f = graver(f, Finding{State: Fail, Code: reason.RWithdrawn, AsOf: j.set.Issued})
	case !withdraws && f == (Finding{State: Pass}):
		f.Code = reason.RNone
	}
	j.find(&j.Axes.Status, f)
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
			a.code = reason.RRevoked
		}
		return entries, a.finding()
	}
	if !known {
		return entries, Finding{Code: reason.RNoList}
	}
	return entries, Finding{State: Pass}
}

// withdrawn tells whether a member that lists the issuer withdrew the badge
// itself, as it may where the issuer keeps no list.
func (j *judgement) withdrawn(c *credential) bool {
	for _, i := range j.set.Listed(c.issuer) {
		if _, ok := j.set.Withdrawn(i, c.id); ok {
			return true
		}
	}
	return false
}

// alternatives groups entries of which one list at most is held: the two
// lengths that a terse entry may mean.
func alternatives(entries []status.Entry) (groups [][]status.Entry) {
	for _, e := range entries {
		last := len(groups) - 1
		if e.Type == status.Terse && last >= 0 && groups[last][0].Type == status.Terse && groups[last][0].Purpose == e.Purpose {
			groups[last] = append(groups[last], e)
			continue
		}
		groups = append(groups, []status.Entry{e})
	}
	return groups
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

// look asks the copies held of a list about an entry, those of the member
// that lists the issuer first, the newest first: the first good one speaks.
// Revoked by any good copy stands.
func (j *judgement) look(c *credential, entries []status.Entry) answer {
	best := answer{code: reason.RNoList}
	for _, e := range entries {
		for _, d := range j.copies(e.List) {
			switch a := j.askList(c, e, d); {
			case a.code == reason.RRevoked:
				return a
			case best.code == reason.RNoList, best.code == reason.RBadList && a.code != reason.RBadList:
				best = a
			}
		}
	}
	return best
}

// copies are the copies of the list at url, in the order in which they count.
func (j *judgement) copies(url string) []*trust.Document {
	all := slices.Clone(j.set.Document(url))
	own := func(d *trust.Document) int {
		if j.listing != nil && d.Member == j.listing.Member {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b *trust.Document) int { return own(a) - own(b) })
	return all
}

// askList asks one copy of a list about one entry.
func (j *judgement) askList(c *credential, e status.Entry, d *trust.Document) answer {
	list, valid, err := j.openList(c, d)
	if err != nil {
		return answer{code: reason.RBadList}
	}
	set, err := list.Set(e)
	if err != nil {
		return answer{code: reason.RBadList}
	}
	a := answer{asOf: d.Fetched}
	if set {
		a.code = reason.RRevoked
		if e.Purpose == status.Suspend {
			a.code = reason.RSuspended
		}
		return a
	}
	if list.TTL > 0 {
		valid.narrow(time.Time{}, d.Fetched.Add(list.TTL))
	}
	if !valid.until.IsZero() && valid.until.Before(j.ask.At.Latest) {
		a.notes = append(a.notes, reason.RListExpired)
	}
	a.code = aged(j.set.Policy, j.ask.At.Latest.Sub(d.Fetched))
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

// openList reads a list and judges whether it may be believed about c: signed
// by c's issuer, or by one listed for it, and valid when it was fetched. A
// list without a signature is vouched for by the member that lists the issuer.
func (j *judgement) openList(c *credential, d *trust.Document) (*status.List, span, error) {
	bad := func(format string, args ...any) (*status.List, span, error) {
		return nil, span{}, reason.Errorf(reason.RBadList, format, args...)
	}
	doc, err := wire.Open(d.Data)
	if err != nil {
		return bad("list at %s: %w", d.URL, err)
	}
	lc, err := j.readCredential(doc)
	if err != nil {
		return bad("list at %s: %w", d.URL, err)
	}
	if lc.issuer == "" && lc.value.Get("revokedAssertions").Exists() {
		lc.issuer = c.issuer // the profile that names the list answers for it
	}
	lc.finish()
	if lc.issuer != c.issuer && (j.listing == nil || !j.listing.MaySignStatus(lc.issuer)) {
		return bad("list at %s is of issuer %q, the badge of %q", d.URL, lc.issuer, c.issuer)
	}
	if len(lc.locks) == 0 {
		if j.listing == nil || j.listing.Member != d.Member {
			return bad("list at %s has no signature, and %q does not list the issuer", d.URL, d.Member.ID)
		}
	} else if err := j.signed(lc); err != nil {
		return bad("list at %s: %w", d.URL, err)
	}
	if lc.fault != nil {
		return bad("list at %s: %w", d.URL, lc.fault)
	}
	if lc.valid.from.After(d.Fetched) || !lc.valid.until.IsZero() && lc.valid.until.Before(d.Fetched) {
		return bad("list at %s was not valid when it was fetched", d.URL)
	}
	list, err := status.Read(lc.value)
	return list, lc.valid, err
}

// signed tells whether a credential is signed by a key of the issuer that it
// names itself, listed or contained in its identifier.
func (j *judgement) signed(c *credential) error {
	code := reason.KUnknown
	for i := range c.locks {
		o := j.unlock(&c.locks[i], c.issuer, firstTime(c.locks[i].made, c.made, c.valid.from))
		if o.code == "" {
			return nil
		}
		code = o.code
	}
	return reason.Errorf(code, "no signature by %q", c.issuer)
}
