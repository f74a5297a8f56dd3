package trust

import (
	"slices"
	"time"
)

// A part is what one member says, or several of them, with its look-ups.
type part struct {
	all       []*Issuer            // in the order of their files
	issuers   map[string][]*Issuer // by same(identifier)
	keyIDs    map[string][]*Key    // by same(key id)
	holders   map[material][]*Key
	documents map[string][]*Document
	sealed    map[string][]enveloped // by the envelope's name
	consents  map[described][]byte   // by member and the envelope's name
	withdrawn map[withdrawal]time.Time
	manifests map[described]*Manifest
	pictures  map[string][]byte  // of manifests, by path
	names     map[string]*Issuer // by skeleton of the name
	groups    map[string]grouped // settings of groups of kiosks, by MEMBER/GROUP

	alike     [][2]*Issuer      // names that could be taken for one another
	owned     map[string]string // member by same(identifier), as the consortium says
	ambiguous map[string]bool   // skeletons of names that stand for several
	ties      [][]string        // members that must be heard together
	size      int64             // bytes that were read for it
}

func newPart() *part {
	return &part{
		issuers: map[string][]*Issuer{}, keyIDs: map[string][]*Key{}, holders: map[material][]*Key{},
		documents: map[string][]*Document{}, sealed: map[string][]enveloped{}, consents: map[described][]byte{},
		withdrawn: map[withdrawal]time.Time{}, manifests: map[described]*Manifest{}, names: map[string]*Issuer{},
		pictures: map[string][]byte{}, groups: map[string]grouped{}, ambiguous: map[string]bool{},
	}
}

// named is the issuer whose name has this skeleton, if there is one.
func (p *part) named(skeleton string) []*Issuer {
	if i := p.names[skeleton]; i != nil {
		return []*Issuer{i}
	}
	return nil
}

// document are the copies of what stands at url, those in envelopes first.
func (p *part) document(url string) []*Document {
	if found := p.unseal(url); found != nil {
		return append(found, p.documents[page(url)]...)
	}
	return p.documents[page(url)]
}

// A table is one kind of look-up that an index answers with members.
type table int

const (
	byIssuer table = iota
	byKeyID
	byKey
	byDocument
	byEnvelope
	byName
	byOwner // whose an identifier is, as the consortium says
	tables
)

// look asks the parts that know key for what they have, in the order of their
// members. Of a part that several members are heard in, only what those say
// counts that the index names for key.
func look[T any](s *Set, t table, key string, in func(*part) []T, of func(T) *Member) (found []T) {
	switch {
	case s == nil:
		return nil
	case s.lazy != nil:
		members := s.lazy.index.find(t, key)
		for _, p := range s.lazy.parts(members) {
			for _, x := range in(p) {
				if slices.Contains(members, of(x).at) {
					found = append(found, x)
				}
			}
		}
		slices.SortStableFunc(found, func(a, b T) int { return of(a).at - of(b).at })
	case s.part != nil:
		return in(s.part)
	}
	return found
}

// of is the part that holds what m says, nil if there is none.
func (s *Set) of(m *Member) *part {
	if s.lazy == nil {
		return s.part
	}
	return s.lazy.part(m.at)
}

// every is the whole set, part by part.
func (s *Set) every() []*part {
	if s.lazy == nil {
		if s.part == nil {
			return nil
		}
		return []*part{s.part}
	}
	all := make([]int, len(s.Members))
	for i := range all {
		all[i] = i
	}
	return s.lazy.parts(all)
}
