package verify

import (
	"crypto/ed25519"
	"encoding/binary"
	"testing"

	"badgekiosk/verify/key"
	"badgekiosk/verify/trust"
)

// TestPreparedKeys: a listed key is prepared when it is met again, the ones
// used last stay, and a key that nobody lists is never kept.
func TestPreparedKeys(t *testing.T) {
	var p preparedKeys
	listed := make([]*trust.Key, maxPrepared+10)
	for i := range listed {
		seed := make([]byte, ed25519.SeedSize)
		binary.LittleEndian.PutUint32(seed, uint32(i))
		k, err := key.FromPublic(ed25519.NewKeyFromSeed(seed).Public())
		if err != nil {
			t.Fatal(err)
		}
		listed[i] = &trust.Key{Key: k}
	}
	use := func(i int) *key.Key {
		k, _ := p.key(candidate{key: listed[i].Key, listing: listed[i]})
		return k
	}
	if use(0) != listed[0].Key {
		t.Error("a key met once is prepared, which costs more than it saves")
	}
	if k := use(0); k == listed[0].Key || !k.Equal(listed[0].Key) {
		t.Error("a key met twice is not prepared, or is another")
	}
	for i := 1; i < len(listed); i++ {
		use(i)
		use(0)
	}
	if len(p.used) != maxPrepared {
		t.Errorf("%d keys are kept, want %d", len(p.used), maxPrepared)
	}
	if p.used[listed[0]] == nil || p.used[listed[1]] != nil {
		t.Error("it is not the key unused for longest that goes")
	}
	before := len(p.used)
	own := listed[5].Key
	if k, _ := p.key(candidate{key: own}); k != own || len(p.used) != before {
		t.Error("a key that nobody lists is kept")
	}
}
