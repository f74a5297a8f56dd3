// Package sdjwt reads tokens whose holder chose what to show of them
// (SD-JWT), as SD-JWT VC and as credentials of VC-JOSE-COSE have it.
//
// Every disclosure must belong to a digest that the issuer signed, and every
// digest must occur once: what is left over or fits twice is refused.
//
// Source: RFC 9901; draft-ietf-oauth-sd-jwt-vc; W3C Securing Verifiable
// Credentials using JOSE and COSE, section 3.2.
package sdjwt

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// MaxDisclosures is the most disclosures that one token may carry.
const MaxDisclosures = 500

// A Token is one SD-JWT with what its holder shows of it.
type Token struct {
	// JWT is what the issuer signed, with digests in the place of what may
	// be shown. Its Kid, JWK and X5C say which key.
	JWT *jose.Token
	// Claims are the issuer's with all that is shown put in its place.
	Claims ijson.Value
	// Binding is the holder's own signature, nil if there is none.
	Binding *Binding

	top map[string]bool // names of claims that were disclosed at the top
}

// Parse reads an SD-JWT in compact form: a token, disclosures and perhaps a
// key binding, joined by "~". data must stay unchanged while the Token is
// used.
//
// The error is S-UNCOVERED for a disclosure that no digest stands for,
// S-UNSUPPORTED for a hash that is not known here, Q-TOOBIG over
// [MaxDisclosures]; S-MALFORMED for everything else; and as in
// [jose.Token.Parse].
//
// Source: RFC 9901 section 7.1.
func Parse(data []byte) (*Token, error) {
	switch n := bytes.Count(data, []byte("~")) - 1; {
	case n < 0:
		return nil, malformed("no ~ after the issuer's token")
	case n > MaxDisclosures:
		return nil, reason.Errorf(reason.QTooBig, "sd-jwt: %d disclosures, at most %d are read", n, MaxDisclosures)
	}
	parts := bytes.Split(data, []byte("~"))
	jwt, err := jose.Parse(parts[0])
	if err != nil {
		return nil, err
	}
	claims, err := jwt.Claims()
	if err != nil {
		return nil, err
	}
	hash, err := hashOf(claims.Get("_sd_alg"))
	if err != nil {
		return nil, err
	}
	t := &Token{JWT: jwt}
	if t.Claims, t.top, err = disclose(claims, parts[1:len(parts)-1], hash); err != nil {
		return nil, err
	}
	if last := parts[len(parts)-1]; len(last) > 0 {
		signed := data[:len(data)-len(last)]
		t.Binding, err = parseBinding(last, hash(signed), t.Claims.Get("cnf"))
	}
	return t, err
}

// Verify checks the issuer's signature under k: see [key.Key.Verify].
func (t *Token) Verify(k *key.Key) error { return t.JWT.Verify(k) }

// hidden are the claims of an SD-JWT VC that an issuer must not let a holder
// hide, so that nobody shows a credential without its end or its status.
var hidden = []string{"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"}

// VC maps the token to what it carries: an SD-JWT VC if it has a type (vct),
// else a credential or presentation of the W3C's data model. It says nothing
// about signatures. The errors are those of [jose.Token.VC].
func (t *Token) VC() (*jose.VC, error) {
	typ := strings.TrimPrefix(strings.ToLower(t.JWT.Typ), "application/")
	presentation := typ == "vp+sd-jwt"
	switch typ {
	case "", "jwt", "dc+sd-jwt", "vc+sd-jwt", "vp+sd-jwt", "vc+ld+json+sd-jwt":
	default:
		return nil, malformed("a token of type %.40q is no credential", t.JWT.Typ)
	}
	vct := t.Claims.Get("vct")
	if !vct.Exists() && !t.Claims.Get("@context").Exists() {
		return nil, malformed("neither vct nor @context says what the token is")
	}
	if vct.Exists() {
		if vct.Kind() != ijson.String || presentation {
			return nil, malformed("vct is %s in a token of type %.40q", vct.Kind(), t.JWT.Typ)
		}
		for _, name := range hidden {
			if t.top[name] {
				return nil, malformed("claim %s may not be left to the holder to show", name)
			}
		}
	}
	vc, err := jose.Secured("sd-jwt", presentation, t.Claims)
	if vc != nil && vct.Exists() {
		vc.Issuer, vc.Subject, vc.ID = t.Claims.Get("iss").Str(), t.Claims.Get("sub").Str(), t.Claims.Get("jti").Str()
	}
	return vc, err
}

// hashOf is the hash that the token's digests are made with, which gives
// them as they are written.
func hashOf(alg ijson.Value) (func([]byte) string, error) {
	switch name := alg.Str(); {
	case !alg.Exists() || name == "sha-256":
		return func(b []byte) string { s := sha256.Sum256(b); return multibase.EncodeBase64URL(s[:]) }, nil
	case name == "sha-384":
		return func(b []byte) string { s := sha512.Sum384(b); return multibase.EncodeBase64URL(s[:]) }, nil
	case name == "sha-512":
		return func(b []byte) string { s := sha512.Sum512(b); return multibase.EncodeBase64URL(s[:]) }, nil
	case alg.Kind() != ijson.String:
		return nil, malformed("_sd_alg is %s, not a string", alg.Kind())
	default:
		return nil, reason.Errorf(reason.SUnsupported, "sd-jwt: hash %.20q", name)
	}
}

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "sd-jwt: "+format, args...)
}
