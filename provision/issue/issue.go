// Package issue makes what a pilot needs to try a kiosk: an issuer's key,
// Open Badges 3.0 credentials signed with it, status lists, and the unsealed
// trust folder that lists the issuer. It is the small honest version of an
// issuing system: no server, no database, no learner's name unless one is
// given. Nothing that judges a badge calls it.
package issue

import (
	"fmt"
	"strings"
)

// A Format is how a credential is secured. Its name is the one that reports
// on badges carry.
type Format string

// The formats that this package signs.
const (
	// VCJWT is a compact JWS with registered claims beside the credential.
	// Source: Open Badges 3.0, section 8.2.
	VCJWT Format = "vc-jwt"
	// VCJOSE is a compact JWS of the credential alone, typ "vc+jwt".
	// Source: W3C Securing VCs using JOSE and COSE, section 3.1.
	VCJOSE Format = "vc-jose"
	// RDFC is a Data Integrity proof over canonical RDF.
	// Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.2.
	RDFC Format = "di-eddsa-rdfc-2022"
	// JCS is a Data Integrity proof over canonical JSON.
	// Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3.
	JCS Format = "di-eddsa-jcs-2022"
)

// formats lists what a person may ask for, the default first.
var formats = [...]Format{VCJWT, VCJOSE, RDFC, JCS}

// ParseFormat reads a format's name. The error lists the names there are.
func ParseFormat(s string) (Format, error) {
	names := make([]string, len(formats))
	for i, f := range formats {
		if string(f) == s {
			return f, nil
		}
		names[i] = string(f)
	}
	return "", fmt.Errorf("format %q is not one of %s", s, strings.Join(names, ", "))
}

// An Issuer is who signs.
type Issuer struct {
	ID   string // a DID or an https URL
	Name string // what its badges call it; a kiosk shows the trust set's name
	Key  *Key
}

// NewIssuer is the issuer that key belongs to: the one its key ID names, or,
// for a key without an ID, the did:key of the key itself.
func NewIssuer(key *Key, name string) Issuer {
	id, _, _ := strings.Cut(key.ID, "#")
	return Issuer{ID: id, Name: name, Key: key}
}
