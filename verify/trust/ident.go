package trust

import (
	"strings"

	"badgekiosk/verify/key"
)

// same is the form in which identifiers and URLs are compared.
func same(id string) string { return key.Plain(id) }

// page is same without the fragment: where a document is fetched from.
func page(url string) string {
	url, _, _ = strings.Cut(same(url), "#")
	return url
}

// origin is the scheme and host of a URL, or the DID of a DID URL: what one
// owner holds alone.
func origin(id string) string {
	id = same(id)
	if strings.HasPrefix(id, "did:") {
		end := strings.IndexAny(id, "/?#")
		if end < 0 {
			end = len(id)
		}
		return id[:end]
	}
	if scheme, rest, ok := strings.Cut(id, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		return scheme + "://" + host
	}
	return ""
}

// absolute tells whether a key id names its owner too.
func absolute(kid string) bool {
	return strings.HasPrefix(kid, "did:") || strings.Contains(kid, "://")
}

const thumbprintURN = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"

// named tells whether k is listed under the name kid.
func (k *Key) named(kid string) bool {
	if absolute(kid) {
		return k.ID != "" && same(k.ID) == same(kid)
	}
	if strings.TrimPrefix(kid, thumbprintURN) == k.Thumbprint() {
		return true
	}
	_, fragment, ok := strings.Cut(k.ID, "#")
	return ok && fragment == strings.TrimPrefix(kid, "#")
}

// owns tells whether kid can be the name of a key of i: it stands at one of
// its identifiers, or on the web at the same origin, or names nobody.
func (i *Issuer) owns(kid string) bool {
	if !absolute(kid) {
		return true
	}
	for id := range i.own {
		if origin(id) == origin(kid) {
			return true
		}
	}
	return false
}

// spelled are the issuer's keys that kid spells out itself: the fragment of
// many verification methods is the key as a multikey.
func (i *Issuer) spelled(kid string) []*Key {
	_, fragment, _ := strings.Cut(kid, "#")
	if !strings.HasPrefix(fragment, "z") {
		return nil
	}
	named, err := key.FromMultibase(fragment)
	if err != nil {
		return nil
	}
	return i.keys(func(k *Key) bool { return k.Equal(named) })
}

// webDocument is where the DID document of a did:web is published.
//
// Source: did:web Method Specification, section 3.2, Read.
func webDocument(did string) (url string, ok bool) {
	rest, ok := strings.CutPrefix(same(did), "did:web:")
	if !ok || rest == "" {
		return "", false
	}
	host, path, deep := strings.Cut(rest, ":")
	host = strings.ReplaceAll(host, "%3a", ":")
	if !deep {
		return "https://" + host + "/.well-known/did.json", true
	}
	return "https://" + host + "/" + strings.ReplaceAll(path, ":", "/") + "/did.json", true
}
