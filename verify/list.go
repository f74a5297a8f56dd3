package verify

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/status"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// A source is one copy of a status list: one that a member cached, or one
// that the holder carries along with the badge.
type source struct {
	document *trust.Document // cached, nil for one that is carried
	carried  *credential
	at       time.Time // from when its age counts: fetched, or of its own making
	own      bool      // of the member that lists the issuer, or signed and carried
}

// sources are the copies of the list at url in the order in which they count:
// those of the member that lists the issuer and those that the holder
// carries, the newest first, then those of others.
func (j *judgement) sources(url string) (all []source) {
	for _, d := range j.set.Document(url) {
		all = append(all, source{document: d, at: d.Fetched, own: j.listing != nil && d.Member == j.listing.Member})
	}
	for _, c := range j.carried {
		if c.id == url {
			all = append(all, source{carried: c, at: c.valid.from, own: true})
		}
	}
	slices.SortStableFunc(all, func(a, b source) int {
		if a.own != b.own {
			if a.own {
				return -1
			}
			return 1
		}
		return b.at.Compare(a.at)
	})
	return all
}

// An openList is a list that was read, and what was found of it.
type openList struct {
	*status.List
	issuer string // who says it is his; empty for the profile that names it
	valid  span   // by its own account, and that of its signature
	signed bool   // else a member must vouch for it
	spoken bool   // signed by a key that who speaks for its issuer lists
	err    error  // why it cannot be believed, nil if nothing is wrong

	// nameless: a token that says neither who issued it nor whose its key is.
	nameless bool
}

// openList reads a list. What it finds rests on the list and the trust set
// alone, so it is found once; of a nameless one, once for each listed issuer
// whose it may be.
func (j *judgement) openList(from source) *openList {
	if from.document == nil {
		return j.openCarried(from)
	}
	l := j.openFor(from.document, nil)
	if l.nameless && j.listing != nil {
		l = j.openFor(from.document, j.listing)
	}
	return l
}

func (j *judgement) openFor(d *trust.Document, issuer *trust.Issuer) *openList {
	lists, k := j.v.openLists(), listKey{d, issuer}
	if l, ok := lists.get(k); ok {
		return l
	}
	l := j.openDocument(d, issuer)
	lists.put(k, l)
	return l
}

// openDocument reads a cached list, on its own account: what the payload may
// still cost says nothing of a list that serves the next one too. A nameless
// one counts as the issuer's, if there is one and one of its keys fits.
//
// Source: draft-ietf-oauth-status-list, Key Resolution and Trust Management.
func (j *judgement) openDocument(d *trust.Document, issuer *trust.Issuer) *openList {
	own := &judgement{court: &court{v: j.v, set: j.set, ask: j.ask, memory: j.v.borrow()}}
	defer j.v.giveBack(own.memory)
	doc, err := wire.OpenWith(d.Data, j.set.Contexts())
	if err != nil {
		return &openList{err: err}
	}
	c, err := own.readCredential(doc)
	if err != nil {
		return &openList{err: err}
	}
	nameless := c.vct && c.issuer == ""
	if nameless && issuer != nil {
		c.issuer = issuer.IDs[0]
	}
	l := own.readList(c, d.Fetched, status.MaxBits)
	l.nameless = nameless
	return l
}

// staples are the status lists that a holder carries along with a badge.
type staples struct {
	carried     []*credential
	stapled     bool // they have all been found
	opened      map[*credential]*openList
	carriedBits int
}

// maxCarriedBits is how long all lists together may be that one holder
// carries along: those of eight million credentials, unpacked in 1 MB.
const maxCarriedBits = 8 << 20

// openCarried reads a list that the holder carries, once for all badges that
// name it.
func (j *judgement) openCarried(from source) *openList {
	if l := j.opened[from.carried]; l != nil {
		return l
	}
	l := j.readList(from.carried, from.at, maxCarriedBits-j.carriedBits)
	if l.List != nil {
		j.carriedBits += l.Size()
	}
	if j.opened == nil {
		j.opened = map[*credential]*openList{}
	}
	j.opened[from.carried] = l
	return l
}

