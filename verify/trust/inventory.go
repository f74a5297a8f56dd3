package trust

import (
	"cmp"
	"slices"
)

// Owners returns the identifiers that each member's issuers are listed under,
// sorted, by the member's ID: what sealing keeps in consortium.json.
func (s *Set) Owners() map[string][]string {
	out := map[string][]string{}
	for _, p := range s.every() {
		for id, listings := range p.issuers {
			member := listings[0].Member.ID
			out[member] = append(out[member], id)
		}
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

// IssuersOf returns the issuers that m lists, by name: for people who look
// through a set, never for judging.
func (s *Set) IssuersOf(m *Member) []*Issuer {
	var out []*Issuer
	if p := s.of(m); p != nil {
		for _, i := range p.all {
			if i.Member == m {
				out = append(out, i)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Issuer) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// DocumentsOf returns the documents that m keeps, oldest first.
func (s *Set) DocumentsOf(m *Member) []*Document {
	var out []*Document
	if p := s.of(m); p != nil {
		for _, all := range p.documents {
			for _, d := range all {
				if d.Member == m {
					out = append(out, d)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b *Document) int { return a.Fetched.Compare(b.Fetched) })
	return out
}
