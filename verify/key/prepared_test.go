package key

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"filippo.io/edwards25519"
)

// random gives bytes that favour the ends: all zero, all one, and runs.
func random(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	kind := rng.IntN(4)
	for i := range b {
		switch kind {
		case 0:
			b[i] = byte(rng.Uint32())
		case 1:
			b[i] = byte(-(rng.Uint32() & 1))
		case 2:
			b[i] = 0xff
		}
	}
	if n > 0 && kind > 0 {
		b[rng.IntN(n)] ^= byte(rng.Uint32())
	}
	return b
}

func edSigner(rng *rand.Rand) (ed25519.PrivateKey, ed25519.PublicKey) {
	private := ed25519.NewKeyFromSeed(random(rng, ed25519.SeedSize))
	return private, private.Public().(ed25519.PublicKey)
}

// preparedKey is a key that was made ready, as far as it is a point.
func preparedKey(public []byte) *Key { return (&Key{kind: Ed25519, raw: public}).Prepared() }

// alone is what the key's multiples say, which the standard library does not
// put right.
func (k *Key) alone(message, sig []byte) bool {
	return k.minus != nil && k.minus.verify(k.raw, message, sig)
}

// agrees compares the multiples of a key with the standard library.
func agrees(t testing.TB, public, message, sig []byte) (ok bool) {
	t.Helper()
	want := len(sig) == ed25519.SignatureSize && ed25519.Verify(public, message, sig)
	k := preparedKey(public)
	got := k.alone(message, sig)
	if got != want {
		t.Fatalf("key %x, message %x, signature %x: got %v, the standard library says %v", public, message, sig, got, want)
	}
	return got
}

// TestPreparedGenuine: what the standard library signs verifies, and nothing that was
// changed by a bit does, under any key.
func TestPreparedGenuine(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		private, public := edSigner(rng)
		message := random(rng, rng.IntN(300))
		sig := ed25519.Sign(private, message)
		if !agrees(t, public, message, sig) {
			t.Fatal("a genuine signature is refused")
		}
		for _, b := range [][]byte{sig, public, message} {
			if len(b) == 0 {
				continue
			}
			at, bit := rng.IntN(len(b)), byte(1)<<rng.IntN(8)
			b[at] ^= bit
			if agrees(t, public, message, sig) {
				t.Fatal("a changed signature is accepted")
			}
			b[at] ^= bit
		}
	}
}

// TestPreparedMangled flips every bit of one signature and cuts it everywhere.
func TestPreparedMangled(t *testing.T) {
	private, public := edSigner(rand.New(rand.NewPCG(3, 4)))
	k, message := preparedKey(public), []byte("Welding I")
	sig := ed25519.Sign(private, message)
	for i := range 8 * len(sig) {
		sig[i/8] ^= 1 << (i % 8)
		if k.alone(message, sig) || k.verifyEdDSA(message, sig) {
			t.Errorf("bit %d flipped is accepted", i)
		}
		sig[i/8] ^= 1 << (i % 8)
	}
	for n := range len(sig) {
		if k.alone(message, sig[:n]) || k.verifyEdDSA(message, sig[:n]) {
			t.Errorf("%d bytes are accepted", n)
		}
	}
}

