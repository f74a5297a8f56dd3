package key

import (
	"bytes"
	"encoding/pem"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// MaxPEM is the longest PEM text or certificate that is read, in bytes.
const MaxPEM = 32 << 10

// FromPEM reads one PEM block: a SubjectPublicKeyInfo ("PUBLIC KEY"), a
// PKCS #1 key ("RSA PUBLIC KEY") or a certificate, of which only the key is
// taken: nothing else in it is judged. A private key, more than one block or
// text after it is an error.
func FromPEM(text []byte) (*Key, error) {
	if len(text) > MaxPEM {
		return nil, malformed("PEM text of %d bytes is over %d", len(text), MaxPEM)
	}
	block, rest := pem.Decode(text)
	if block == nil {
		return nil, malformed("no PEM block in %d bytes", len(text))
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, malformed("more than one PEM block")
	}
	switch block.Type {
	case "PUBLIC KEY":
		return FromSPKI(block.Bytes)
	case "RSA PUBLIC KEY":
		return fromPKCS1(block.Bytes)
	case "CERTIFICATE":
		return FromCertificate(block.Bytes)
	}
	return nil, malformed("PEM block %.40q is no public key", block.Type)
}

// FromCertificate takes the public key out of an X.509 certificate in DER.
// Nothing else of it is judged: who signed it, for whom and until when is
// not looked at, so the key is trusted only where it is listed.
//
// Source: RFC 5280 section 4.1.
func FromCertificate(der []byte) (*Key, error) {
	if len(der) > MaxPEM {
		return nil, malformed("certificate of %d bytes is over %d", len(der), MaxPEM)
	}
	input := cryptobyte.String(der)
	var cert, tbs, spki cryptobyte.String
	version := asn1.Tag(0).ContextSpecific().Constructed()
	if !input.ReadASN1(&cert, asn1.SEQUENCE) || !input.Empty() ||
		!cert.ReadASN1(&tbs, asn1.SEQUENCE) ||
		!tbs.SkipOptionalASN1(version) ||
		!tbs.SkipASN1(asn1.INTEGER) || // serial number
		!tbs.SkipASN1(asn1.SEQUENCE) || // signature algorithm
		!tbs.SkipASN1(asn1.SEQUENCE) || // issuer
		!tbs.SkipASN1(asn1.SEQUENCE) || // validity
		!tbs.SkipASN1(asn1.SEQUENCE) || // subject
		!tbs.ReadASN1Element(&spki, asn1.SEQUENCE) {
		return nil, malformed("not a certificate")
	}
	return FromSPKI(spki)
}
