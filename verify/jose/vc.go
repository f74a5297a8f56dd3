package jose

import (
	"strings"
	"time"

	"badgekiosk/verify/ijson"
)

// A VC is the credential or presentation that a token carries.
type VC struct {
	// Format is how it is secured, as the report says it: "vc-jwt" (the
	// mapping of Open Badges 3.0 section 8.2 and of VCDM 1.1 section 6.3),
	// "vc-jose", "vc-cose" or "sd-jwt".
	Format string

	// Presentation tells that Value is a verifiable presentation, else it is
	// a verifiable credential.
	Presentation bool

	// Value is the credential or presentation itself. In VCDM 1.1 some of
	// its properties may stand only in the claims: use the fields below.
	Value ijson.Value

	// Claims are the token's own where Value is one of them, else absent.
	Claims ijson.Value

	Issuer  string // of a credential its issuer's id, of a presentation its holder; else claim iss
	ID      string // its id, else claim jti
	Subject string // the first subject's id, else claim sub

	// NotBefore, Expires and Issued are the claims nbf, exp and iat, zero if
	// absent. In VC-JOSE they are about the signature, apart from the
	// credential's own validity; both must hold.
	NotBefore, Expires, Issued time.Time

	// Audience and Nonce are the claims aud (all of them) and nonce, by which
	// a presentation answers a challenge.
	Audience []string
	Nonce    string

	// Absent names claims that Open Badges 3.0 asks of a VC-JWT and that are
	// not there. Issuers leave them out, so it is worth a note and no more.
	Absent []string
}

// mediaTypes are the values of typ that say what a token carries; each is
// known with and without "application/". The ones with "ld" are those of
// drafts, still issued.
var mediaTypes = map[string]struct{ jose, presentation bool }{
	"":               {false, false},
	"jwt":            {false, false},
	"vc+jwt":         {true, false},
	"vc+ld+jwt":      {true, false},
	"vc+ld+json+jwt": {true, false},
	"vp+jwt":         {true, true},
	"vp+ld+jwt":      {true, true},
	"vp+ld+json+jwt": {true, true},
}

// contentTypes are the values of cty that such a payload may have.
var contentTypes = map[string]bool{
	"": true, "vc": true, "vp": true, "vc+ld+json": true, "vp+ld+json": true,
	"json": true, "ld+json": true, "credential-claims-set+json": true,
}

func mediaType(s string) string { return strings.TrimPrefix(strings.ToLower(s), "application/") }

// VC maps the token to what it carries. It says nothing about the signature.
//
// The error is S-INVALID if the claims contradict the credential (another
// issuer, id, subject or date): whoever signed that, no verifier may rely on
// it; the VC is returned with it. It is S-MALFORMED if the token is typed as something else, or holds
// both forms at once. Claims that are absent are no error.
//
// Source: Open Badges 3.0 section 8.2.4.1; VCDM 1.1 section 6.3.1; W3C
// Securing Verifiable Credentials using JOSE and COSE, sections 3.1.1, 3.1.2.
func (t *Token) VC() (*VC, error) {
	claims, err := t.Claims()
	if err != nil {
		return nil, err
	}
	form, known := mediaTypes[mediaType(t.Typ)]
	if !known {
		return nil, malformed("a token of type %.40q is no credential", t.Typ)
	}
	if !contentTypes[mediaType(t.Cty)] {
		return nil, malformed("a token that holds %.40q holds no credential", t.Cty)
	}
	if form.jose {
		return Secured("vc-jose", form.presentation, claims)
	}
	vc := &VC{Format: "vc-jwt", Value: claims}
	if err := vc.readClaims(claims); err != nil {
		return nil, err
	}
	inVC, inVP := claims.Get("vc"), claims.Get("vp")
	switch {
	case inVC.Exists() && inVP.Exists():
		return nil, malformed("a token with both vc and vp")
	case inVC.Exists():
		vc.Value = inVC
	case inVP.Exists():
		vc.Value, vc.Presentation = inVP, true
	}
	if vc.Value.Kind() != ijson.Object {
		return nil, malformed("the credential is %s, not an object", vc.Value.Kind())
	}
	if inVC.Exists() || inVP.Exists() {
		vc.Claims = claims
	}
	return vc, vc.mapJWT(claims)
}

// Secured maps the payload of any envelope of VC-JOSE-COSE, which is the
// credential or presentation itself: package cose and SD-JWT use it too.
// The errors are those of [Token.VC].
func Secured(format string, presentation bool, payload ijson.Value) (*VC, error) {
	if payload.Kind() != ijson.Object {
		return nil, malformed("the credential is %s, not an object", payload.Kind())
	}
	if payload.Get("vc").Exists() || payload.Get("vp").Exists() {
		return nil, malformed("a credential in this form must not have a claim vc or vp")
	}
	vc := &VC{Format: format, Value: payload, Presentation: presentation}
	if err := vc.readClaims(payload); err != nil {
		return nil, err
	}
	return vc, vc.identity(payload)
}

// readClaims reads the registered claims that VC passes on.
func (vc *VC) readClaims(claims ijson.Value) (err error) {
	if vc.NotBefore, err = numericDate(claims, "nbf"); err != nil {
		return err
	}
	if vc.Expires, err = numericDate(claims, "exp"); err != nil {
		return err
	}
	// iat decides nothing, and the W3C's own samples write it as text.
	vc.Issued, _ = numericDate(claims, "iat")
	for aud := range claims.Get("aud").Each() {
		vc.Audience = append(vc.Audience, aud.Str())
	}
	vc.Nonce = claims.Get("nonce").Str()
	return nil
}

// maxDate is the first second after the year 9999.
const maxDate = 253402300800

// numericDate reads seconds since 1970 (RFC 7519, section 2), a fraction
// dropped.
func numericDate(claims ijson.Value, name string) (time.Time, error) {
	v := claims.Get(name)
	if !v.Exists() {
		return time.Time{}, nil
	}
	f, ok := v.Float()
	if !ok || f < 0 || f >= maxDate {
		return time.Time{}, malformed("claim %s is %.40s, not seconds since 1970", name, v.Raw())
	}
	return time.Unix(int64(f), 0).UTC(), nil
}
