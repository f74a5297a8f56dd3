package jose

import (
	"encoding/base64"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// readHeader fills the fields of t from its header.
func (t *Token) readHeader() error {
	if t.Header.Kind() != ijson.Object {
		return malformed("the header is %s, not an object", t.Header.Kind())
	}
	for _, member := range [...]struct {
		name  string
		field *string
	}{{"alg", &t.Alg}, {"kid", &t.Kid}, {"typ", &t.Typ}, {"cty", &t.Cty}} {
		v := t.Header.Get(member.name)
		if v.Exists() && v.Kind() != ijson.String {
			return malformed("header %q is %s, not a string", member.name, v.Kind())
		}
		*member.field = v.Str()
	}
	if err := checkExtensions(t.Header); err != nil {
		return err
	}
	if err := checkAlg(t.Alg); err != nil {
		return err
	}
	var err error
	if t.JWK, err = headerJWK(t.Header.Get("jwk")); err != nil {
		return err
	}
	t.X5C, err = headerChain(t.Header.Get("x5c"))
	return err
}

// checkExtensions refuses what a reader has to understand or leave alone:
// nothing of it is understood here.
func checkExtensions(header ijson.Value) error {
	crit := header.Get("crit")
	if crit.Exists() {
		if crit.Kind() != ijson.Array || crit.Len() == 0 {
			return malformed("header \"crit\" is no list of names")
		}
		return unsupported("extension %.40q must be understood", crit.First().Raw())
	}
	if header.Get("b64").Exists() {
		return unsupported("a payload that is not in base64")
	}
	return nil
}

func checkAlg(alg string) error {
	switch {
	case strings.EqualFold(alg, "none"):
		return reason.Errorf(reason.SNoProof, "jws: algorithm %q: nothing is signed", alg)
	case alg == "":
		return malformed("the header names no algorithm")
	case !key.Known(alg):
		return unsupported("algorithm %.20q", alg)
	}
	return nil
}

func headerJWK(v ijson.Value) (*key.Key, error) {
	if !v.Exists() {
		return nil, nil
	}
	k, err := key.FromJWK(v)
	if err != nil {
		return nil, reason.Errorf(reason.CodeOf(err, reason.SMalformed), "jws: header \"jwk\": %w", err)
	}
	return k, nil
}

// headerChain reads the first certificate of x5c: standard base64, unlike
// everything else in JOSE (RFC 7515, section 4.1.6).
func headerChain(v ijson.Value) (*key.Key, error) {
	if !v.Exists() {
		return nil, nil
	}
	if v.Kind() != ijson.Array || v.Len() == 0 || v.Len() > MaxChain {
		return nil, malformed("header \"x5c\" holds %d certificates, 1 to %d are taken", v.Len(), MaxChain)
	}
	text := v.First().Str()
	der, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodedLen(len(der)) != len(text) {
		return nil, malformed("header \"x5c\" is not base64")
	}
	k, err := key.FromCertificate(der)
	if err != nil {
		return nil, reason.Errorf(reason.CodeOf(err, reason.SMalformed), "jws: header \"x5c\": %w", err)
	}
	return k, nil
}
