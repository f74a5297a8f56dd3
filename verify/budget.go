package verify

import (
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire"
)

// blockChecks is how many Ed25519 checks, or others of the same cost, one
// payload may cause for each block of 16 kB that it has begun: those that take
// 11 ms. A genuine badge holds one signature in a kilobyte or two, and a code
// of 3 kB may hold hundreds that are all the same one, compressed.
const (
	blockSize   = 16 << 10
	blockChecks = 200
)

// maxCredentials is the most credentials of one payload that are judged. A
// small one has room for fewer: each has 64 bytes of signature, which nothing
// compresses.
const maxCredentials = 100

func credentialsFor(size int) int { return min(maxCredentials, 8+size/64) }

// A budget is what judging one payload may still cost.
type budget struct {
	size   int // of the payload, in bytes
	checks int // left
	begun  bool
	// inflated and values are left of the bytes that compressed tokens may
	// hold, and of the values in all JSON that is read.
	inflated, values int
}

func budgetFor(size int) budget {
	return budget{size: size, checks: blockChecks * (1 + size/blockSize), inflated: min(wire.MaxFile, wire.MaxInflated*(1+size/blockSize)), values: ijson.MaxValues}
}

// inflate undoes the compression of a token's payload. All tokens together may
// hold as much as one could alone; one that is damaged takes all of it.
func (b *budget) inflate(payload []byte) ([]byte, error) {
	out, err := wire.Inflated(payload, b.inflated)
	if err != nil {
		b.inflated = 0
		return nil, err
	}
	b.inflated -= len(out)
	return out, nil
}

// affords takes the cost of a check off what is left. The error is Q-TOOBIG.
func (b *budget) affords(cost int) error {
	if b.checks -= cost; b.checks < 0 {
		return reason.Errorf(reason.QTooBig, "more signatures than a payload of %d bytes may hold", b.size)
	}
	return nil
}

// costOf is what a check under k costs, in Ed25519 checks, at most.
func costOf(k *key.Key) int {
	switch k.Kind() {
	case key.P256, key.Secp256k1:
		return 2
	case key.P384:
		return 13
	case key.P521:
		return 35
	case key.BLS12381G2:
		return 50 // and as much again, once, to make the key ready
	case key.RSA:
		kilobits := len(k.Bytes()) / 128
		return 1 + kilobits*kilobits/8
	}
	return 1
}