func number(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func littleEndian(n *big.Int) (b [32]byte) {
	n.FillBytes(b[:])
	slices.Reverse(b[:])
	return b
}

var (
	bigL, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	bigP    = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
)

// TestScalarAboveOrder: s and s+L sign the same, and only s is accepted.
func TestScalarAboveOrder(t *testing.T) {
	private, public := edSigner(rand.New(rand.NewPCG(5, 6)))
	message := []byte("Welding I")
	sig := ed25519.Sign(private, message)
	s := number(sig[32:])
	for s.Add(s, bigL); s.BitLen() <= 256; s.Add(s, bigL) {
		b := littleEndian(s)
		if agrees(t, public, message, append(sig[:32:32], b[:]...)) {
			t.Errorf("s = %x is accepted", b)
		}
	}
}

// small returns the eight points of small order.
func small(t testing.TB) (all [][32]byte) {
	t.Helper()
	rng, l := rand.New(rand.NewPCG(7, 8)), littleEndian(bigL)
	for len(all) < 8 {
		p, err := new(edwards25519.Point).SetBytes(random(rng, 32))
		if err != nil {
			continue
		}
		sum := edwards25519.NewIdentityPoint()
		for i := 255; i >= 0; i-- { // L times p
			sum.Add(sum, sum)
			if l[i/8]>>(i%8)&1 == 1 {
				sum.Add(sum, p)
			}
		}
		if e := [32]byte(sum.Bytes()); !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	return all
}

// TestSmallOrder tries keys and R of small order, and keys that differ from
// genuine ones by a point of small order, with signatures made to fit some of
// them: what the standard library says of each stands here, too.
func TestSmallOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	points, accepted := small(t), 0
	for range 40 {
		private, genuine := edSigner(rng)
		message := random(rng, 16)
		for _, torsion := range points {
			a, err := new(edwards25519.Point).SetBytes(genuine)
			if err != nil {
				t.Fatal(err)
			}
			other, err := new(edwards25519.Point).SetBytes(torsion[:])
			if err != nil {
				t.Fatal(err)
			}
			mixed := a.Add(a, other).Bytes()
			for _, public := range [][]byte{mixed, torsion[:]} {
				sig := ed25519.Sign(private, message)
				agrees(t, public, message, sig)
				copy(sig, points[rng.IntN(len(points))][:])
				if rng.IntN(2) == 0 {
					copy(sig[32:], make([]byte, 32))
				}
				if agrees(t, public, message, sig) {
					accepted++
				}
				if agrees(t, public, message, resigned(private, public, message)) {
					accepted++
				}
			}
		}
	}
	if accepted < 40 {
		t.Errorf("only %d of them are accepted by anybody: the test does not reach what it is for", accepted)
	}
}

// resigned signs as the key's owner would who hashes another public key.
func resigned(private ed25519.PrivateKey, public, message []byte) []byte {
	sig := ed25519.Sign(private, message) // for R = rB and r + hA
	hash := func(public []byte) [sha512.Size]byte {
		return sha512.Sum512(slices.Concat(sig[:32], public, message))
	}
	sum, sum2 := hash(private.Public().(ed25519.PublicKey)), hash(public)
	h, h2 := number(sum[:]), number(sum2[:])
	secret := secretOf(private)
	s := number(sig[32:])
	s.Sub(s, h.Mul(h, secret))
	s.Add(s, h2.Mul(h2, secret))
	b := littleEndian(s.Mod(s, bigL))
	return append(sig[:32:32], b[:]...)
}

// secretOf is the number that a private key multiplies the base point by.
func secretOf(private ed25519.PrivateKey) *big.Int {
	sum := sha512.Sum512(private.Seed())
	sum[0] &= 0xf8
	sum[31] = sum[31]&0x3f | 0x40
	return number(sum[:32])
}

// TestSpellings: a y coordinate of p or more is a second spelling of a point.
// The standard library reads such keys, and never accepts such an R.
func TestSpellings(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for i := range int64(19) {
		for _, sign := range []byte{0, 0x80} {
			b := littleEndian(new(big.Int).Add(bigP, big.NewInt(i)))
			b[31] |= sign
			private, public := edSigner(rng)
			message := random(rng, 8)
			sig := ed25519.Sign(private, message)
			agrees(t, b[:], message, sig)
			agrees(t, b[:], message, append(slices.Clone(b[:]), make([]byte, 32)...))
			agrees(t, public, message, append(slices.Clone(b[:]), sig[32:]...))
		}
	}
}

// TestPreparedPoints: Prepared reads the same keys as the standard library, which says so by
// the signature that its own arithmetic gives; half of all encodings are no
// points.
func TestPreparedPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	bad := 0
	for range 400 {
		b := [32]byte(random(rng, 32))
		agrees(t, b[:], nil, make([]byte, 64))
		if preparedKey(b[:]).minus == nil {
			bad++
		}
	}
	if bad < 100 || bad > 320 {
		t.Errorf("%d of 400 encodings are no points", bad)
	}
}

// FuzzPrepared holds it against the standard library.
func FuzzPrepared(f *testing.F) {
	rng := rand.New(rand.NewPCG(19, 20))
	for range 4 {
		private, public := edSigner(rng)
		f.Add([]byte(public), []byte("Welding I"), ed25519.Sign(private, []byte("Welding I")))
	}
	for _, p := range small(f) {
		f.Add(p[:], []byte{}, append(slices.Clone(p[:]), make([]byte, 32)...))
	}
	f.Add(bytes.Repeat([]byte{0xff}, 32), []byte{}, bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, public, message, sig []byte) {
		if len(public) == ed25519.PublicKeySize {
			agrees(t, public, message, sig)
		}
	})
}

// BenchmarkPrepared prints the ratio to the standard library, timed in turns in
// the same run.
func BenchmarkPrepared(b *testing.B) {
	private, public := edSigner(rand.New(rand.NewPCG(21, 22)))
	k := preparedKey(public)
	for name, message := range map[string][]byte{"digests": make([]byte, 64), "token": make([]byte, 6000)} {
		sig := ed25519.Sign(private, message)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			ours, standard := time.Hour, time.Hour
			for b.Loop() {
				t0 := time.Now()
				k.verifyEdDSA(message, sig)
				t1 := time.Now()
				ed25519.Verify(public, message, sig)
				ours, standard = min(ours, t1.Sub(t0)), min(standard, time.Since(t1))
			}
			b.ReportMetric(float64(ours)/float64(standard), "x-standard")
		})
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			preparedKey(public)
		}
	})
}
