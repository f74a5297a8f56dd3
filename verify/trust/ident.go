package trust

import (
	"strings"

	"badgekiosk/verify/key"
)

// same returns the form in which identifiers and URLs are compared. What the
// standards call the same compares equal: the case of a scheme and a host,
// the default port, an empty path, the case of percent-encoding in did:web.
// Nothing else does: paths keep their case, and nothing is unescaped.
//
// Source: RFC 3986, section 6.2.2; did:web Method Specification, section 3.
func same(id string) string {
	id = strings.TrimSpace(id)
	if rest, ok := strings.CutPrefix(id, "did:web:"); ok {
		end := strings.IndexAny(rest, ":/?#")
		if end < 0 {
			end = len(rest)
		}
		if lower := strings.ToLower(rest[:end]); lower != rest[:end] {
			return "did:web:" + lower + rest[end:]
		}
		return id
	}
	scheme, rest, ok := strings.Cut(id, "://")
	if !ok {
		return id
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	scheme, host, rest := strings.ToLower(scheme), strings.ToLower(rest[:end]), rest[end:]
	if len(rest) > 0 && rest[0] == '/' && strings.HasPrefix(id, scheme+"://"+host+"/") && !strings.HasSuffix(host, defaultPorts[scheme]) {
		return id
	}
	if port, ok := defaultPorts[scheme]; ok {
		host = strings.TrimSuffix(host, port)
		if rest == "" || rest[0] != '/' {
			rest = "/" + rest
		}
	}
	return scheme + "://" + host + rest
}

var defaultPorts = map[string]string{"https": ":443", "http": ":80"}

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
