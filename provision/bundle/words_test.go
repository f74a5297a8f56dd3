package bundle

import (
	"strings"
	"testing"
)

// TestWords: a person reads six words that stay the same for the same root,
// and are others when a byte changes.
func TestWords(t *testing.T) {
	root := []byte(`{"signed":{"_type":"root"}}`)
	words := Words(root)
	if want := "game tuna runs tent user taxi"; words != want {
		t.Errorf("words of a root are %q, want %q: kiosks in the field show those", words, want)
	}
	if n := len(strings.Fields(words)); n != wordCount {
		t.Errorf("%d words: %q", n, words)
	}
	for i := range root {
		changed := []byte(string(root))
		changed[i] ^= 1
		if other := Words(changed); other == words {
			t.Errorf("byte %d changed, and still %q", i, words)
		}
		if i == 3 {
			break // each costs its time
		}
	}
}

// BenchmarkWords is what a kiosk pays once, when it takes its first root.
func BenchmarkWords(b *testing.B) {
	for b.Loop() {
		Words([]byte("root"))
	}
}
