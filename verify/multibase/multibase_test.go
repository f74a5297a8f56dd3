package multibase

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

// TestBase58 holds the examples of draft-msporny-base58 section 5.
func TestBase58(t *testing.T) {
	for _, c := range []struct{ text, hex string }{
		{"z2NEpo7TZRRrLZSi2U", hex.EncodeToString([]byte("Hello World!"))},
		{"zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
			hex.EncodeToString([]byte("The quick brown fox jumps over the lazy dog."))},
		{"z11233QC4", "0000287fb4cd"},
		{"z", ""},
		{"z1", "00"},
	} {
		got, err := Decode(nil, c.text)
		if err != nil || hex.EncodeToString(got) != c.hex {
			t.Errorf("Decode(%q) = %x, %v; want %s", c.text, got, err, c.hex)
		}
		if back := EncodeBase58(got); back != c.text {
			t.Errorf("EncodeBase58(%x) = %q, want %q", got, back, c.text)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		if n%5 == 0 { // leading zeros are their own case in base58
			copy(b, []byte{0, 0})
		}
		for _, s := range []string{EncodeBase58(b), "u" + EncodeBase64URL(b)} {
			got, err := Decode([]byte("x"), s)
			if err != nil || !bytes.Equal(got, append([]byte("x"), b...)) {
				t.Fatalf("Decode(%q) = %x, %v; want x and %x", s, got, err, b)
			}
		}
	}
}

// TestStrict names spellings that other decoders take.
func TestStrict(t *testing.T) {
	for _, s := range []string{
		"", "f00", "M", "uQQ==", "uQR", "uQQQR\n", "uQQ\r", "uQ", "uQ+Q", "uQ/Q", "uQUF", " uQQ", "uQQ ",
		"z0", "zO", "zI", "zl", "z 1", "z1\n", "zé", "\xffz",
		"z" + string(bytes.Repeat([]byte("2"), MaxBase58+1)),
	} {
		if got, err := Decode(nil, s); err == nil {
			t.Errorf("Decode(%.20q) = %x, want an error", s, got)
		}
	}
}

// TestMangled holds that one value has one spelling: no changed, added or
// missing character decodes to the same bytes.
func TestMangled(t *testing.T) {
	value := []byte("\x00\x00a signature of some sort, 35 bytes!")
	for _, s := range []string{EncodeBase58(value), "u" + EncodeBase64URL(value), "u" + EncodeBase64URL(value[1:])} {
		want, _ := Decode(nil, s)
		for i := range len(s) {
			for c := range 256 {
				if byte(c) == s[i] {
					continue
				}
				m := []byte(s)
				m[i] = byte(c)
				if got, err := Decode(nil, m); err == nil && bytes.Equal(got, want) {
					t.Errorf("%q decodes as %q does", m, s)
				}
			}
			if got, err := Decode(nil, s[:i]); err == nil && bytes.Equal(got, want) {
				t.Errorf("%q decodes as %q does", s[:i], s)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("z2NEpo7TZRRrLZSi2U")
	f.Add("z11233QC4")
	f.Add("uSGVsbG8gV29ybGQ")
	f.Add("uQR")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Decode(nil, s)
		if err != nil {
			return
		}
		back := EncodeBase58(got)
		if s[0] == 'u' {
			back = "u" + EncodeBase64URL(got)
		}
		if back != s {
			t.Errorf("%q decodes, but its bytes are spelled %q", s, back)
		}
	})
}

func BenchmarkBase64URL(b *testing.B) {
	text := []byte(EncodeBase64URL(make([]byte, 6000)))
	buf := make([]byte, 0, 6002)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := Base64URL(buf, text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stdlib", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := base64.RawURLEncoding.Strict().Decode(buf[:6000], text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBase58Signature(b *testing.B) {
	sig := bytes.Repeat([]byte{0xa7}, 64)
	text := []byte(EncodeBase58(sig))
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(buf, text); err != nil {
			b.Fatal(err)
		}
	}
}
