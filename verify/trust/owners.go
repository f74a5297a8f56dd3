package trust

import (
	"crypto/sha256"
	"slices"
	"strings"

	"badgekiosk/verify/ijson"
)

// Each member speaks for its own issuers, and a member whose key was stolen
// reaches nothing of another's. When two members list the same identifier:
//
//   - the one that consortium.json names under "owners" speaks for it, and
//     the other's listing of it is left out;
//   - without an entry there, who lists it as its own speaks before those
//     that list it as a guest;
//   - of those that are left, only keys that all of them list count, since
//     nobody here can know which of them is right; a key is stolen only for
//     the member that says so, and a badge is withdrawn only if all say so.
//
// The last two must do no badge harm that a set with all its parts would not,
// so there a withdrawal makes a doubt, and no signature is called forged: see
// [Issuer.Speaks].
//
// Sealing writes "owners" as identifiers are first listed:
//
//	"owners": {"riverbend": ["did:web:riverbend.example", "https://…"]}

// readOwners reads whose each identifier is.
func (r *reader) readOwners(v ijson.Value) {
	owners := map[string]string{}
	for member, ids := range v.Members() {
		for _, id := range texts(ids) {
			if was, twice := owners[same(id)]; twice && was != member {
				r.fault("owners: %.200q is said to be of %s and of %s", id, was, member)
				continue
			}
			owners[same(id)] = member
		}
	}
	r.set.owned = owners
	r.owners = func(id string) string { return owners[id] }
}

// settle decides between the listings of different members.
func (r *reader) settle() {
	r.file = "districts"
	before := r.faults
	changed := false
	for _, id := range r.contested() {
		r.tie(id)
		switch owner := r.owner(id); owner {
		case "":
			r.agree(id)
		default:
			r.give(id, owner)
		}
		changed = true
	}
	if changed || r.faults > before {
		r.reindex()
	}
	r.speakers()
	r.ownNames()
}

// speakers finds who speaks for each identifier. In a sealed set only the
// consortium can say: the part of another that lists it may be missing.
func (r *reader) speakers() {
	for id, listings := range r.set.issuers {
		owner := r.owners(id)
		if owner == "" && !r.sealed && !slices.ContainsFunc(listings, func(i *Issuer) bool { return i.Member != listings[0].Member }) {
			owner = listings[0].Member.ID
		}
		for _, i := range listings {
			i.own[id] = i.Member.ID == owner
		}
	}
}

