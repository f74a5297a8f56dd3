package verify

import (
	"time"

	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// A candidate is a key that a lock may have been made with.
type candidate struct {
	key     *key.Key
	listing *trust.Key
	// certain tells that it is the very key that the lock names: if the
	// signature fails under it, the document was changed.
	certain bool
}

// candidates are the keys that a lock may have been made with, those of the
// issuer first. Keys that came with the lock only pick among the listed. They
// are good until it is asked again.
func (j *judgement) candidates(l *lock, issuer string) ([]candidate, error) {
	if key.Contains(l.method) {
		k, _, err := key.FromDIDURL(l.method)
		if err != nil {
			return nil, err
		}
		return j.contained(k, issuer), nil
	}
	if l.method == "" && len(l.carried) == 0 && key.Contains(issuer) {
		k, err := key.FromDID(issuer)
		if err != nil {
			return nil, err
		}
		return j.contained(k, issuer), nil
	}
	all := j.found[:0]
	defer func() { j.found = all }()
	if l.method != "" || len(l.carried) == 0 {
		for _, i := range j.set.Listed(issuer) {
			keys, certain := i.For(l.method)
			certain = certain && i.Speaks(issuer)
			for _, k := range keys {
				all = append(all, candidate{k.Key, k, certain})
			}
		}
		for _, k := range j.set.ByID(l.method) {
			if !k.Issuer.Is(issuer) {
				all = append(all, candidate{k.Key, k, !j.unheard(issuer)})
			}
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	for _, k := range l.carried {
		if listing := j.holder(k, issuer); listing != nil {
			all = append(all, candidate{k, listing, true})
		} else if self, err := key.FromDID(issuer); err == nil && self.Equal(k) {
			all = append(all, candidate{k, nil, true})
		}
	}
	return all, nil
}

// contained is the one candidate that a lock's own identifier contains.
func (j *judgement) contained(k *key.Key, issuer string) []candidate {
	j.found = append(j.found[:0], candidate{k, j.holder(k, issuer), true})
	return j.found
}

// holder is the entry that lists k: the issuer's own before another's.
func (j *judgement) holder(k *key.Key, issuer string) *trust.Key {
	var other *trust.Key
	for _, l := range j.set.Holders(k) {
		if l.Issuer.Is(issuer) {
			return l
		}
		if other == nil {
			other = l
		}
	}
	return other
}

// owned says whose key it was that fitted.
func (j *judgement) owned(o opened, issuer string, made time.Time) opened {
	for _, l := range j.set.Holders(o.key) {
		// A member reports its own keys stolen, never another's.
		if !l.Compromised.IsZero() && (o.listing == nil || l.Issuer.Member == o.listing.Issuer.Member) {
			o.code = reason.KCompromised
			return o
		}
	}
	switch {
	case o.listing != nil && o.listing.Issuer.Is(issuer):
		if !o.listing.Covers(made) {
			o.code = reason.KUnknown
		}
	case o.listing == nil && o.isSelf(issuer):
		// Nobody lists it, but it is the issuer's own.
	case issuer == "", !key.Contains(issuer) && j.unheard(issuer):
		o.code = reason.KUnknown // a badge that names nobody is not certainly another's
	default:
		o.code = reason.KForeign
	}
	return o
}

// unheard tells whether an issuer is known here, but not from the member that
// speaks for it: what its keys are, and are not, then nobody here can say.
func (j *judgement) unheard(issuer string) bool {
	listings := j.set.Listed(issuer)
	for _, i := range listings {
		if i.Speaks(issuer) {
			return false
		}
	}
	return len(listings) > 0 || j.set.HasOwner(issuer)
}

// isSelf tells whether the issuer's identifier contains the very key.
func (o opened) isSelf(issuer string) bool {
	k, err := key.FromDID(issuer)
	return err == nil && k.Equal(o.key)
}
