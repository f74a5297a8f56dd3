package bbs

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"
	"time"

	bls "github.com/consensys/gnark-crypto/ecc/bls12-381"

	"badgekiosk/verify/bbs/bbstest"
	"badgekiosk/verify/reason"
)

// list is n messages.
func list(n int) (all [][]byte) {
	for i := range n {
		all = append(all, fmt.Appendf(nil, "statement %d", i))
	}
	return all
}

func pick(all [][]byte, indexes []int) (some [][]byte) {
	for _, i := range indexes {
		some = append(some, all[i])
	}
	return some
}

func TestOwnProofs(t *testing.T) {
	school := bbstest.NewKey("a made-up school")
	k, err := NewPublicKey(school.Public())
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewPublicKey(bbstest.NewKey("another school").Public())
	if err != nil {
		t.Fatal(err)
	}
	header, presentation := []byte("header"), []byte("presentation")
	for n, indexes := range map[int][]int{0: {}, 1: {0}, 2: {}, 5: {0, 4}, 9: {0, 1, 2, 3, 4, 5, 6, 7, 8}, 40: {3, 31, 32, 39}} {
		all := list(n)
		shown := pick(all, indexes)
		proof := school.Prove(header, presentation, all, indexes)
		if err := k.Verify(proof, header, presentation, indexes, shown); err != nil {
			t.Errorf("%d messages, %v shown: %v", n, indexes, err)
		}
		refuse := func(what string, k *PublicKey, proof, header, presentation []byte, indexes []int, shown [][]byte) {
			t.Helper()
			if got := reason.CodeOf(k.Verify(proof, header, presentation, indexes, shown), ""); got != reason.SInvalid {
				t.Errorf("%d messages, %s: %q", n, what, got)
			}
		}
		refuse("another key", other, proof, header, presentation, indexes, shown)
		refuse("another header", k, proof, header[1:], presentation, indexes, shown)
		refuse("another presentation", k, proof, header, presentation[1:], indexes, shown)
		refuse("one message more", k, proof, header, presentation, append(slices.Clone(indexes), n), append(slices.Clone(shown), []byte("x")))
		refuse("one index more", k, proof, header, presentation, append(slices.Clone(indexes), n), shown)
		if len(indexes) == 0 {
			continue
		}
		refuse("a message less", k, proof, header, presentation, indexes[1:], shown[1:])
		refuse("another message", k, proof, header, presentation, indexes, append([][]byte{[]byte("x")}, shown[1:]...))
		if len(indexes) > 1 {
			swapped := slices.Clone(shown)
			slices.Reverse(swapped)
			refuse("messages exchanged", k, proof, header, presentation, indexes, swapped)
			back := slices.Clone(indexes)
			slices.Reverse(back)
			refuse("indexes falling", k, proof, header, presentation, back, swapped)
			refuse("an index twice", k, proof, header, presentation, append([]int{indexes[0]}, indexes[:len(indexes)-1]...), shown)
		}
		refuse("an index below 0", k, proof, header, presentation, append([]int{-1}, indexes[1:]...), shown)
		refuse("an index beyond", k, proof, header, presentation, append(slices.Clone(indexes[:len(indexes)-1]), n), shown)
	}
}

// TestMangled flips a bit of every byte of a proof and cuts it everywhere.
func TestMangled(t *testing.T) {
	school := bbstest.NewKey("a made-up school")
	k, err := NewPublicKey(school.Public())
	if err != nil {
		t.Fatal(err)
	}
	all, indexes := list(3), []int{1}
	proof := school.Prove(nil, nil, all, indexes)
	shown := pick(all, indexes)
	if err := k.Verify(proof, nil, nil, indexes, shown); err != nil {
		t.Fatal(err)
	}
	for i := range proof {
		m := bytes.Clone(proof)
		m[i] ^= 1 << (i % 8)
		if k.Verify(m, nil, nil, indexes, shown) == nil {
			t.Errorf("verifies with byte %d flipped", i)
		}
		if k.Verify(proof[:i], nil, nil, indexes, shown) == nil {
			t.Errorf("verifies when cut at %d", i)
		}
	}
	// The points at infinity, and scalars that are 0 or not below the order.
	for i, part := range [][]byte{append([]byte{0xc0}, make([]byte, pointSize-1)...), make([]byte, scalarSize), bytes.Repeat([]byte{0xff}, scalarSize)} {
		at := 0
		if i > 0 {
			at = 3 * pointSize
		}
		m := bytes.Clone(proof)
		copy(m[at:], part)
		if k.Verify(m, nil, nil, indexes, shown) == nil {
			t.Errorf("verifies with %x", part)
		}
	}
}

func TestPublicKeys(t *testing.T) {
	good := bbstest.NewKey("a made-up school").Public()
	outside := 0 // points on the curve and outside the group: nearly all are
	for x := range byte(200) {
		raw := make([]byte, bls.SizeOfG2AffineCompressed)
		raw[0], raw[len(raw)-1] = 0x80, x
		var p bls.G2Affine
		if err := bls.NewDecoder(bytes.NewReader(raw), bls.NoSubgroupChecks()).Decode(&p); err != nil || p.IsInSubGroup() {
			continue
		}
		outside++
		if _, err := NewPublicKey(raw); reason.CodeOf(err, "") != reason.SMalformed {
			t.Errorf("a point outside the group: %v", err)
		}
	}
	if outside == 0 {
		t.Error("no point outside the group was tried")
	}
	for name, raw := range map[string][]byte{
		"nothing": nil, "short": good[1:], "long": append(bytes.Clone(good), 0),
		"infinity": append([]byte{0xc0}, make([]byte, len(good)-1)...), "zeros": make([]byte, len(good)),
	} {
		if _, err := NewPublicKey(raw); reason.CodeOf(err, "") != reason.SMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	school := bbstest.NewKey("a made-up school")
	k, err := NewPublicKey(school.Public())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(school.Prove([]byte("h"), nil, list(2), []int{0}), []byte("h"), 0, []byte("statement 0"))
	f.Fuzz(func(t *testing.T, proof, header []byte, index int, message []byte) {
		if len(proof) > minProof+100*scalarSize {
			return
		}
		if err := k.Verify(proof, header, nil, []int{index}, [][]byte{message}); err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
	})
}

// BenchmarkVerify prints, with the time, how many Ed25519 signatures could be
// checked in it (x-ed25519): 52 are 3 ms where one takes 57 µs.
func BenchmarkVerify(b *testing.B) {
	school := bbstest.NewKey("a made-up school")
	k, err := NewPublicKey(school.Public())
	if err != nil {
		b.Fatal(err)
	}
	public, private, _ := ed25519.GenerateKey(nil)
	signature := ed25519.Sign(private, []byte("m"))
	const turns = 10
	for _, n := range []int{9, 82} {
		all, indexes := list(n), []int{0, n / 2, n - 1}
		proof, shown := school.Prove([]byte("h"), nil, all, indexes), pick(all, indexes)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			var spent [2]time.Duration
			b.ResetTimer()
			for range b.N {
				start := time.Now()
				if err := k.Verify(proof, []byte("h"), nil, indexes, shown); err != nil {
					b.Fatal(err)
				}
				spent[0] += time.Since(start)
				start = time.Now()
				for range turns {
					ed25519.Verify(public, []byte("m"), signature)
				}
				spent[1] += time.Since(start)
			}
			b.ReportMetric(turns*float64(spent[0])/float64(spent[1]), "x-ed25519")
		})
	}
}
