package trust

import (
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

// profile lists the keys that an issuer's profile of Open Badges 2.0 names:
// written out in it, or in copies that the same member holds of what stands
// at their addresses. A key that says it is another's is left out.
//
// Source: 1EdTech Open Badges 2.0, Profile and CryptographicKey; Open Badges
// 1.1, where a key's address holds nothing but its PEM text.
func (r *reader) profile(doc ijson.Value, i *Issuer) {
	n := 0
	for v := range doc.Get("publicKey").Each() {
		if n++; n > MaxMethods {
			r.fault("more than %d keys", MaxMethods)
			return
		}
		if v.Kind() == ijson.Object {
			r.ownedKey(v, v.Get("id").Str(), i)
			continue
		}
		for _, d := range r.set.part.document(v.Str()) {
			if d.Member == i.Member {
				r.keyDocument(d, i)
				break // the newest
			}
		}
	}
}

func (r *reader) keyDocument(d *Document, i *Issuer) {
	file := r.file
	defer func() { r.file = file }()
	r.file = d.URL
	var json ijson.Doc
	if v, err := json.Parse(trimBOM(d.Data)); err == nil {
		r.ownedKey(v, d.URL, i)
		return
	}
	k, err := key.FromPEM(d.Data)
	if err != nil {
		r.fault("neither a key's document nor its PEM text: %w", err)
		return
	}
	r.addKey(&Key{Key: k, ID: d.URL, Issuer: i})
}

func (r *reader) ownedKey(v ijson.Value, id string, i *Issuer) {
	if owner := v.Get("owner"); owner.Exists() && !i.Is(owner.Str()) {
		r.fault("key %q is of %.200q, not of issuer %q", id, owner.Str(), i.Name)
		return
	}
	k, err := publicKey(v)
	if err != nil {
		r.fault("key %q: %w", id, err)
		return
	}
	r.addKey(&Key{Key: k, ID: id, Issuer: i})
}
