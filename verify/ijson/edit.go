package ijson

import "badgekiosk/verify/reason"

// An Edit is an object read as if some of its members were not there or were
// others. Nothing is copied: proofs use it to hash "the document without its
// proof", or "with this @context".
type Edit struct {
	Drop []string // names left out
	Set  []Member // members added, or put in the place of those of the same name
}

// A Member is a name and what stands there in an [Edit].
type Member struct {
	Name  string
	Value Value
	// List, if it is not nil, stands there as an array in place of Value.
	List []Value
}

func (e Edit) empty() bool { return len(e.Drop) == 0 && len(e.Set) == 0 }

// Drops tells that the edit leaves the document's own member of this name
// out, also because another is set in its place.
func (e Edit) Drops(name []byte) bool {
	for _, d := range e.Drop {
		if string(name) == d {
			return true
		}
	}
	for i := range e.Set {
		if string(name) == e.Set[i].Name {
			return true
		}
	}
	return false
}

// check refuses an edit that could not be written: every value must exist.
func (e Edit) check(v Value) error {
	if !v.Exists() {
		return reason.Errorf(reason.SMalformed, "json: no value to write")
	}
	for i, m := range e.Set {
		for _, other := range e.Set[:i] {
			if other.Name == m.Name {
				return reason.Errorf(reason.SMalformed, "json: %q is set twice", m.Name)
			}
		}
		if m.List == nil && !m.Value.Exists() {
			return reason.Errorf(reason.SMalformed, "json: no value for %q", m.Name)
		}
		for _, item := range m.List {
			if !item.Exists() {
				return reason.Errorf(reason.SMalformed, "json: no value in the list %q", m.Name)
			}
		}
	}
	return nil
}

func (m Member) canonical(dst []byte) []byte {
	if m.List == nil {
		return m.Value.canonical(dst)
	}
	dst = append(dst, '[')
	for _, v := range m.List {
		dst = append(v.canonical(dst), ',')
	}
	return closed(dst, ']')
}
