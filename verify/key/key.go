// Package key holds public keys: it reads them from JWK, multikey, PEM and
// the identifiers that contain one (did:key, did:jwk), and checks signatures.
//
// The key decides which algorithms it can be used with; what a token or a
// proof claims is only compared with it. Private keys are refused wherever
// one is read.
package key

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"

	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// Kind is what a key is for. The zero Kind is none.
type Kind uint8

// The kinds of key. Of Secp256k1 only the name is known here: such a key can
// be listed and compared, and every signature by it is S-UNSUPPORTED.
// BLS12381G2 keys are used by package bbs alone.
const (
	None Kind = iota
	Ed25519
	P256
	P384
	P521
	RSA
	BLS12381G2
	Secp256k1
)

var kindNames = [...]string{"none", "Ed25519", "P-256", "P-384", "P-521", "RSA", "BLS12-381 G2", "secp256k1"}

// String is the kind's usual name.
func (k Kind) String() string { return kindNames[k] }

// A Key is one public key. It never changes and may be used by many
// goroutines at once.
type Key struct {
	kind Kind
	raw  []byte // as multikey has it: the point compressed, RSA as PKCS #1
	only string // the one algorithm that the key's JWK allows, if it names one

	ec  *ecdsa.PublicKey
	rsa *rsa.PublicKey

	minus *multiples // of an Ed25519 point, negated: see Prepared; nil for most
}

// Kind is what the key is.
func (k *Key) Kind() Kind { return k.kind }

// Bytes are the key as multikey has it, without the prefix: an Ed25519 point
// (32 bytes), a compressed point of another curve, or an RSAPublicKey of
// PKCS #1 in DER. They must not be changed.
func (k *Key) Bytes() []byte { return k.raw }

// Equal tells that both are the same key, whatever form they were read from.
func (k *Key) Equal(other *Key) bool {
	return k != nil && other != nil && k.kind == other.kind && string(k.raw) == string(other.raw)
}

// String is the key's multikey form, for logs.
func (k *Key) String() string { return k.Multibase() }

// Thumbprint is the base64url SHA-256 thumbprint of the key as a JWK, by
// which some tokens name it (as kid, bare or as a
// urn:ietf:params:oauth:jwk-thumbprint:sha-256:…).
//
// Source: RFC 7638; RFC 8037 section 2.
func (k *Key) Thumbprint() string {
	sum := sha256.Sum256([]byte(k.jwk()))
	return multibase.EncodeBase64URL(sum[:])
}

// jwk is the key's required JWK members, sorted, without spaces.
func (k *Key) jwk() string {
	b64 := multibase.EncodeBase64URL
	switch k.kind {
	case Ed25519:
		return fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":"%s"}`, b64(k.raw))
	case BLS12381G2:
		return fmt.Sprintf(`{"crv":"Bls12381G2","kty":"OKP","x":"%s"}`, b64(k.raw))
	case RSA:
		return fmt.Sprintf(`{"e":"%s","kty":"RSA","n":"%s"}`, b64(exponentBytes(k.rsa.E)), b64(k.rsa.N.Bytes()))
	case P256, P384, P521, Secp256k1:
		x, y := k.affine()
		return fmt.Sprintf(`{"crv":"%s","kty":"EC","x":"%s","y":"%s"}`, k.kind, b64(x), b64(y))
	}
	return "{}"
}

// FromPublic makes a Key of a key of the standard library:
// ed25519.PublicKey, *ecdsa.PublicKey or *rsa.PublicKey, under the same
// checks as any other key.
func FromPublic(public any) (*Key, error) {
	switch p := public.(type) {
	case ed25519.PublicKey:
		return fromEd25519(p)
	case *ecdsa.PublicKey:
		if k, ok := curveOf(p.Curve); ok {
			point, err := p.Bytes()
			if err != nil {
				return nil, malformed("%s point: %w", k, err)
			}
			return fromPoint(k, point)
		}
	case *rsa.PublicKey:
		return fromRSA(p.N, p.E)
	}
	return nil, unsupported("a public key of type %T", public)
}

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "key: "+format, args...)
}

func unsupported(format string, args ...any) error {
	return reason.Errorf(reason.SUnsupported, "key: "+format, args...)
}
