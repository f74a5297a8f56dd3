package key

import (
	"crypto/ed25519"
	"slices"
)

// fieldPrime25519 is 2^255-19, little-endian.
var fieldPrime25519 = func() (p [32]byte) {
	for i := range p {
		p[i] = 0xff
	}
	p[0], p[31] = 0xed, 0x7f
	return p
}()

// smallOrder are the y coordinates of the eight points of small order,
// canonically written. A signature by such a key verifies for many messages
// at once, so the key proves nothing.
//
// Source: RFC 8032 section 5.1.7; "Taming the many EdDSAs", table 1.
var smallOrder = [...][32]byte{
	{0: 0}, // order 4
	{0: 1}, // the neutral element, order 1
	{ // order 8
		0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
		0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
	},
	{ // order 8
		0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
		0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
	},
	func() [32]byte { p := fieldPrime25519; p[0]--; return p }(), // -1, order 2
}

// fromEd25519 makes a key of the 32 bytes of an encoded point. Points of
// small order and coordinates that are not below the prime (second spellings
// of a point) are errors. That it is on the curve is found out by Verify: no
// signature verifies under a key that is not.
func fromEd25519(point []byte) (*Key, error) {
	if len(point) != ed25519.PublicKeySize {
		return nil, malformed("an Ed25519 key has 32 bytes, not %d", len(point))
	}
	y := [32]byte(point)
	y[31] &= 0x7f
	if slices.Contains(smallOrder[:], y) {
		return nil, malformed("Ed25519 point %x is of small order", point)
	}
	for i := 31; i >= 0; i-- {
		if y[i] != fieldPrime25519[i] {
			if y[i] < fieldPrime25519[i] {
				return &Key{kind: Ed25519, raw: slices.Clone(point)}, nil
			}
			break
		}
	}
	return nil, malformed("Ed25519 point %x is not canonically written", point)
}
