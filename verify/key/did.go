package key

import (
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
)

// MaxDID is the longest identifier that a key is read from, in bytes: a
// did:jwk of an RSA key of 8192 bits, with room.
const MaxDID = 4096

// SplitURL splits a DID URL, or any IRI, into what stands before the first
// "#" and what follows. ok is false if there is no "#".
func SplitURL(url string) (id, fragment string, ok bool) { return strings.Cut(url, "#") }

// Contains tells that an identifier contains its own key, so that nobody
// need list it to check a signature: did:key and did:jwk. With a fragment it
// is a DID URL, of which this is true as well.
func Contains(did string) bool {
	return strings.HasPrefix(did, "did:key:") || strings.HasPrefix(did, "did:jwk:")
}

// FromDID reads the key that a did:key or did:jwk contains. A DID of another
// method is S-UNSUPPORTED, one that is badly written S-MALFORMED.
//
// Source: The did:key Method v0.9; did:jwk Method Specification.
func FromDID(did string) (*Key, error) {
	if len(did) > MaxDID {
		return nil, malformed("a DID of %d bytes is over %d", len(did), MaxDID)
	}
	if s, ok := strings.CutPrefix(did, "did:key:"); ok {
		if !strings.HasPrefix(s, "z") {
			return nil, malformed("did:key value %.8q is not base58", s)
		}
		return FromMultibase(s)
	}
	if s, ok := strings.CutPrefix(did, "did:jwk:"); ok {
		text, err := multibase.Base64URL(nil, s)
		if err != nil {
			return nil, malformed("did:jwk: %w", err)
		}
		jwk, err := ijson.Parse(text)
		if err != nil {
			return nil, malformed("did:jwk: %w", err)
		}
		return FromJWK(jwk)
	}
	return nil, unsupported("%.40q contains no key", did)
}

// FromDIDURL reads the key that a verification method of a did:key or
// did:jwk names, and tells which DID controls it. The fragment must be the
// one that the method's own document has: the key again for did:key, "0" for
// did:jwk. Another one names no key and is S-MALFORMED; none at all stands
// for the only one there is.
func FromDIDURL(url string) (k *Key, did string, err error) {
	did, fragment, has := SplitURL(url)
	if k, err = FromDID(did); err != nil {
		return nil, did, err
	}
	own := "0"
	if s, ok := strings.CutPrefix(did, "did:key:"); ok {
		own = s
	}
	if has && fragment != own {
		return nil, did, malformed("%.40q has no key %.60q", did, fragment)
	}
	return k, did, nil
}

// DID is the did:key that contains the key.
func (k *Key) DID() string { return "did:key:" + k.Multibase() }
