package qr

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// TestTables holds every row of the standard's tables against gozxing's.
func TestTables(t *testing.T) {
	for v := minVersion; v <= maxVersion; v++ {
		want, err := decoder.Version_GetVersionForNumber(v)
		if err != nil {
			t.Fatal(err)
		}
		got := &versions[v-1]
		if got.codewords != want.GetTotalCodewords() || !slices.Equal(got.alignment, want.GetAlignmentPatternCenters()) {
			t.Errorf("version %d: %d codewords, alignment %v", v, got.codewords, got.alignment)
		}
		if l := newLayout(v); len(l.order) < 8*got.codewords || len(l.order) > 8*got.codewords+7 {
			t.Errorf("version %d: room for %d bits, want %d codewords and at most 7 more", v, len(l.order), got.codewords)
		}
		for bits := range uint(4) {
			named, err := decoder.ErrorCorrectionLevel_ForBits(bits)
			if err != nil {
				t.Fatal(err)
			}
			want := want.GetECBlocksForLevel(named)
			if b := got.blocks(level(bits)); b.ec != want.GetECCodewordsPerBlock() || b.n != want.GetNumBlocks() {
				t.Errorf("version %d, level bits %02b: %+v", v, bits, b)
			}
			if b := got.blocks(level(bits)); got.codewords/b.n+1 > maxBlock || b.ec > maxECC {
				t.Errorf("version %d: a block of %d codewords, %d for error correction", v, got.codewords/b.n+1, b.ec)
			}
		}
	}
}

// TestCorrect repairs as many errors and erasures as the code can, and says
// so where there are more.
func TestCorrect(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 2))
	var c corrector
	for range 2000 {
		ecc := 7 + rnd.IntN(maxECC-6)
		n := ecc + 1 + rnd.IntN(maxBlock-ecc-1)
		block := encodeBlock(rnd, n, ecc)
		erased := rnd.IntN(ecc + 1)
		wrong := rnd.IntN((ecc-erased)/2 + 1)
		if rnd.IntN(4) == 0 {
			wrong += 3 // more than can be repaired
		}
		places := rnd.Perm(n)[:min(n, erased+wrong)]
		if len(places) < erased {
			continue
		}
		damaged := slices.Clone(block)
		for i, p := range places {
			if i >= erased || rnd.IntN(2) == 0 {
				damaged[p] ^= byte(1 + rnd.IntN(255))
			}
		}
		got := c.correct(damaged, ecc, places[:erased])
		within := 2*(len(places)-erased) <= ecc-erased
		if within && (got < 0 || !slices.Equal(damaged, block)) {
			t.Fatalf("%d of %d: %d errors and %d erasures not repaired", ecc, n, len(places)-erased, erased)
		}
		if got >= 0 && !syndromes(damaged, make([]byte, ecc)) {
			t.Fatal("a block said to be repaired has errors")
		}
	}
}

// encodeBlock is random data followed by its error correction codewords:
// the remainder of a division by the generator polynomial.
func encodeBlock(rnd *rand.Rand, n, ecc int) []byte {
	generator := []byte{1}
	for i := range ecc {
		next := make([]byte, len(generator)+1)
		for k, g := range generator {
			next[k] ^= g
			next[k+1] ^= field.mul(g, field.pow(i))
		}
		generator = next
	}
	block := make([]byte, n)
	for i := range n - ecc {
		block[i] = byte(rnd.IntN(256))
	}
	rest := slices.Clone(block)
	for i := range n - ecc {
		for k, g := range generator {
			if k > 0 {
				rest[i+k] ^= field.mul(g, rest[i])
			}
		}
		rest[i] = 0
	}
	copy(block[n-ecc:], rest[n-ecc:])
	return block
}
