package trust

import (
	"errors"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

// MaxMethods is the most verification methods of one document that are read.
const MaxMethods = 256

// publicKey reads the one public key that an entry holds, in whichever of
// the forms that are in use.
//
// Source: W3C Controlled Identifiers v1.0, section 2.2; its predecessors'
// publicKeyBase58 and publicKeyPem.
func publicKey(v ijson.Value) (*key.Key, error) {
	switch {
	case v.Get("publicKeyJwk").Exists():
		return key.FromJWK(v.Get("publicKeyJwk"))
	case v.Get("publicKeyMultibase").Exists():
		return key.FromMultibase(v.Get("publicKeyMultibase").Str())
	case v.Get("publicKeyPem").Exists():
		return key.FromPEM([]byte(v.Get("publicKeyPem").Str()))
	case v.Get("publicKeyBase58").Exists():
		return key.FromBase58(v.Get("publicKeyBase58").Str())
	}
	return nil, errors.New("holds none of publicKeyJwk, publicKeyMultibase, publicKeyPem")
}

// controller takes the keys out of a controller document (a DID document)
// that may be used to sign badges: those under assertionMethod, or, in a
// document without any such list, all of them.
//
// Source: W3C Controlled Identifiers v1.0, sections 2.2 and 3.3.
func (r *reader) controller(doc ijson.Value, i *Issuer) {
	if !doc.Exists() {
		return
	}
	if id := doc.Get("id").Str(); !i.Is(id) {
		r.fault("document of %.80q is not of issuer %q", id, i.Name)
		return
	}
	asserts := doc.Get("assertionMethod")
	if !asserts.Exists() {
		asserts = doc.Get("verificationMethod")
	}
	n := 0
	for v := range asserts.Each() {
		if n++; n > MaxMethods {
			r.fault("more than %d keys", MaxMethods)
			return
		}
		if v.Kind() == ijson.String {
			v = method(doc, v.Str())
		}
		r.method(v, i)
	}
}

// method finds the verification method that a reference names.
func method(doc ijson.Value, ref string) ijson.Value {
	base := doc.Get("id").Str()
	n := 0
	for v := range doc.Get("verificationMethod").Each() {
		if n++; n > MaxMethods {
			break
		}
		if same(resolve(base, v.Get("id").Str())) == same(resolve(base, ref)) {
			return v
		}
	}
	return ijson.Value{}
}

// method lists one verification method of the issuer's own document.
func (r *reader) method(v ijson.Value, i *Issuer) {
	if c := v.Get("controller"); c.Exists() && !i.Is(c.Str()) {
		return // another's key, lent: it signs for that other one
	}
	before := r.faults
	k := &Key{ID: v.Get("id").Str(), Issuer: i, Until: earlier(r.time(v, "expires"), r.time(v, "revoked"))}
	r.readKey(k, v, before)
}
