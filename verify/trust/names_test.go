package trust

import (
	"strings"
	"testing"
)

// TestPlain puts every byte, and every pair of spaces, everywhere in texts of
// several lengths: what stands as it is must be what nothing is done to.
func TestPlain(t *testing.T) {
	check := func(b []byte) {
		t.Helper()
		want := true
		for i, c := range b {
			if c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(b)-1 || b[i-1] == ' ') {
				want = false
			}
		}
		if got := plain(string(b)); got != want {
			t.Fatalf("%q: %v, want %v", b, got, want)
		}
	}
	for n := range 27 {
		text := []byte(strings.Repeat("welding", 4)[:n])
		check(text)
		for i := range text {
			was := text[i]
			for c := range 256 {
				text[i] = byte(c)
				check(text)
			}
			text[i] = ' '
			for j := range text {
				other := text[j]
				text[j] = ' '
				check(text)
				text[j] = other
			}
			text[i] = was
		}
	}
	if plain(strings.Repeat("a", MaxText)) {
		t.Error("a text of MaxText bytes is left as it is")
	}
}
