// Package trust is what a kiosk believes: which issuers there are and their
// keys, the status lists and other documents cached for them, what badges are
// made of, and the policy that says how old all this may be.
//
// [Open] reads it from a tree of files. Who signed that tree, and whether it
// is newer than the last one, is settled before, by provision/bundle.
package trust

import (
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

	all       []*Issuer            // in the order of their files
	issuers   map[string][]*Issuer // by same(identifier)
	keyIDs    map[string][]*Key    // by same(key id)
	holders   map[material][]*Key
	documents map[string][]*Document
	sealed    map[string][]enveloped // by the envelope's name
	consents  map[described][]byte   // by member and the envelope's name
	withdrawn map[withdrawal]time.Time
	manifests map[described]*Manifest
	names     map[string]*Issuer // by skeleton of the name
	alike     [][2]*Issuer       // names that could be taken for one another
	general   grouped            // settings of all kiosks
	groups    map[string]grouped // and of groups, by MEMBER/GROUP
	contexts  *rdf.Contexts      // nil: those compiled in
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

	own map[string]bool // same() of IDs
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
	if s == nil {
		return nil
	}
	return s.issuers[same(id)]
}

// Is tells whether id is one of the issuer's identifiers.
func (i *Issuer) Is(id string) bool { return i.own[same(id)] }

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
	return s.holders[materialOf(k)]
}

// material is what makes two keys equal, whatever form they were written in.
type material struct {
	kind key.Kind
	raw  string
}

func materialOf(k *key.Key) material { return material{k.Kind(), string(k.Bytes())} }

// ByID returns the keys listed under exactly this absolute key id, of
// whatever issuer.
func (s *Set) ByID(id string) []*Key {
	if s == nil {
		return nil
	}
	return s.keyIDs[same(id)]
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
	for _, k := range i.Keys {
		if k.named(kid) {
			keys = append(keys, k)
		}
	}
	if keys != nil || !i.owns(kid) {
		return keys, keys != nil
	}
	if keys = i.spelled(kid); keys != nil {
		return keys, true
	}
	for _, k := range i.Keys {
		if k.ID == "" {
			keys = append(keys, k)
		}
	}
	return keys, false
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
	if found := s.unseal(url); found != nil {
		return append(found, s.documents[page(url)]...)
	}
	return s.documents[page(url)]
}

// Manifest returns what the member says of the achievement with this id, nil
// if nothing. A member is asked only about badges of issuers that it lists.
func (s *Set) Manifest(m *Member, achievement string) *Manifest {
	if s == nil {
		return nil
	}
	return s.manifests[described{m, achievement}]
}

// described is whose word on what a manifest is.
type described struct {
	member      *Member
	achievement string
}

// Lookalike returns the listed issuer that a name could be taken for, nil if
// none.
func (s *Set) Lookalike(name string) *Issuer {
	if s == nil {
		return nil
	}
	return s.names[skeleton(name)]
}
