package trust

import (
	"cmp"
	"slices"
)

// IssuersOf returns the issuers that m lists, by name: for people who look
// through a set, never for judging.
func (s *Set) IssuersOf(m *Member) []*Issuer {
	seen := map[*Issuer]bool{}
	for _, all := range s.issuers {
		for _, i := range all {
			seen[i] = i.Member == m
		}
	}
	var out []*Issuer
	for i, its := range seen {
		if its {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b *Issuer) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// DocumentsOf returns the documents that m keeps, oldest first.
func (s *Set) DocumentsOf(m *Member) []*Document {
	var out []*Document
	for _, all := range s.documents {
		for _, d := range all {
			if d.Member == m {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Document) int { return a.Fetched.Compare(b.Fetched) })
	return out
}
