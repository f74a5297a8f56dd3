package sdjwt

import (
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// A Binding is a key binding JWT: by it the holder signs what is shown, for
// one reader and one question.
type Binding struct {
	Audience []string  // whom it is made for
	Nonce    string    // the question it answers
	Issued   time.Time // by the holder's clock

	token *jose.Token
	holds bool // it is over what stands before it
	cnf   ijson.Value
}

// parseBinding reads the token after the last "~". shown is the digest of
// everything before it, cnf the issuer's claim which key is the holder's.
//
// Source: RFC 9901 section 4.3.
func parseBinding(compact []byte, shown string, cnf ijson.Value) (*Binding, error) {
	t, err := jose.Parse(compact)
	if err != nil {
		return nil, err
	}
	claims, err := t.Claims()
	if err != nil {
		return nil, err
	}
	if t.Typ != "kb+jwt" {
		return nil, malformed("a key binding of type %.40q", t.Typ)
	}
	iat, ok := claims.Get("iat").Float()
	if !ok || iat < 0 || iat > 1<<40 {
		return nil, malformed("a key binding without its time (iat)")
	}
	b := &Binding{Issued: time.Unix(int64(iat), 0).UTC(), token: t, cnf: cnf}
	for aud := range claims.Get("aud").Each() {
		b.Audience = append(b.Audience, aud.Str())
	}
	b.Nonce = claims.Get("nonce").Str()
	b.holds = claims.Get("sd_hash").Str() == shown
	if len(b.Audience) == 0 || b.Nonce == "" || claims.Get("sd_hash").Kind() != ijson.String {
		return nil, malformed("a key binding needs aud, nonce and sd_hash")
	}
	return b, nil
}

// Verify checks that the holder, whose key the issuer names, signed what is
// shown. For whom and when is in b: the caller compares it.
//
// The error is P-WRONG if it was somebody else or over something else,
// S-UNSUPPORTED if the issuer names the holder's key in a way that is not
// known here.
func (b *Binding) Verify() error {
	jwk := b.cnf.Get("jwk")
	if !jwk.Exists() {
		return reason.Errorf(reason.SUnsupported, "sd-jwt: the issuer names no key (cnf.jwk) that the holder could show")
	}
	k, err := key.FromJWK(jwk)
	if err != nil {
		return err
	}
	if err := b.token.Verify(k); err != nil {
		if reason.CodeOf(err, "") != reason.SInvalid {
			return err
		}
		return reason.Errorf(reason.PWrong, "sd-jwt: key binding: %w", err)
	}
	if !b.holds {
		return reason.Errorf(reason.PWrong, "sd-jwt: the key binding is over something else")
	}
	return nil
}