// readList judges a list as the credential that it is: its signature, and
// that it was valid at the time at which it was fetched.
//
// It may have most bits.
func (j *judgement) readList(c *credential, at time.Time, most int) *openList {
	l := &openList{issuer: c.issuer, signed: len(c.locks) > 0}
	if l.issuer == "" && (c.value.Get("revokedAssertions").Exists() || !l.signed && status.IsReasons(c.value)) {
		c.issuer = "of the profile that names the list"
	}
	c.finish()
	if l.err = c.fault; l.err != nil {
		return l
	}
	l.valid = c.valid
	if l.signed {
		l.spoken, l.err = j.signed(c, &l.valid)
	}
	if l.err == nil && (l.valid.from.After(at) || !l.valid.until.IsZero() && l.valid.until.Before(at)) {
		l.err = reason.Errorf(reason.RBadList, "the list was not valid when it was fetched")
	}
	if l.err == nil {
		l.List, l.err = status.Read(c.value, most)
	}
	return l
}

// signed tells whether a list is signed by a key of the issuer that it names
// itself, listed or contained in its identifier. When the signature ends
// counts as the end of the list. spoken is as in openList.
func (j *judgement) signed(c *credential, valid *span) (spoken bool, err error) {
	code := reason.KUnknown
	for _, l := range c.locks {
		lasts := span{l.valid.from, l.valid.until}
		lasts.narrow(time.Time{}, l.expires)
		l.expires = time.Time{}
		o := j.unlock(&l, c.issuer, firstTime(l.made, c.made, c.valid.from))
		if o.code == "" {
			valid.narrow(lasts.from, lasts.until)
			return o.listing == nil || o.listing.Issuer.Speaks(c.issuer), nil
		}
		code = o.code
	}
	return false, reason.Errorf(code, "no signature by %q", c.issuer)
}

// speaksFor tells whether a list may be believed about c: it is of c's
// issuer, as a nameless one is that was opened for it, or of one that may sign
// for it; without a signature of its own the member that lists the issuer must
// vouch for it.
func (j *judgement) speaksFor(l *openList, c *credential, from source) bool {
	if !l.signed {
		return from.document != nil && j.listing != nil && j.listing.Member == from.document.Member &&
			(l.issuer == "" || l.issuer == c.issuer || j.listing.MaySignStatus(l.issuer))
	}
	return l.issuer == c.issuer || l.nameless || j.listing != nil && (j.listing.MaySignStatus(l.issuer) || j.sister(l, from))
}

// sister tells whether a list is of another issuer of the organization that
// lists the badge's, and that keeps the list at this address: one office often
// signs for all of its schools. What that organization could vouch for without
// any signature, it can with the one of its own.
func (j *judgement) sister(l *openList, from source) bool {
	if from.document == nil || from.document.Member != j.listing.Member {
		return false
	}
	return slices.ContainsFunc(j.set.Listed(l.issuer), func(i *trust.Issuer) bool {
		return i.Member == from.document.Member && i.Guest == ""
	})
}

// maxListsKept is how many bits of opened lists are kept: those of ten
// million credentials.
const maxListsKept = 16 << 23

// A listCache keeps the lists of one trust set open. Lists do not change, nor
// does what a set believes of them.
type listCache struct {
	set   *trust.Set
	lists sync.Map // listKey to *openList
	bits  atomic.Int64
}

// A listKey is a cached list, and of a nameless one the issuer whose it may be.
type listKey struct {
	document *trust.Document
	issuer   *trust.Issuer
}

// openLists are the lists that are open, of the trust set in use.
func (v *Verifier) openLists() *listCache {
	c := v.lists.Load()
	if c == nil || c.set != v.Trust {
		c = &listCache{set: v.Trust}
		v.lists.Store(c)
	}
	return c
}

func (c *listCache) get(k listKey) (*openList, bool) {
	l, ok := c.lists.Load(k)
	if !ok {
		return nil, false
	}
	return l.(*openList), true
}

// put keeps a list while there is room.
func (c *listCache) put(k listKey, l *openList) {
	size := int64(perList)
	if l.List != nil {
		size += int64(l.Size())
	}
	if c.bits.Add(size) > maxListsKept {
		c.bits.Add(-size)
		return
	}
	c.lists.Store(k, l)
}

// perList is what a list costs beside its bits, in bits.
const perList = 8 << 10
