package bbs

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"sync"

	bls "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
)

// The points that every signature of the ciphersuite is over are constants
// of it. They are worked out when first needed, a block at a time, with what
// makes multiplying them fast.

// basePoint is P1 of the ciphersuite (draft, section 7.2.2).
const basePoint = "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9"

const (
	blockSize = 32
	// fixedPoints are the base point, the first generator and one for each
	// message.
	fixedPoints = 2 + MaxMessages
	blocks      = (fixedPoints + blockSize - 1) / blockSize
	// windows are the bytes of a scalar: each is looked up by itself.
	windows = scalarSize
	// buckets are the sizes that a signed digit of a byte can have.
	buckets = 128
)

// A block is some of the fixed points.
type block struct {
	compressed [blockSize][pointSize]byte
	// powers are the points times 1, 256, 256² and so on.
	powers [blockSize][windows]bls.G1Affine
}

// fixed are the blocks of points, in order. They are constants.
var fixed = func() (all [blocks]func() *block) {
	for i := range all {
		all[i] = sync.OnceValue(func() *block { return newBlock(i) })
	}
	return all
}()

// newBlock works out the points of one block.
//
// Source: draft-irtf-cfrg-bbs-signatures, section 4.1.1.
func newBlock(n int) *block {
	b := new(block)
	seed := expand([]byte(apiID+"MESSAGE_GENERATOR_SEED"), apiID+"SIG_GENERATOR_SEED_")
	for i := range (n + 1) * blockSize {
		// The base point stands first, before the generators.
		var point bls.G1Affine
		if i > 0 {
			seed = expand(binary.BigEndian.AppendUint64(seed[:], uint64(i)), apiID+"SIG_GENERATOR_SEED_")
		}
		if i < n*blockSize {
			continue
		}
		var err error
		if i == 0 {
			raw, _ := hex.DecodeString(basePoint)
			_, err = point.SetBytes(raw)
		} else {
			point, err = bls.HashToG1(seed[:], []byte(apiID+"SIG_GENERATOR_DST_"))
		}
		if err != nil {
			panic(err) // a constant of ours is wrong
		}
		b.compressed[i%blockSize] = point.Bytes()
		b.powers[i%blockSize] = powersOf(&point)
	}
	return b
}

func powersOf(point *bls.G1Affine) (out [windows]bls.G1Affine) {
	var jac bls.G1Jac
	jac.FromAffine(point)
	all := make([]bls.G1Jac, windows)
	for i := range all {
		all[i] = jac
		for range 8 {
			jac.DoubleAssign()
		}
	}
	copy(out[:], bls.BatchJacobianToAffineG1(all))
	return out
}

// appendGenerators appends n generators, compressed.
func appendGenerators(dst []byte, n int) []byte {
	for i := 1; i <= n; i++ {
		dst = append(dst, fixed[i/blockSize]().compressed[i%blockSize][:]...)
	}
	return dst
}

// multiplyFixed is the sum of the fixed points, each times its scalar. Every
// byte of every scalar, taken as a digit from -128 to 127, puts a power of
// its point into the bucket of that size; no doubling is needed.
func multiplyFixed(scalars []fr.Element) (sum bls.G1Jac) {
	var bucket [buckets]bls.G1Jac
	for i := range scalars {
		powers := &fixed[i/blockSize]().powers[i%blockSize]
		b := scalars[i].Bytes()
		carry := 0
		for w := range windows {
			digit := int(b[windows-1-w]) + carry
			carry = 0
			if digit > buckets-1 {
				// The highest byte of a scalar is below 0x74 and never gets here.
				digit, carry = digit-2*buckets, 1
			}
			point := powers[w]
			if digit < 0 {
				digit = -digit
				point.Neg(&point)
			}
			if digit > 0 {
				bucket[digit-1].AddMixed(&point)
			}
		}
	}
	var running bls.G1Jac
	for i := buckets - 1; i >= 0; i-- {
		running.AddAssign(&bucket[i])
		sum.AddAssign(&running)
	}
	return sum
}

// multiply is the sum of other points, each times its scalar.
func multiply(points []*bls.G1Affine, scalars []*fr.Element) (sum bls.G1Jac) {
	for i, p := range points {
		var one bls.G1Jac
		one.FromAffine(p)
		one.ScalarMultiplication(&one, scalars[i].BigInt(new(big.Int)))
		sum.AddAssign(&one)
	}
	return sum
}
