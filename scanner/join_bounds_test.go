package scanner

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"math/rand/v2"
	"testing"
	"time"
)

// worstSenders are five senders of the largest fountains there are, all parts
// mixed: what each says, and its codes.
func worstSenders() (whole [MaxOpen + 1][]byte, codes [MaxOpen + 1][]string) {
	rnd := rand.New(rand.NewPCG(5, 5))
	for s := range whole {
		whole[s] = make([]byte, MaxMessage)
		for i := range whole[s] {
			whole[s][i] = byte(rnd.Uint32())
		}
		codes[s] = urParts("x", whole[s], MaxParts, 2*MaxParts+MaxParts/8)[MaxParts:]
	}
	return
}

// TestWorstSenders holds what a joiner may keep when the worst senders show
// their codes turn by turn: no more than four messages.
func TestWorstSenders(t *testing.T) {
	whole, codes := worstSenders()
	var j Joiner
	most, complete := 0, 0
	for i := range codes[0] {
		for s := range codes {
			if s == MaxOpen && i > 20 { // the fifth steps in and out
				continue
			}
			p, ok := j.Add(text(codes[s][i]), start.Add(time.Duration(i)*time.Millisecond))
			if ok {
				complete++
				if !bytes.Equal(p.Data, whole[s]) {
					t.Fatal("another message came out")
				}
			}
			most = max(most, j.size())
		}
	}
	if complete < MaxOpen-1 {
		t.Errorf("%d of %d messages were complete", complete, MaxOpen)
	}
	if limit := MaxOpen * (MaxMessage + MaxParts); most > limit {
		t.Errorf("%d bytes held, want %d at most", most, limit)
	}
}

// BenchmarkWorstSenders is what a part of the largest fountain takes in the
// mean, beside hashing one such message.
func BenchmarkWorstSenders(b *testing.B) {
	whole, codes := worstSenders()
	b.Run("part", func(b *testing.B) {
		var j Joiner
		for i := 0; b.Loop(); i++ {
			if i%MaxParts == 0 {
				j = Joiner{} // what is complete costs nothing
			}
			j.Add(text(codes[0][i%MaxParts]), start)
		}
	})
	b.Run("hash", func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(whole[0])
		}
	})
}

// TestUnpacking refuses what unpacks to more than a message may be.
func TestUnpacking(t *testing.T) {
	for size, want := range map[int]bool{MaxMessage: true, MaxMessage + 1: false, 100 * MaxMessage: false} {
		var packed bytes.Buffer
		w, err := flate.NewWriter(&packed, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var j Joiner
		ok := false
		for _, c := range bbqrParts('Z', 'B', packed.Bytes(), 20) {
			_, done := j.Add(text(c), start)
			ok = ok || done
		}
		if ok != want {
			t.Errorf("%d bytes: joined %v, want %v", size, ok, want)
		}
	}
}
