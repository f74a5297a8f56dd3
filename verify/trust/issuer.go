package trust

import (
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

// MaxKeys is the most keys that one issuer's file lists.
const MaxKeys = 1_000

// MaxIDs is the most identifiers of one issuer.
const MaxIDs = 64

// issuer reads one file of a member's issuers.
func (r *reader) issuer(file string, m *Member) {
	v := r.object(file)
	if !v.Exists() {
		return
	}
	i := &Issuer{Name: Clean(text(v.Get("name"))), IDs: texts(v.Get("ids")), Member: m, own: map[string]bool{}, home: r.set.part,
		Specimen: v.Get("specimen").Kind() == ijson.True, StatusIssuers: texts(v.Get("statusIssuers")), Guest: Clean(text(v.Get("guest")))}
	i.Help = r.help(v, m.Help)
	doc := v.Get("didDocument")
	if len(i.IDs) == 0 {
		i.IDs = texts(doc.Get("id"))
	}
	switch {
	case i.Name == "":
		r.fault("name is missing: the screen needs one")
		return
	case len(i.IDs) == 0:
		r.fault("ids is missing: name the issuer's DIDs and URLs")
		return
	case len(i.IDs) > MaxIDs:
		r.fault("%d ids, at most %d", len(i.IDs), MaxIDs)
		return
	}
	for _, id := range i.IDs {
		i.own[same(id)] = false
	}
	n := 0
	for at := range v.Get("keys").Each() {
		if n++; n > MaxKeys {
			r.fault("more than %d keys", MaxKeys)
			break
		}
		r.listedKey(at, i)
	}
	r.controller(doc, i)
	r.contained(i)
	r.cached(i)
	r.add(i)
}

// MaxHelp is the most bytes of a contact and of a URL for codes: what a line
// on a panel and a small code hold.
const MaxHelp = 200

// help reads whom to ask, where it does not say as fallback has it.
func (r *reader) help(v ijson.Value, fallback Help) Help {
	h := fallback
	if c := Clean(text(v.Get("contact"))); len(c) > MaxHelp {
		r.fault("contact: %d bytes, at most %d", len(c), MaxHelp)
	} else if c != "" {
		h.Contact = c
	}
	switch url := v.Get("codes").Str(); {
	case url == "":
	case !strings.HasPrefix(url, "https://") || len(url) > MaxHelp || Clean(url) != url || strings.Contains(url, " "):
		r.fault("codes: %.80q is no https URL of at most %d bytes", url, MaxHelp)
	default:
		h.Codes = url
	}
	return h
}

// listedKey reads one of an issuer's keys.
func (r *reader) listedKey(v ijson.Value, i *Issuer) {
	before := r.faults
	k := &Key{ID: v.Get("id").Str(), Issuer: i,
		From: r.time(v, "from"), Until: r.time(v, "until"), Compromised: r.time(v, "compromised")}
	r.readKey(k, v, before)
}

// readKey reads the key itself. Its time and whether it is compromised must
// be certain, so a wrong date, a fault more than before, leaves the key out.
func (r *reader) readKey(k *Key, v ijson.Value, before int) {
	if r.faults > before {
		return
	}
	var err error
	if k.Key, err = publicKey(v); err != nil {
		r.fault("key %q: %w", k.ID, err)
		return
	}
	r.addKey(k)
}

// addKey gives the key to its issuer, once: the listing with dates, which
// comes first, stands.
func (r *reader) addKey(k *Key) {
	if k.ID != "" && !absolute(k.ID) {
		k.ID = k.Issuer.IDs[0] + "#" + strings.TrimPrefix(k.ID, "#")
	}
	for _, old := range k.Issuer.Keys {
		if old.Equal(k.Key) && (old.ID == "" || same(old.ID) == same(k.ID)) {
			return
		}
		if old.Equal(k.Key) { // the same key under a further name
			k.From, k.Until, k.Compromised = old.From, old.Until, old.Compromised
		}
	}
	k.Issuer.Keys = append(k.Issuer.Keys, k)
}

// contained lists the keys that the issuer's identifiers contain.
func (r *reader) contained(i *Issuer) {
	for _, id := range i.IDs {
		if !key.Contains(id) {
			continue
		}
		k, err := key.FromDID(id)
		if err != nil {
			r.fault("ids: %w", err)
			continue
		}
		r.addKey(&Key{Key: k, Issuer: i, ID: methodOf(id)})
	}
}

// methodOf is the name of the one key of a did:key or did:jwk.
func methodOf(did string) string {
	if multikey, ok := strings.CutPrefix(did, "did:key:"); ok {
		return did + "#" + multikey
	}
	return did + "#0"
}

// add makes the issuer known under all its names.
func (r *reader) add(i *Issuer) {
	r.index(i)
	if len(i.Keys) == 0 {
		r.fault("issuer %q has no key that can be used: its badges cannot be checked", i.Name)
	}
}

func (r *reader) index(i *Issuer) {
	r.issuers = append(r.issuers, i)
	for id := range i.own {
		r.set.issuers[id] = append(r.set.issuers[id], i)
	}
	for _, k := range i.Keys {
		if k.ID != "" {
			r.set.keyIDs[same(k.ID)] = append(r.set.keyIDs[same(k.ID)], k)
		}
		m := materialOf(k.Key)
		r.set.holders[m] = append(r.set.holders[m], k)
	}
	if i.skeleton == "" {
		i.skeleton = skeleton(i.Name)
	}
	if s := i.skeleton; s != "" && r.set.names[s] == nil {
		r.set.names[s] = i
	}
}
