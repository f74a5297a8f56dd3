package scanner

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestWorstSenders holds what a joiner may cost when five senders show the
// largest fountains there are, all parts mixed, turn by turn: no more memory
// than four messages, and in the mean no more time for a part than hashing
// one message takes.
func TestWorstSenders(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	const senders, parts = MaxOpen + 1, MaxParts + MaxParts/8
	var codes [senders][]string
	var whole [senders][]byte
	for s := range senders {
		whole[s] = make([]byte, MaxMessage)
		for i := range whole[s] {
			whole[s][i] = byte(rnd.Uint32())
		}
		codes[s] = urParts("x", whole[s], MaxParts, MaxParts+parts)[MaxParts:]
	}
	var j Joiner
	most, complete := 0, 0
	var took, hash []time.Duration
	for i := range parts {
		for s := range senders {
			if s == MaxOpen && i > 20 { // the fifth steps in and out
				continue
			}
			from := time.Now()
			p, ok := j.Add(text(codes[s][i]), start.Add(time.Duration(i)*time.Millisecond))
			took = append(took, time.Since(from))
			if ok {
				complete++
				if !bytes.Equal(p.Data, whole[s]) {
					t.Fatal("another message came out")
				}
			}
			most = max(most, j.size())
		}
		from := time.Now()
		sha256.Sum256(whole[0])
		hash = append(hash, time.Since(from))
	}
	if complete < MaxOpen-1 {
		t.Errorf("%d of %d messages were complete", complete, MaxOpen)
	}
	if limit := MaxOpen * (MaxMessage + MaxParts*1); most > limit {
		t.Errorf("%d bytes held, want %d at most", most, limit)
	}
	a, b := median(took), median(hash)
	t.Logf("%d bytes held at most; a part takes %v, a hash of a whole message %v", most, a, b)
	if a > b {
		t.Errorf("a part takes %v, hashing %d bytes %v", a, MaxMessage, b)
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
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
