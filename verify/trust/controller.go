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
// document without that list, all that it does not name for something else.
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
	unsorted := !asserts.Exists()
	if unsorted {
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
		if unsorted && elsewhere(doc, v.Get("id").Str()) {
			continue
		}
		r.method(v, i)
	}
}

// elsewhere tells whether a document names a key for something other than
// badges, such as logging in.
func elsewhere(doc ijson.Value, id string) bool {
	for _, purpose := range []string{"authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation"} {
		n := 0
		for v := range doc.Get(purpose).Each() {
			if n++; n > MaxMethods {
				break
			}
			if v.Kind() == ijson.String && sameKeyID(doc, v.Str(), id) {
				return true
			}
		}
	}
	return false
}

func sameKeyID(doc ijson.Value, a, b string) bool {
	base := doc.Get("id").Str()
	return same(resolve(base, a)) == same(resolve(base, b))
}

// method finds the verification method that a reference names.
func method(doc ijson.Value, ref string) ijson.Value {
	n := 0
	for v := range doc.Get("verificationMethod").Each() {
		if n++; n > MaxMethods {
			break
		}
		if sameKeyID(doc, v.Get("id").Str(), ref) {
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