// contested are the identifiers that several members list, or that the
// consortium says are another's than who lists it, sorted.
func (r *reader) contested() (ids []string) {
	for id, listings := range r.set.issuers {
		owner := r.owners(id)
		if owner == "" {
			owner = listings[0].Member.ID
		}
		if slices.ContainsFunc(listings, func(i *Issuer) bool { return i.Member.ID != owner }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// tie keeps that the members which list id must be heard together: without
// the consortium's word, what one says rests on what the others say.
func (r *reader) tie(id string) {
	if r.owners(id) != "" {
		return
	}
	var members []string
	for _, i := range r.set.issuers[id] {
		members = append(members, i.Member.ID)
	}
	r.set.ties = append(r.set.ties, members)
}

// owner is the one member that speaks for id: the one that the consortium
// names, else the only one that lists it as its own; empty if there is none.
func (r *reader) owner(id string) string {
	if owner := r.owners(id); owner != "" {
		return owner
	}
	owner := ""
	for _, i := range r.set.issuers[id] {
		if i.isGuest() || i.Member.ID == owner {
			continue
		}
		if owner != "" {
			return ""
		}
		owner = i.Member.ID
	}
	return owner
}

// give leaves id to its owner alone. Others that list nothing but the
// owner's keys agree with it, and that is no fault.
func (r *reader) give(id, owner string) {
	var keys []*Key
	for _, i := range r.set.issuers[id] {
		if i.Member.ID == owner {
			keys = append(keys, i.Keys...)
		}
	}
	for _, i := range r.set.issuers[id] {
		if i.Member.ID == owner {
			continue
		}
		if i.isGuest() || keys != nil && !slices.ContainsFunc(i.Keys, func(k *Key) bool { return !holds(keys, k) }) {
			i.drop(id)
			continue
		}
		r.fault("%s lists %q, which is of %s: left out; consortium.json says under owners whose it is", i.Member.ID, id, owner)
		i.drop(id)
	}
}

// agree leaves of each listing of id the keys that all of them hold. Guests
// are not asked where members list it as their own.
func (r *reader) agree(id string) {
	listings := r.set.issuers[id]
	if own := slices.DeleteFunc(slices.Clone(listings), (*Issuer).isGuest); len(own) > 0 {
		for _, i := range listings {
			if i.isGuest() {
				i.drop(id)
			}
		}
		listings = own
	}
	common := func(k *Key) bool {
		return !slices.ContainsFunc(listings, func(i *Issuer) bool { return !holds(i.Keys, k) })
	}
	clean := func(k *Key) bool {
		return slices.ContainsFunc(listings, func(i *Issuer) bool {
			return slices.ContainsFunc(i.Keys, func(o *Key) bool { return o.Equal(k.Key) && o.Compromised.IsZero() })
		})
	}
	left := map[*Issuer][]*Key{}
	for _, i := range listings {
		for _, k := range i.Keys {
			switch {
			case !common(k):
				r.fault("%s and others list %q with different keys, and key %q is not among all of theirs: left out; say under owners in consortium.json whose it is", i.Member.ID, id, k.ID)
			case !k.Compromised.IsZero() && clean(k):
				r.fault("%s reports key %q of %q stolen, and another member that lists it does not: each speaks for its own listing; say under owners in consortium.json whose it is", i.Member.ID, k.ID, id)
			default:
				left[i] = append(left[i], k)
			}
		}
	}
	for _, i := range listings {
		i.Keys = left[i]
	}
	r.agreeOnWithdrawals(listings)
}

// agreeOnWithdrawals leaves of the withdrawals of an issuer's badges those
// that all of its listings' members make.
func (r *reader) agreeOnWithdrawals(listings []*Issuer) {
	all := func(badge [sha256.Size]byte) bool {
		return !slices.ContainsFunc(listings, func(i *Issuer) bool {
			_, ok := r.set.withdrawn[withdrawal{i, badge}]
			return !ok
		})
	}
	alone := map[*Issuer]int{}
	for w := range r.set.withdrawn {
		if slices.Contains(listings, w.issuer) && !all(w.badge) {
			alone[w.issuer]++
			delete(r.set.withdrawn, w)
		}
	}
	for _, i := range listings {
		if n := alone[i]; n > 0 {
			r.fault("%s withdraws %d badges of %q, which others list and did not withdraw: left out; say under owners in consortium.json whose it is", i.Member.ID, n, i.Name)
		}
	}
}

func (i *Issuer) isGuest() bool { return i.Guest != "" }

func holds(keys []*Key, k *Key) bool {
	return slices.ContainsFunc(keys, func(o *Key) bool { return o.Equal(k.Key) })
}

// drop makes i no listing of id.
func (i *Issuer) drop(id string) {
	delete(i.own, id)
	i.IDs = slices.DeleteFunc(i.IDs, func(s string) bool { return same(s) == id })
}

// reindex makes the look-ups anew from what the issuers hold now.
func (r *reader) reindex() {
	s := r.set
	all := r.issuers
	s.issuers, s.keyIDs, s.holders, s.names = map[string][]*Issuer{}, map[string][]*Key{}, map[material][]*Key{}, map[string]*Issuer{}
	r.issuers = nil
	for _, i := range all {
		if len(i.own) > 0 {
			r.index(i)
		}
	}
}

// ownNames forgets key names that stand at an identifier which only other
// members list: who gives its key such a name could make a proof by the
// other's newest key, not yet known here, look forged.
func (r *reader) ownNames() {
	for id, keys := range r.set.keyIDs {
		if own := r.set.issuers[page(id)]; len(own) == 1 && len(keys) == 1 && own[0].Member == keys[0].Issuer.Member {
			continue // as nearly all are
		}
		listings := append(slices.Clone(r.set.issuers[page(id)]), r.set.issuers[origin(id)]...)
		if len(listings) == 0 {
			if owner := r.owners(page(id)); owner != "" {
				r.set.keyIDs[id] = slices.DeleteFunc(keys, func(k *Key) bool { return k.Issuer.Member.ID != owner })
			}
			continue
		}
		mine := func(k *Key) bool {
			return slices.ContainsFunc(listings, func(i *Issuer) bool { return i.Member == k.Issuer.Member })
		}
		r.set.keyIDs[id] = slices.DeleteFunc(keys, func(k *Key) bool { return !mine(k) })
	}
}

// tellApart adds the member's name to those of issuers, and the folder's to
// those of members, that could be taken for one of another member: two
// schools may well have one name, and a screen must not leave open which.
func (r *reader) tellApart() {
	members := map[string][]*Member{}
	for _, m := range r.set.Members {
		s := skeleton(m.Name)
		members[s] = append(members[s], m)
	}
	for _, alike := range members {
		for _, m := range alike {
			if len(alike) > 1 {
				m.Name += " (" + m.ID + ")"
			}
		}
	}
	named := map[string][]*Issuer{}
	for _, i := range r.issuers {
		named[i.skeleton] = append(named[i.skeleton], i)
	}
	for _, alike := range named {
		if len(alike) == 1 {
			continue
		}
		for _, i := range alike[1:] {
			if i.Member != alike[0].Member && !i.shares(alike[0]) && !strings.EqualFold(i.Name, alike[0].Name) {
				r.set.alike = append(r.set.alike, [2]*Issuer{alike[0], i})
			}
		}
		if !slices.ContainsFunc(alike, func(i *Issuer) bool { return i.Member != alike[0].Member && !i.shares(alike[0]) }) {
			continue
		}
		r.set.ambiguous[alike[0].skeleton] = true
		for _, i := range alike {
			i.Name += " (" + i.Member.Name + ")"
		}
	}
}

// Alike returns pairs of issuers of different members whose names look the
// same and are not: for those who seal a set.
func (s *Set) Alike() [][2]*Issuer {
	if s.part == nil {
		return nil
	}
	return s.alike
}

// shares tells whether two listings have an identifier in common.
func (i *Issuer) shares(other *Issuer) bool {
	for id := range i.own {
		if _, ok := other.own[id]; ok {
			return true
		}
	}
	return false
}
