package bytewords

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// TestList: nobody mistakes one word of the list for another.
func TestList(t *testing.T) {
	if len(list) != 256*wordLength {
		t.Fatalf("%d letters, want 1024", len(list))
	}
	seen := map[string]string{}
	for i := range 256 {
		w := Word(byte(i))
		ends := w[:1] + w[3:]
		if other, twice := seen[ends]; twice {
			t.Errorf("%s and %s begin and end alike", other, w)
		}
		seen[ends] = w
	}
}

// encode is Decode back.
func encode(b []byte) string {
	var out []byte
	for _, c := range binary.BigEndian.AppendUint32(bytes.Clone(b), crc32.ChecksumIEEE(b)) {
		w := Word(c)
		out = append(out, w[0], w[wordLength-1])
	}
	return string(out)
}

// FuzzDecode: what it takes is what somebody would have written; no letter
// changed is taken.
func FuzzDecode(f *testing.F) {
	f.Add(encode([]byte("Riverbend")))
	f.Add("aeadaolazmjendeoti")
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := Decode(s); ok && encode(got) != s {
			t.Fatalf("%q was taken as %x, which is written %q", s, got, encode(got))
		}
	})
}

// TestMangled changes each letter in turn.
func TestMangled(t *testing.T) {
	whole := encode([]byte("Riverbend"))
	if got, ok := Decode(whole); !ok || string(got) != "Riverbend" {
		t.Fatalf("%q is read as %q", whole, got)
	}
	for i := range whole {
		for c := range 256 {
			b := []byte(whole)
			if b[i] == byte(c) {
				continue
			}
			b[i] = byte(c)
			if got, ok := Decode(string(b)); ok {
				t.Errorf("%q is read as %q", b, got)
			}
		}
		if got, ok := Decode(whole[:i]); ok {
			t.Errorf("%q is read as %q", whole[:i], got)
		}
	}
}
