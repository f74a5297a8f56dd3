// Package trust is what a kiosk believes: which issuers there are and their
// keys, the status lists and other documents cached for them, what badges are
// made of, and the policy that says how old all this may be.
//
// [Open] reads it from a tree of files. Who signed that tree, and whether it
// is newer than the last one, is settled before, by provision/bundle.
package trust

import (
	"fmt"
	"slices"
	"time"

	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// A Set is everything that a kiosk believes. It does not change once it is
// open, and serves any number of goroutines. A nil Set believes nothing.
type Set struct {
	Name    string    // who put it together: the consortium
	Serial  int64     // grows with each issue
	Issued  time.Time // when it was put together; zero if it does not say
	Expires time.Time // the date that the bundle gives itself; zero for a plain folder
	Policy  Policy
	Members []*Member // sorted by ID

	// Faults are the files, and values in files, that were left out. Each
	// error names both.
	Faults []error
	// Notes are the codes that every report carries: B-UNSEALED, B-PART, …
	Notes []reason.Code

	*part                  // everything, in a set that was read as a whole
	lazy     *lazy         // else where its parts come from
	general  grouped       // settings of all kiosks
	contexts *rdf.Contexts // nil: those compiled in
}

// A Member is a district, school, college, nonprofit, employer or community
// center that signs its own part of the set.
type Member struct {
	ID              string // name of its folder
	Name            string
	Kind            string // "district", "school", …
	Languages       []string
	MinorsByDefault bool // its learners count as minors unless a badge says otherwise
	Help
	at int // in Set.Members
}

// Help is whom people turn to when a screen leaves them with a question. What
// an issuer's listing does not say, its member's does.
type Help struct {
	Contact string // whom to ask: "registrar, 555 0100"
	Codes   string // https URL where learners get their badge as a code
}

// An Issuer is one issuer as one member lists it.
type Issuer struct {
	Name     string   // as the screen shows it
	IDs      []string // the identifiers that badges name it by: DIDs and URLs
	Keys     []*Key
	Specimen bool // its badges are samples: DEMO
	Member   *Member
	// Guest is the kind of organization ("employer", "college", …) when the
	// issuer is not the member's own: one that has no part of its own and
	// that the member lists. Empty for the member's own issuers.
	Guest string
	Help
	// StatusIssuers are identifiers that may sign status lists in its stead.
	StatusIssuers []string

	own  map[string]bool // by same() of IDs: whether its member speaks for it
	home *part           // that holds it
	// skeleton is that of the name as its file has it.
	skeleton string
}

// A Key is one key of a listed issuer.
type Key struct {
	*key.Key
	ID          string    // absolute key id; empty for a key that serves any
	From, Until time.Time // when badges could be signed with it; zero is open
	Compromised time.Time // since when it is known to be in wrong hands; zero if it is not
	Issuer      *Issuer
}

// Listed returns the listings of the issuer with this identifier, the
// member with the first name first.
func (s *Set) Listed(id string) []*Issuer {
	id = same(id)
	return look(s, byIssuer, id, func(p *part) []*Issuer { return p.issuers[id] }, (*Issuer).member)
}

func (i *Issuer) member() *Member { return i.Member }

func (k *Key) member() *Member { return k.Issuer.Member }

// Is tells whether id is one of the issuer's identifiers.
func (i *Issuer) Is(id string) bool { _, ok := i.own[same(id)]; return ok }

// HasOwner tells whether the consortium says which member speaks for id, be
// its part here or missing.
func (s *Set) HasOwner(id string) bool {
	switch id = same(id); {
	case s == nil:
		return false
	case s.lazy != nil:
		return s.lazy.owner(id) != ""
	case s.part == nil:
		return false
	}
	return s.owned[id] != ""
}

// Speaks tells whether i's member is the one that speaks for id: the
// consortium says so, or, in a plain folder, nobody else lists it. What
// another member says counts as long as it does a badge no harm: with the
// part left out of who speaks for it, its word may be all there is.
func (i *Issuer) Speaks(id string) bool { return i.own[same(id)] }

// MaySignStatus tells whether the issuer named id may sign status lists for
// badges of i: the issuer itself, or one that its listing names.
func (i *Issuer) MaySignStatus(id string) bool {
	return i.Is(id) || slices.ContainsFunc(i.StatusIssuers, func(s string) bool { return same(s) == same(id) })
}

// Holders returns every listed key equal to k, of whatever issuer.
func (s *Set) Holders(k *key.Key) []*Key {
	if s == nil || k == nil {
		return nil
	}
	m, name := materialOf(k), ""
	if s.lazy != nil {
		name = m.String()
	}
	return look(s, byKey, name, func(p *part) []*Key { return p.holders[m] }, (*Key).member)
}

// material is what makes two keys equal, whatever form they were written in.
type material struct {
	kind key.Kind
	raw  string
}

// String is the material as an index knows it.
func (m material) String() string { return fmt.Sprint(int(m.kind)) + m.raw }

func materialOf(k *key.Key) material { return material{k.Kind(), string(k.Bytes())} }

// ByID returns the keys listed under exactly this absolute key id, of
// whatever issuer.
func (s *Set) ByID(id string) []*Key {
	id = same(id)
	return look(s, byKeyID, id, func(p *part) []*Key { return p.keyIDs[id] }, (*Key).member)
}

// For returns the issuer's keys that a proof naming the key id kid may mean.
// exact tells that they are listed under that very name, so that a proof
// failing under them is forged; otherwise they are keys listed without a
// name, and the proof may have been made with a newer key.
//
// kid may be an absolute DID URL or URL, a fragment with or without its "#",
// or a JWK thumbprint (RFC 7638), bare or as RFC 9278 writes it. An empty kid
// means any of the issuer's keys.
func (i *Issuer) For(kid string) (keys []*Key, exact bool) {
	if kid == "" {
		return i.Keys, false
	}
	keys = i.keys(func(k *Key) bool { return k.named(kid) })
	if keys != nil || !i.owns(kid) {
		return keys, keys != nil
	}
	if keys = i.spelled(kid); keys != nil {
		return keys, true
	}
	return i.keys(func(k *Key) bool { return k.ID == "" }), false
}

// keys are those that fit. One alone, as most issuers have, is not copied.
func (i *Issuer) keys(fit func(*Key) bool) (all []*Key) {
	for n, k := range i.Keys {
		switch {
		case !fit(k):
		case all == nil:
			all = i.Keys[n : n+1 : n+1]
		default:
			all = append(all, k)
		}
	}
	return all
}

// Covers tells whether a badge signed at t falls into the key's time. A zero
// t, of a badge without a date, does only if the key has no bounds.
func (k *Key) Covers(t time.Time) bool {
	if t.IsZero() {
		return k.From.IsZero() && k.Until.IsZero()
	}
	return !t.Before(k.From) && (k.Until.IsZero() || !t.After(k.Until))
}

// Document returns the copies held of the web document at url, the newest
// first. A fragment does not count.
func (s *Set) Document(url string) []*Document {
	if s == nil {
		return nil
	}
	if s.lazy != nil {
		return s.lazy.document(url)
	}
	if s.part == nil {
		return nil
	}
	return s.part.document(url)
}

// Manifest returns what the member says of the achievement with this id, nil
// if nothing. A member is asked only about badges of issuers that it lists.
func (s *Set) Manifest(m *Member, achievement string) *Manifest {
	if s == nil || m == nil {
		return nil
	}
	p := s.of(m)
	if p == nil {
		return nil
	}
	return p.manifests[described{m, achievement}]
}

// described is whose word on what a manifest is.
type described struct {
	member      *Member
	achievement string
}

// Lookalike returns the listed issuer that a name could be taken for, nil if
// none.
func (s *Set) Lookalike(name string) *Issuer {
	name = skeleton(name)
	for _, i := range look(s, byName, name, func(p *part) []*Issuer { return p.named(name) }, (*Issuer).member) {
		return i
	}
	return nil
}
