// Package edwards checks Ed25519 signatures by keys that are used again and
// again. Multiples of the key are made once; with them a signature takes less
// than half of the work.
//
// It accepts what crypto/ed25519 accepts and nothing else: tests compare the
// two. Everything in it is public, so none of it hides how long it takes; it
// must never see a private key.
//
// Source: RFC 8032, section 5.1.7, without the cofactor.
package edwards

import (
	"crypto/sha512"
	"sync"
)

// Digits of the base point's scalar and of a key's may be so wide; each bit
// more doubles the table.
const (
	baseWidth = 8
	keyWidth  = 7
)

// Size is about the memory of one Key, in bytes.
const Size = 32 << 10

// A Key is an Ed25519 public key with the multiples that checking takes. It
// never changes and may be used by many goroutines at once.
type Key struct {
	bytes [32]byte
	minus *table // of the point times -1
}

var base = sync.OnceValue(func() *table { return newTable(curve(), &curve().base, baseWidth) })

// New prepares a key, which takes as long as two or three signatures. It is
// nil if the 32 bytes encode no point.
func New(public *[32]byte) *Key {
	var p point
	if !p.decode(curve(), public) {
		return nil
	}
	p.negate()
	return &Key{*public, newTable(curve(), &p, keyWidth)}
}

// Verify tells whether sig is the key's signature over message.
func (k *Key) Verify(message, sig []byte) bool {
	if len(sig) != 64 {
		return false
	}
	var s, h scalar
	if s.setBytes(sig[32:]); !s.below() {
		return false
	}
	sum := k.hash(message, sig[:32])
	h.reduce(&sum)
	var byBase, byKey digits
	byBase.set(&s, baseWidth)
	byKey.set(&h, keyWidth)
	var r point // sB - hA, which must be R
	r.addUp(&byBase, base(), &byKey, k.minus)
	return r.encode() == [32]byte(sig)
}

// hash is SHA-512 over R, the key and the message.
func (k *Key) hash(message, r []byte) (sum [64]byte) {
	if len(message) <= short {
		var room [64 + short]byte
		return sha512.Sum512(append(append(append(room[:0], r...), k.bytes[:]...), message...))
	}
	h := sha512.New()
	h.Write(r)
	h.Write(k.bytes[:])
	h.Write(message)
	h.Sum(sum[:0])
	return sum
}

// short is a message that fits the stack: the two digests of a proof.
const short = 128
