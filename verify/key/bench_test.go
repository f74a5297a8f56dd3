package key

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"math/big"
	"testing"
)

// BenchmarkVerify compares Verify with the bare check of the standard library
// in the same run; the ratio is what counts.
func BenchmarkVerify(b *testing.B) {
	msg := make([]byte, 64)
	all := signers(b)
	for _, s := range all {
		k := s.public(b)
		sig := s.sign(b, k.Alg(), msg)
		b.Run(k.Alg(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := k.Verify(k.Alg(), msg, sig); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(k.Alg()+"/bare", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				switch k.kind {
				case Ed25519:
					ed25519.Verify(k.raw, msg, sig)
				case RSA:
					k.verifyRSA(RS256, msg, sig)
				default:
					n := len(sig) / 2
					ecdsa.Verify(k.ec, msg[:32], new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:]))
				}
			}
		})
	}
}

func BenchmarkFromDID(b *testing.B) {
	for _, s := range signers(b) {
		did := s.public(b).DID()
		b.Run(s.public(b).Kind().String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := FromDID(did); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
