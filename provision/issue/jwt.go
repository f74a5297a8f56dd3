package issue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// joseHeader is the protected header of a compact JWS.
type joseHeader struct {
	Algorithm Algorithm `json:"alg"`
	Type      string    `json:"typ"`
	Content   string    `json:"cty,omitempty"`
	KeyID     string    `json:"kid"`
}

// claims are the registered claims that a VC-JWT repeats the credential in.
type claims struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub,omitempty"`
	ID        string `json:"jti"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp,omitempty"`
}

// jwt signs c in compact serialization, as a VC-JWT with claims or as
// vc+jwt without.
func (i Issuer) jwt(c *credential, f Format, subject string, from, until time.Time) ([]byte, error) {
	h := joseHeader{Algorithm: i.Key.Algorithm, Type: "vc+jwt", KeyID: i.Key.ID}
	if f == VCJWT {
		h.Type = "JWT"
		c.claims = &claims{i.ID, subject, c.ID, from.Unix(), 0}
		if !until.IsZero() {
			c.Expires = until.Unix()
		}
	}
	head, err := compactJSON(h)
	if err != nil {
		return nil, err
	}
	payload, err := compactJSON(c)
	if err != nil {
		return nil, err
	}
	return i.jws(head, payload)
}

// jws is the compact serialization of RFC 7515, section 7.1.
func (i Issuer) jws(head, payload []byte) ([]byte, error) {
	out := b64.AppendEncode(nil, head)
	out = b64.AppendEncode(append(out, '.'), payload)
	signature, err := i.Key.sign(out)
	if err != nil {
		return nil, fmt.Errorf("sign with %s: %w", i.Key.ID, err)
	}
	return b64.AppendEncode(append(out, '.'), signature), nil
}

// compactJSON writes v on one line, without the escapes that are only for
// HTML: each would cost modules in a code.
func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
