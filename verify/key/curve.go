package key

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
	"slices"
)

// curves are the curves of ECDSA that this package checks signatures on.
var curves = map[Kind]elliptic.Curve{P256: elliptic.P256(), P384: elliptic.P384(), P521: elliptic.P521()}

func curveOf(c elliptic.Curve) (Kind, bool) {
	for k, known := range curves {
		if c == known {
			return k, true
		}
	}
	return None, false
}

// coordinate is the length of a coordinate on the curve of k, in bytes.
func coordinate(k Kind) int {
	switch k {
	case P384:
		return 48
	case P521:
		return 66
	}
	return 32 // P-256 and secp256k1
}

// fromPoint makes a key of a point as SEC 1 writes it, uncompressed (04) or
// compressed (02, 03). A point off the curve, the one at infinity and the
// hybrid form are errors.
func fromPoint(k Kind, point []byte) (*Key, error) {
	n := coordinate(k)
	if len(point) == 1+n && (point[0] == 2 || point[0] == 3) {
		x, y := elliptic.UnmarshalCompressed(curves[k], point)
		if x == nil {
			return nil, malformed("%x… is no point of %s", point[:8], k)
		}
		full := make([]byte, 1+2*n)
		full[0] = 4
		x.FillBytes(full[1 : 1+n])
		y.FillBytes(full[1+n:])
		point = full
	}
	ec, err := ecdsa.ParseUncompressedPublicKey(curves[k], point)
	if err != nil {
		return nil, malformed("%s point of %d bytes: %w", k, len(point), err)
	}
	return &Key{kind: k, raw: compress(point, n), ec: ec}, nil
}

// compress writes an uncompressed point in its short form.
func compress(point []byte, n int) []byte {
	return append([]byte{2 | point[2*n]&1}, point[1:1+n]...)
}

// affine are both coordinates of a key on an elliptic curve.
func (k *Key) affine() (x, y []byte) {
	n := coordinate(k.kind)
	if k.ec == nil {
		y, _ := secp256k1Y(k.raw)
		return k.raw[1:], y
	}
	// A key that was made from a point on its curve has one.
	point, _ := k.ec.Bytes()
	return point[1 : 1+n], point[1+n:]
}

// secp256k1P is the prime of the field that secp256k1 is over (SEC 2,
// section 2.4.1).
var secp256k1P, _ = new(big.Int).SetString("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16)

// secp256k1Y is the second coordinate of a compressed point: the root of
// x³+7 with the parity that its first byte names.
func secp256k1Y(point []byte) (y []byte, ok bool) {
	x := new(big.Int).SetBytes(point[1:])
	if (point[0] != 2 && point[0] != 3) || x.Cmp(secp256k1P) >= 0 {
		return nil, false
	}
	square := new(big.Int).Exp(x, big.NewInt(3), secp256k1P)
	square.Add(square, big.NewInt(7)).Mod(square, secp256k1P)
	root := new(big.Int).ModSqrt(square, secp256k1P)
	if root == nil {
		return nil, false
	}
	if root.Bit(0) != uint(point[0]&1) {
		root.Sub(secp256k1P, root)
	}
	return root.FillBytes(make([]byte, 32)), true
}

// fromSecp256k1 recognises a key, so that it can be compared with others.
func fromSecp256k1(point []byte) (*Key, error) {
	if len(point) == 65 && point[0] == 4 {
		short := compress(point, 32)
		if y, ok := secp256k1Y(short); ok && bytes.Equal(y, point[33:]) {
			return &Key{kind: Secp256k1, raw: short}, nil
		}
	}
	if len(point) == 33 {
		if _, ok := secp256k1Y(point); ok {
			return &Key{kind: Secp256k1, raw: slices.Clone(point)}, nil
		}
	}
	return nil, malformed("%d bytes are no point of secp256k1", len(point))
}
