package key

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"
	"slices"

	"filippo.io/edwards25519"

	"badgekiosk/verify/reason"
)

// Names of signature algorithms, as JOSE has them.
//
// Source: RFC 7518 section 3.1; RFC 8037 section 3.1; RFC 9864 section 2.
const (
	EdDSA      = "EdDSA"
	EdDSA25519 = "Ed25519" // the fully specified name of the same
	ES256      = "ES256"
	ES384      = "ES384"
	ES512      = "ES512"
	RS256      = "RS256"
	RS384      = "RS384"
	RS512      = "RS512"
	PS256      = "PS256"
	PS384      = "PS384"
	PS512      = "PS512"
)

// algorithms are those that a kind of key can be used with, its own first.
var algorithms = map[Kind][]string{
	Ed25519: {EdDSA, EdDSA25519},
	P256:    {ES256},
	P384:    {ES384},
	P521:    {ES512},
	RSA:     {RS256, PS256, RS384, PS384, RS512, PS512},
}

// Known tells that alg is an algorithm that some key here can be used with.
func Known(alg string) bool {
	for _, algs := range algorithms {
		if slices.Contains(algs, alg) {
			return true
		}
	}
	return false
}

// Alg is the algorithm that the key is used with where nothing names one,
// "" for a key that verifies nothing here.
func (k *Key) Alg() string {
	if k.only != "" {
		return k.only
	}
	if algs := algorithms[k.kind]; len(algs) > 0 {
		return algs[0]
	}
	return ""
}

// fits tells that the key can be used with alg.
func (k *Key) fits(alg string) bool {
	if k.kind == Ed25519 { // the usual case, and both names mean the same
		return alg == EdDSA || alg == EdDSA25519
	}
	return (k.only == "" || k.only == alg) && slices.Contains(algorithms[k.kind], alg)
}

// Verify checks that sig is the key's signature over msg. alg is what the
// token or proof says it was made with: it is compared with the key and
// never chooses how to check.
//
// A signature of ECDSA is r and s, each of the curve's length, as JOSE has
// it. The error is S-INVALID if the signature does not verify or alg is not
// this key's, S-UNSUPPORTED if nothing here can tell (an unknown algorithm,
// a kind of key that is only recognised).
func (k *Key) Verify(alg string, msg, sig []byte) error {
	if !k.fits(alg) {
		if !Known(alg) {
			return unsupported("algorithm %.20q", alg)
		}
		if len(algorithms[k.kind]) == 0 {
			return unsupported("signatures by a %s key", k.kind)
		}
		return reason.Errorf(reason.SInvalid, "algorithm %s is not that of the %s key", alg, k.kind)
	}
	ok := false
	switch k.kind {
	case Ed25519:
		ok = k.verifyEdDSA(msg, sig)
	case RSA:
		ok = k.verifyRSA(alg, msg, sig)
	default:
		ok = k.verifyECDSA(msg, sig)
	}
	if !ok {
		return reason.Errorf(reason.SInvalid, "the signature does not match under the %s key", k.kind)
	}
	return nil
}

// verifyEdDSA never refuses by our own sums alone: what they do not accept, the
// standard library is asked.
func (k *Key) verifyEdDSA(msg, sig []byte) bool {
	return k.minus != nil && k.minus.verify(k.raw, msg, sig) ||
		len(sig) == ed25519.SignatureSize && ed25519.Verify(k.raw, msg, sig)
}

// Prepared is the same key, made ready to check many signatures: of an Ed25519
// key 130 kB of multiples are kept, which halves the time of each good one and
// takes that of two to make. Any other key is returned as it is.
func (k *Key) Prepared() *Key {
	if k.kind != Ed25519 || k.minus != nil {
		return k
	}
	p := *k
	point, err := new(edwards25519.Point).SetBytes(k.raw)
	if err != nil {
		return k // no point: no signature verifies under it
	}
	p.minus = newMultiples(point.Negate(point), keyDigit)
	return &p
}

// verifyECDSA uses the hash that belongs to the curve (RFC 7518, section 3.4).
func (k *Key) verifyECDSA(msg, sig []byte) bool {
	n := coordinate(k.kind)
	if len(sig) != 2*n {
		return false
	}
	hash := crypto.SHA256
	switch k.kind {
	case P384:
		hash = crypto.SHA384
	case P521:
		hash = crypto.SHA512
	}
	var room [sha512.Size]byte
	r, s := new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:])
	// The standard library refuses r and s that are 0 or not below the order.
	return ecdsa.Verify(k.ec, digest(room[:0], hash, msg), r, s)
}

func (k *Key) verifyRSA(alg string, msg, sig []byte) bool {
	hash := crypto.SHA256
	switch alg[2:] {
	case "384":
		hash = crypto.SHA384
	case "512":
		hash = crypto.SHA512
	}
	var room [sha512.Size]byte
	sum := digest(room[:0], hash, msg)
	if alg[0] == 'P' {
		// RFC 7518, section 3.5: the salt is as long as the hash.
		return rsa.VerifyPSS(k.rsa, hash, sum, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
	}
	return rsa.VerifyPKCS1v15(k.rsa, hash, sum, sig) == nil
}

func digest(dst []byte, hash crypto.Hash, msg []byte) []byte {
	switch hash {
	case crypto.SHA384:
		sum := sha512.Sum384(msg)
		return append(dst, sum[:]...)
	case crypto.SHA512:
		sum := sha512.Sum512(msg)
		return append(dst, sum[:]...)
	}
	sum := sha256.Sum256(msg)
	return append(dst, sum[:]...)
}
