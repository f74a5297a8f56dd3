package issue

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"badgekiosk/verify/multibase"
)

// An Algorithm is a kind of key, named as JOSE names its signatures.
type Algorithm string

// The algorithms: Ed25519 (RFC 8037) and P-256 with SHA-256 (RFC 7518).
const (
	EdDSA Algorithm = "EdDSA"
	ES256 Algorithm = "ES256"
)

// ParseAlgorithm reads "ed25519" or "p256", or the JOSE name of either.
func ParseAlgorithm(s string) (Algorithm, error) {
	switch strings.ToLower(s) {
	case "ed25519", "eddsa":
		return EdDSA, nil
	case "p256", "p-256", "es256":
		return ES256, nil
	}
	return "", fmt.Errorf("key type %q is not one of ed25519, p256", s)
}

// A Key is an issuer's private key and the name that verifiers know its
// public half by.
type Key struct {
	ID        string // verification method: a DID URL, or a URL with a fragment
	Algorithm Algorithm
	private   crypto.Signer
}

// NewKey makes a key from the system's random source. Its ID is its own
// did:key until [Key.Name] gives it another.
func NewKey(a Algorithm) (*Key, error) {
	switch a {
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return keyOf(private, err)
	case ES256:
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		return keyOf(private, err)
	}
	return nil, fmt.Errorf("key type %q is not one of %s, %s", a, EdDSA, ES256)
}

// keyOf takes what crypto/x509 and the generators return.
func keyOf(private any, err error) (*Key, error) {
	if err != nil {
		return nil, err
	}
	k := &Key{}
	switch p := private.(type) {
	case ed25519.PrivateKey:
		k.Algorithm, k.private = EdDSA, p
	case *ecdsa.PrivateKey:
		if p.Curve != elliptic.P256() {
			return nil, fmt.Errorf("curve %s is not P-256", p.Curve.Params().Name)
		}
		k.Algorithm, k.private = ES256, p
	default:
		return nil, fmt.Errorf("a key of type %T is neither Ed25519 nor P-256", private)
	}
	k.ID = k.DID() + "#" + k.Multibase()
	return k, nil
}

// Name gives the key the identity that its issuer signs with. A bare issuer
// ID gets the fragment "#key-1", or "#0" for a did:jwk.
func (k *Key) Name(id string) {
	switch {
	case id == "" || id == k.DID():
		id = k.DID() + "#" + k.Multibase()
	case strings.Contains(id, "#"):
	case strings.HasPrefix(id, "did:jwk:"):
		id += "#0"
	default:
		id += "#key-1"
	}
	k.ID = id
}

// publicBytes is the public key as did:key writes it: 32 bytes for Ed25519,
// a compressed point of 33 bytes for P-256.
func (k *Key) publicBytes() []byte {
	switch p := k.private.Public().(type) {
	case ed25519.PublicKey:
		return p
	case *ecdsa.PublicKey:
		u := uncompressed(p)
		return append([]byte{2 | u[64]&1}, u[1:33]...)
	}
	return nil
}

// uncompressed is a P-256 point as 0x04, x, y: 65 bytes.
func uncompressed(p *ecdsa.PublicKey) []byte {
	b, err := p.Bytes()
	if err != nil {
		panic(err) // keyOf let in only points on the curve
	}
	return b
}

// Multibase is the public key as a Multikey, base58btc: "z6Mk…" or "zDna…".
//
// Source: W3C Controlled Identifiers v1.0, section 2.2.2.
func (k *Key) Multibase() string {
	prefix := []byte{0xed, 0x01}
	if k.Algorithm == ES256 {
		prefix = []byte{0x80, 0x24}
	}
	return multibase.EncodeBase58(append(prefix, k.publicBytes()...))
}

// DID is the key's own did:key.
func (k *Key) DID() string { return "did:key:" + k.Multibase() }

// sign signs message: 64 bytes, for P-256 r and s as JOSE and Data Integrity
// write them (RFC 7518, section 3.4).
func (k *Key) sign(message []byte) ([]byte, error) {
	p, ok := k.private.(*ecdsa.PrivateKey)
	if !ok {
		return k.private.Sign(nil, message, crypto.Hash(0))
	}
	sum := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, p, sum[:])
	if err != nil {
		return nil, err
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), nil
}
