package marks

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

const word = "Quenbyvantage"

// TestForms hides a word in every form, at every place around the seams of
// what is read at once.
func TestForms(t *testing.T) {
	f, err := New(word)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(order func(uint16) []byte) []byte {
		var b []byte
		for _, c := range utf16.Encode([]rune("x" + word + "y")) {
			b = append(b, order(c)...)
		}
		return b
	}
	hidden := map[string][]byte{
		"as it is": []byte(word), "capitals": []byte(strings.ToUpper(word)), "small": []byte(strings.ToLower(word)),
		"hex": []byte(hex.EncodeToString([]byte("name: " + word))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(word)))),
		"little": wide(func(c uint16) []byte { return []byte{byte(c), byte(c >> 8)} }),
		"big":    wide(func(c uint16) []byte { return []byte{byte(c >> 8), byte(c)} }),
	}
	for before := range 7 {
		text := []byte(strings.Repeat("\xff", before) + word + "\xff\xfe")
		hidden["base64 after "+strings.Repeat("x", before)] = []byte(base64.StdEncoding.EncodeToString(text))
		hidden["base64url after "+strings.Repeat("x", before)] = []byte(base64.URLEncoding.EncodeToString(text))
	}
	for name, h := range hidden {
		for _, at := range []int{0, 1, 1<<20 - 40, 1<<20 - 7, 1 << 20} {
			in := append(append(bytes.Repeat([]byte{0}, at), h...), "end"...)
			places, hits, size, err := f.In(bytes.NewReader(in))
			want := 1
			if name == "big" || name == "little" {
				want = 2 // shifted by a byte it is the other order too
			}
			if err != nil || hits != want || size != int64(len(in)) {
				t.Fatalf("%s at %d: %d hits %v in %d bytes (%v)", name, at, hits, places, size, err)
			}
			if places[0].At < int64(at) || places[0].At > int64(at+12) {
				t.Errorf("%s at %d: said to be at %d", name, at, places[0].At)
			}
		}
	}
}

// TestNone: nothing is found where there is nothing, nor in half a word.
func TestNone(t *testing.T) {
	f, err := New(word)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{"", "Q", word[:len(word)-1], strings.Repeat("Quenby vantage ", 100_000), strings.Repeat("\x00", 3<<20)} {
		if _, hits, _, err := f.In(strings.NewReader(in)); hits != 0 || err != nil {
			t.Errorf("%.20q of %d bytes: %d hits (%v)", in, len(in), hits, err)
		}
	}
}

// TestMany: of many words each is found, and the places kept are bounded.
func TestMany(t *testing.T) {
	var words []string
	for i := range 1000 {
		words = append(words, "marker-"+hex.EncodeToString([]byte{byte(i), byte(i >> 8), 7, 9}))
	}
	f, err := Exact(words...)
	if err != nil {
		t.Fatal(err)
	}
	places, hits, _, err := f.In(iotest.HalfReader(strings.NewReader(strings.Join(words, " "))))
	if hits != len(words) || len(places) != MaxHits || err != nil {
		t.Errorf("%d hits, %d places (%v)", hits, len(places), err)
	}
	if _, err := New("short"); err == nil {
		t.Error("a short word was taken")
	}
}

// TestTurned: a turned word is not found, and turns back.
func TestTurned(t *testing.T) {
	const word = "Marker-Vantage"
	f, err := New(word)
	if err != nil {
		t.Fatal(err)
	}
	if _, hits, _, _ := f.In(strings.NewReader(Turned(word))); hits != 0 || Turned(Turned(word)) != word {
		t.Errorf("%d hits in a turned word, which turns back to %q", hits, Turned(Turned(word)))
	}
}
