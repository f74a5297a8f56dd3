package key

import (
	"crypto/rsa"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Limits of RSA keys. Below is too weak to prove anything; above costs more
// time than a badge is worth.
const (
	MinRSA = 2048 // bits of the modulus
	MaxRSA = 8192
	// minExponent is the least public exponent (FIPS 186-5, A.1.1).
	minExponent = 1<<16 + 1
	// maxExponent is the greatest that the standard library takes.
	maxExponent = 1<<31 - 1
)

// fromRSA checks modulus and exponent and makes a key of them.
func fromRSA(n *big.Int, e int) (*Key, error) {
	if bits := n.BitLen(); n.Sign() <= 0 || bits < MinRSA || bits > MaxRSA {
		return nil, unsupported("an RSA key of %d bits; %d to %d are taken", n.BitLen(), MinRSA, MaxRSA)
	}
	if n.Bit(0) == 0 || e&1 == 0 {
		return nil, malformed("an RSA key with an even number in it")
	}
	if e < minExponent || e > maxExponent {
		return nil, unsupported("RSA exponent %d; %d to %d are taken", e, minExponent, maxExponent)
	}
	return &Key{kind: RSA, raw: marshalPKCS1(n, e), rsa: &rsa.PublicKey{N: n, E: e}}, nil
}

// exponentBytes is e, big-endian, without leading zeros.
func exponentBytes(e int) []byte { return big.NewInt(int64(e)).Bytes() }

func marshalPKCS1(n *big.Int, e int) []byte {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(n)
		b.AddASN1Int64(int64(e))
	})
	return b.BytesOrPanic() // cannot fail: nothing in it can
}

// fromPKCS1 reads an RSAPublicKey in DER (RFC 8017, appendix A.1.1).
func fromPKCS1(der []byte) (*Key, error) {
	input, inner := cryptobyte.String(der), cryptobyte.String(nil)
	n, e := new(big.Int), 0
	if !input.ReadASN1(&inner, asn1.SEQUENCE) || !input.Empty() ||
		!inner.ReadASN1Integer(n) || !inner.ReadASN1Integer(&e) || !inner.Empty() {
		return nil, malformed("not an RSA public key in DER (PKCS #1)")
	}
	return fromRSA(n, e)
}
