package key

import (
	"math/big"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// secretMembers are the members of a JWK that only a private or symmetric
// key has (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
var secretMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// FromJWK reads a JSON Web Key. A private or symmetric key is S-MALFORMED: it
// must never be shown, and its signatures prove nothing. A key that says it
// is for encryption ("use", "key_ops") is S-PURPOSE. If it names its
// algorithm ("alg"), it verifies under that alone.
//
// Source: RFC 7517; RFC 7518 section 6; RFC 8037; RFC 8812.
func FromJWK(jwk ijson.Value) (*Key, error) {
	if jwk.Kind() != ijson.Object {
		return nil, malformed("a JWK is a JSON object, not %s", jwk.Kind())
	}
	for _, name := range secretMembers {
		if jwk.Get(name).Exists() {
			return nil, malformed("a JWK with the private member %q", name)
		}
	}
	if err := checkUse(jwk); err != nil {
		return nil, err
	}
	k, err := fromKty(jwk)
	if err != nil {
		return nil, err
	}
	if alg := jwk.Get("alg"); alg.Exists() {
		if k.only = alg.Str(); !k.fits(k.only) && k.kind != BLS12381G2 && k.kind != Secp256k1 {
			return nil, unsupported("%s key for algorithm %.20q", k.kind, k.only)
		}
	}
	return k, nil
}

// checkUse refuses a key that is not for signatures.
func checkUse(jwk ijson.Value) error {
	if use := jwk.Get("use"); use.Exists() && use.Str() != "sig" {
		return reason.Errorf(reason.SPurpose, "key: a JWK for use %.20q, not for signatures", use.Str())
	}
	ops := jwk.Get("key_ops")
	if !ops.Exists() {
		return nil
	}
	for op := range ops.Each() {
		if op.Str() == "verify" {
			return nil
		}
	}
	return reason.Errorf(reason.SPurpose, "key: a JWK whose key_ops do not hold %q", "verify")
}

func fromKty(jwk ijson.Value) (*Key, error) {
	kty, crv := jwk.Get("kty").Str(), jwk.Get("crv").Str()
	switch {
	case kty == "RSA":
		return fromRSAJWK(jwk)
	case kty == "OKP" && crv == "Ed25519":
		x, err := member(jwk, "x")
		if err != nil {
			return nil, err
		}
		return fromEd25519(x)
	case kty == "OKP" && (crv == "Bls12381G2" || crv == "BLS12381G2"):
		x, err := member(jwk, "x")
		if err != nil {
			return nil, err
		}
		return fromBLS(x)
	case kty == "EC":
		return fromECJWK(jwk, crv)
	}
	return nil, unsupported("a JWK of type %.20q, curve %.20q", kty, crv)
}

func fromECJWK(jwk ijson.Value, crv string) (*Key, error) {
	kind := map[string]Kind{"P-256": P256, "P-384": P384, "P-521": P521, "secp256k1": Secp256k1}[crv]
	if kind == None {
		return nil, unsupported("a JWK on curve %.20q", crv)
	}
	point := []byte{4}
	for _, name := range [...]string{"x", "y"} {
		b, err := member(jwk, name)
		if err != nil {
			return nil, err
		}
		if len(b) != coordinate(kind) {
			return nil, malformed("JWK member %q has %d bytes, a coordinate of %s %d", name, len(b), kind, coordinate(kind))
		}
		point = append(point, b...)
	}
	if kind == Secp256k1 {
		return fromSecp256k1(point)
	}
	return fromPoint(kind, point)
}

func fromRSAJWK(jwk ijson.Value) (*Key, error) {
	n, err := member(jwk, "n")
	if err != nil {
		return nil, err
	}
	e, err := member(jwk, "e")
	if err != nil {
		return nil, err
	}
	if len(n) == 0 || len(e) == 0 || len(e) > 4 {
		return nil, malformed("RSA JWK with n of %d and e of %d bytes", len(n), len(e))
	}
	return fromRSA(new(big.Int).SetBytes(n), int(new(big.Int).SetBytes(e).Int64()))
}

// member decodes a member that is base64url.
func member(jwk ijson.Value, name string) ([]byte, error) {
	v := jwk.Get(name)
	if v.Kind() != ijson.String {
		return nil, malformed("JWK member %q is %s", name, v.Kind())
	}
	b, err := multibase.Base64URL(nil, v.Bytes())
	if err != nil {
		return nil, malformed("JWK member %q: %w", name, err)
	}
	return b, nil
}

// MarshalJWK writes the key as a JWK with its required members alone.
func (k *Key) MarshalJWK() []byte { return []byte(k.jwk()) }
