package key

import (
	"badgekiosk/verify/multibase"
)

// prefixes are the multicodec codes of public keys, as variable-length
// integers.
//
// Source: W3C Controlled Identifiers v1.0, section 2.2.2; multicodec table.
var prefixes = map[Kind][2]byte{
	Ed25519:    {0xed, 0x01},
	P256:       {0x80, 0x24},
	P384:       {0x81, 0x24},
	P521:       {0x82, 0x24},
	RSA:        {0x85, 0x24},
	BLS12381G2: {0xeb, 0x01},
	Secp256k1:  {0xe7, 0x01},
}

// blsSize is the length of a compressed point of BLS12-381's second group.
const blsSize = 96

// FromMultibase reads a multikey, as publicKeyMultibase has it:
// "z6Mk…", "zDna…". Keys that no badge is signed with (X25519) are
// S-UNSUPPORTED, everything else that is wrong S-MALFORMED.
//
// Source: W3C Controlled Identifiers v1.0, section 2.2.2.
func FromMultibase(s string) (*Key, error) {
	b, err := multibase.Decode(make([]byte, 0, 128), s)
	if err != nil {
		return nil, err
	}
	return FromMultikey(b)
}

// FromMultikey reads the bytes of a multikey: two of prefix, then the key.
func FromMultikey(b []byte) (*Key, error) {
	if len(b) < 2 {
		return nil, malformed("a multikey of %d bytes", len(b))
	}
	for kind, prefix := range prefixes {
		if [2]byte(b) == prefix {
			return fromRaw(kind, b[2:])
		}
	}
	return nil, unsupported("a multikey of kind %x", b[:2])
}

// fromRaw makes a key of what follows the prefix of a multikey. Points are
// compressed there.
func fromRaw(kind Kind, b []byte) (*Key, error) {
	switch kind {
	case Ed25519:
		return fromEd25519(b)
	case RSA:
		return fromPKCS1(b)
	case BLS12381G2:
		return fromBLS(b)
	}
	if len(b) != 1+coordinate(kind) {
		return nil, malformed("a %s multikey of %d bytes", kind, len(b))
	}
	if kind == Secp256k1 {
		return fromSecp256k1(b)
	}
	return fromPoint(kind, b)
}

// fromBLS takes a compressed point. That it is on the curve and in the right
// group is checked where it is used, in package bbs.
func fromBLS(b []byte) (*Key, error) {
	const compressed, infinity = 0x80, 0x40
	if len(b) != blsSize || b[0]&compressed == 0 || b[0]&infinity != 0 {
		return nil, malformed("%d bytes are no compressed BLS12-381 G2 key", len(b))
	}
	return &Key{kind: BLS12381G2, raw: append([]byte(nil), b...)}, nil
}

// Multibase is the key's multikey form: "z6Mk…".
func (k *Key) Multibase() string {
	prefix := prefixes[k.kind]
	return multibase.EncodeBase58(append(prefix[:], k.raw...))
}

// FromBase58 reads the publicKeyBase58 of an Ed25519VerificationKey2018: the
// 32 bytes of the key, without any prefix.
func FromBase58(s string) (*Key, error) {
	b, err := multibase.Base58(make([]byte, 0, 64), s)
	if err != nil {
		return nil, err
	}
	return fromEd25519(b)
}
