package key

import (
	encoding "encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers of keys (RFC 3279, RFC 5480, RFC 8410) and of curves.
var (
	oidRSA     = encoding.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidEC      = encoding.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = encoding.ObjectIdentifier{1, 3, 101, 112}

	oidP256      = encoding.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidP384      = encoding.ObjectIdentifier{1, 3, 132, 0, 34}
	oidP521      = encoding.ObjectIdentifier{1, 3, 132, 0, 35}
	oidSecp256k1 = encoding.ObjectIdentifier{1, 3, 132, 0, 10}
)

// FromSPKI reads a SubjectPublicKeyInfo in DER.
//
// Source: RFC 5280 section 4.1.2.7.
func FromSPKI(der []byte) (*Key, error) {
	input := cryptobyte.String(der)
	var info, algorithm cryptobyte.String
	var oid encoding.ObjectIdentifier
	var public []byte
	if !input.ReadASN1(&info, asn1.SEQUENCE) || !input.Empty() ||
		!info.ReadASN1(&algorithm, asn1.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&oid) ||
		!info.ReadASN1BitStringAsBytes(&public) || !info.Empty() {
		return nil, malformed("not a public key in DER (SubjectPublicKeyInfo)")
	}
	switch {
	case oid.Equal(oidRSA):
		var null cryptobyte.String
		if !algorithm.ReadASN1(&null, asn1.NULL) || !null.Empty() || !algorithm.Empty() {
			return nil, malformed("RSA key with parameters")
		}
		return fromPKCS1(public)
	case oid.Equal(oidEd25519):
		if !algorithm.Empty() {
			return nil, malformed("Ed25519 key with parameters")
		}
		return fromEd25519(public)
	case oid.Equal(oidEC):
		return fromECSPKI(algorithm, public)
	}
	return nil, unsupported("a key of algorithm %s", oid)
}

// fromECSPKI reads the curve's name and the point. Curves written out by
// their numbers are not taken: a forger could choose them.
func fromECSPKI(parameters cryptobyte.String, point []byte) (*Key, error) {
	var curve encoding.ObjectIdentifier
	if !parameters.ReadASN1ObjectIdentifier(&curve) || !parameters.Empty() {
		return nil, malformed("elliptic curve without a name")
	}
	switch {
	case curve.Equal(oidP256):
		return fromPoint(P256, point)
	case curve.Equal(oidP384):
		return fromPoint(P384, point)
	case curve.Equal(oidP521):
		return fromPoint(P521, point)
	case curve.Equal(oidSecp256k1):
		return fromSecp256k1(point)
	}
	return nil, unsupported("a key on curve %s", curve)
}
