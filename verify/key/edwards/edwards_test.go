package edwards

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
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

func signer(rng *rand.Rand) (ed25519.PrivateKey, ed25519.PublicKey) {
	private := ed25519.NewKeyFromSeed(random(rng, ed25519.SeedSize))
	return private, private.Public().(ed25519.PublicKey)
}

// agrees compares Verify with the standard library.
func agrees(t testing.TB, public, message, sig []byte) (ok bool) {
	t.Helper()
	want := len(sig) == ed25519.SignatureSize && ed25519.Verify(public, message, sig)
	k := New((*[32]byte)(public))
	got := k != nil && k.Verify(message, sig)
	if got != want {
		t.Fatalf("key %x, message %x, signature %x: got %v, the standard library says %v", public, message, sig, got, want)
	}
	return got
}

// TestGenuine: what the standard library signs verifies, and nothing that was
// changed by a bit does, under any key.
func TestGenuine(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		private, public := signer(rng)
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

// TestMangled flips every bit of one signature and cuts it everywhere.
func TestMangled(t *testing.T) {
	private, public := signer(rand.New(rand.NewPCG(3, 4)))
	k, message := New((*[32]byte)(public)), []byte("Welding I")
	sig := ed25519.Sign(private, message)
	for i := range 8 * len(sig) {
		sig[i/8] ^= 1 << (i % 8)
		if k.Verify(message, sig) {
			t.Errorf("bit %d flipped is accepted", i)
		}
		sig[i/8] ^= 1 << (i % 8)
	}
	for n := range len(sig) {
		if k.Verify(message, sig[:n]) {
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
	private, public := signer(rand.New(rand.NewPCG(5, 6)))
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
		var p, sum point
		b := [32]byte(random(rng, 32))
		if !p.decode(curve(), &b) {
			continue
		}
		sum = point{y: one, z: one}
		for i := 255; i >= 0; i-- { // L times p
			sum.twice(&sum)
			if l[i/8]>>(i%8)&1 == 1 {
				sum.sum(curve(), &sum, &p)
			}
		}
		if e := sum.encode(); !slices.Contains(all, e) {
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
		private, genuine := signer(rng)
		message := random(rng, 16)
		for _, torsion := range points {
			var a, other point
			a.decode(curve(), (*[32]byte)(genuine))
			other.decode(curve(), &torsion)
			a.sum(curve(), &a, &other)
			mixed := a.encode()
			for _, public := range [][]byte{mixed[:], torsion[:]} {
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
	own := New((*[32]byte)(private.Public().(ed25519.PublicKey)))
	other := &Key{bytes: [32]byte(public)}
	sum, sum2 := own.hash(message, sig[:32]), other.hash(message, sig[:32])
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
			private, public := signer(rng)
			message := random(rng, 8)
			sig := ed25519.Sign(private, message)
			agrees(t, b[:], message, sig)
			agrees(t, b[:], message, append(slices.Clone(b[:]), make([]byte, 32)...))
			agrees(t, public, message, append(slices.Clone(b[:]), sig[32:]...))
		}
	}
}

// TestKeys: New reads the same keys as the standard library, which says so by
// the signature that its own arithmetic gives; half of all encodings are no
// points.
func TestKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	bad := 0
	for range 400 {
		b := [32]byte(random(rng, 32))
		agrees(t, b[:], nil, make([]byte, 64))
		if New(&b) == nil {
			bad++
		}
	}
	if bad < 100 || bad > 320 {
		t.Errorf("%d of 400 encodings are no points", bad)
	}
}

// TestField compares the arithmetic with math/big, also for limbs as large as
// each method allows.
func TestField(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	value := func(e *element) *big.Int {
		n := new(big.Int)
		for i := 4; i >= 0; i-- {
			n.Add(n.Lsh(n, 51), new(big.Int).SetUint64(e[i]))
		}
		return n
	}
	limbs := func(below uint64) (e element) {
		for i := range e {
			switch rng.IntN(3) {
			case 0:
				e[i] = below - 1 - rng.Uint64N(3)
			case 1:
				e[i] = rng.Uint64N(below)
			}
		}
		return e
	}
	const weak = 1<<51 + 1<<18
	holds := func(name string, got *element, want *big.Int) {
		t.Helper()
		for _, l := range got {
			if l >= weak {
				t.Fatalf("%s: limb %#x is not weak", name, l)
			}
		}
		b := got.bytes()
		if want.Mod(want, bigP); number(b[:]).Cmp(want) != 0 {
			t.Fatalf("%s: got %x, want %x", name, b, want)
		}
	}
	for range 20_000 {
		a, b := limbs(2*weak), limbs(2*weak)
		var r element
		r.mul(&a, &b)
		holds("mul", &r, new(big.Int).Mul(value(&a), value(&b)))
		r.square(&a)
		holds("square", &r, new(big.Int).Mul(value(&a), value(&a)))
		r.sub(&a, &b)
		holds("sub", &r, new(big.Int).Sub(value(&a), value(&b)))
		any := limbs(1<<64 - 1)
		n := value(&any)
		any.weak()
		holds("weak", &any, n)
	}
	for range 50 {
		a := limbs(weak)
		var r element
		r.invert(&a)
		holds("invert", &r, new(big.Int).Exp(value(&a), new(big.Int).Sub(bigP, big.NewInt(2)), bigP))
		r.root(&a)
		e := new(big.Int).Rsh(new(big.Int).Sub(bigP, big.NewInt(5)), 3)
		holds("root", &r, new(big.Int).Exp(value(&a), e, bigP))
	}
}

// TestScalars compares with math/big: reduction, and that digits add up to
// the number and keep their distance.
func TestScalars(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for i := range 5000 {
		var s scalar
		b := random(rng, 64)
		if i%4 == 0 { // around a multiple of L
			n := new(big.Int).Mul(bigL, number(random(rng, 32)))
			n.Add(n, big.NewInt(int64(rng.IntN(5)-2)))
			if n.Sign() < 0 {
				continue
			}
			n.FillBytes(b)
			slices.Reverse(b)
		}
		s.reduce((*[64]byte)(b))
		want := number(b)
		want.Mod(want, bigL)
		got := new(big.Int)
		for i := 3; i >= 0; i-- {
			got.Add(got.Lsh(got, 64), new(big.Int).SetUint64(s[i]))
		}
		if got.Cmp(want) != 0 || !s.below() {
			t.Fatalf("%x: got %x, want %x", b, got, want)
		}
		for _, width := range []uint{keyWidth, baseWidth} {
			var d digits
			d.set(&s, width)
			sum, last := new(big.Int), -int(width)
			for at, digit := range d {
				if digit == 0 {
					continue
				}
				if digit%2 == 0 || int(digit) >= 1<<(width-1) || int(digit) <= -1<<(width-1) || at-last < int(width) {
					t.Fatalf("%x: digit %d at %d after one at %d, width %d", b, digit, at, last, width)
				}
				last = at
				sum.Add(sum, new(big.Int).Lsh(big.NewInt(int64(digit)), uint(at)))
			}
			if sum.Cmp(want) != 0 {
				t.Fatalf("%x: digits of width %d add up to %x", b, width, sum)
			}
		}
	}
}

// FuzzVerify holds it against the standard library.
func FuzzVerify(f *testing.F) {
	rng := rand.New(rand.NewPCG(19, 20))
	for range 4 {
		private, public := signer(rng)
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

// BenchmarkVerify prints the ratio to the standard library, timed in turns in
// the same run.
func BenchmarkVerify(b *testing.B) {
	private, public := signer(rand.New(rand.NewPCG(21, 22)))
	k := New((*[32]byte)(public))
	for name, message := range map[string][]byte{"digests": make([]byte, 64), "token": make([]byte, 6000)} {
		sig := ed25519.Sign(private, message)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			ours, standard := time.Hour, time.Hour
			for b.Loop() {
				t0 := time.Now()
				k.Verify(message, sig)
				t1 := time.Now()
				ed25519.Verify(public, message, sig)
				ours, standard = min(ours, t1.Sub(t0)), min(standard, time.Since(t1))
			}
			b.ReportMetric(float64(ours)/float64(standard), "x-standard")
		})
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			New((*[32]byte)(public))
		}
	})
}
