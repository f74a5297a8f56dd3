package key

import (
	"crypto/ed25519"
	"math/big"
	"math/rand/v2"
	"testing"

	"filippo.io/edwards25519"
)

func scalar(t testing.TB, n *big.Int) *edwards25519.Scalar {
	t.Helper()
	b := littleEndian(n)
	s, err := new(edwards25519.Scalar).SetCanonicalBytes(b[:])
	if err != nil {
		t.Fatalf("%v: %v", n, err)
	}
	return s
}

// slowly is n times p by doubling and adding.
func slowly(n *big.Int, p *edwards25519.Point) *edwards25519.Point {
	sum := edwards25519.NewIdentityPoint()
	for i := n.BitLen() - 1; i >= 0; i-- {
		sum.Add(sum, sum)
		if n.Bit(i) == 1 {
			sum.Add(sum, p)
		}
	}
	return sum
}

// scalars are those where digits carry, end or are missing, every digit alone
// in every place, and some at random.
func scalars(bits int) (all []*big.Int) {
	last := new(big.Int).Sub(bigL, big.NewInt(1))
	all = append(all, new(big.Int), last, new(big.Int).Rsh(last, 1))
	for place := 0; place < scalarBits; place += bits {
		for digit := range int64(1)<<bits + 1 {
			n := new(big.Int).Lsh(big.NewInt(digit), uint(place))
			all = append(all, n.Mod(n, bigL), new(big.Int).Sub(last, n))
		}
		all = append(all, new(big.Int).Mod(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(place)), big.NewInt(1)), bigL))
	}
	rng := rand.New(rand.NewPCG(23, 24))
	for range 400 {
		n := number(random(rng, 32))
		all = append(all, n.Mod(n, bigL))
	}
	return all
}

// TestMultiples holds them against the library's own multiplication, and,
// where a point has a part of small order, against doubling and adding.
func TestMultiples(t *testing.T) {
	start := edwards25519.NewGeneratorPoint()
	for _, bits := range []int{keyDigit, baseDigit} {
		m := newMultiples(start, bits)
		for _, n := range scalars(bits) {
			got, s := edwards25519.NewIdentityPoint(), scalar(t, n)
			m.addTo(got, s)
			if want := new(edwards25519.Point).ScalarBaseMult(s); got.Equal(want) != 1 {
				t.Fatalf("digits of %d bits: %v times the base point is %x, want %x", bits, n, got.Bytes(), want.Bytes())
			}
		}
	}
	for i, torsion := range small(t) {
		p, err := new(edwards25519.Point).SetBytes(torsion[:])
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*edwards25519.Point{p, new(edwards25519.Point).Add(p, start)} {
			m := newMultiples(p, keyDigit)
			for _, n := range scalars(keyDigit)[i:][:40] {
				got := edwards25519.NewIdentityPoint()
				m.addTo(got, scalar(t, n))
				if want := slowly(n, p); got.Equal(want) != 1 {
					t.Fatalf("%v times %x is %x, want %x", n, p.Bytes(), got.Bytes(), want.Bytes())
				}
			}
		}
	}
}

// TestSpoiledMultiples: where memory has changed by itself, no genuine badge
// is called forged, and no forged one genuine.
func TestSpoiledMultiples(t *testing.T) {
	private, public := edSigner(rand.New(rand.NewPCG(25, 26)))
	k, refused := preparedKey(public), 0
	for r := range k.minus.rows {
		k.minus.rows[r][3].Set(edwards25519.NewGeneratorPoint())
	}
	for i := range byte(40) {
		message := []byte{i}
		sig := ed25519.Sign(private, message)
		if !k.alone(message, sig) {
			refused++
		}
		if !k.verifyEdDSA(message, sig) {
			t.Error("a genuine signature is refused")
		}
		message[0]++
		if k.verifyEdDSA(message, sig) {
			t.Error("a signature over something else is accepted")
		}
	}
	if refused < 20 {
		t.Errorf("the multiples refuse %d of 40: they were not spoiled", refused)
	}
}
