package cborld

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// builtin looks up compiled-in contexts.
func builtin(url string) (*rdf.Definition, bool) { return rdf.Builtin().Lookup(url, false) }

// older prefers the earlier edition of a context that has two.
func older(url string) (*rdf.Definition, bool) { return rdf.Builtin().Lookup(url, true) }

// shared returns the bytes of a published vector, or skips the test.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "vectors", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("SKIP-SHARED: %s", name)
	}
	return data
}

// unwrap takes the text form of a code off.
func unwrap(t testing.TB, text string) []byte {
	t.Helper()
	text = strings.TrimRight(text, "\n")
	switch {
	case strings.HasPrefix(text[3:], "-R"):
		return decode45(text[5:])
	case strings.HasPrefix(text[3:], "-B"):
		data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text[5:])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decode45 reads base45 that is known to be right.
func decode45(s string) (out []byte) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for ; len(s) > 0; s = s[min(3, len(s)):] {
		v := 0
		for i := min(3, len(s)) - 1; i >= 0; i-- {
			v = v*45 + strings.IndexByte(alphabet, s[i])
		}
		if len(s) >= 3 {
			out = append(out, byte(v>>8))
		}
		out = append(out, byte(v))
	}
	return out
}

func equalJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatalf("%v in %s", err, a)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return reflect.DeepEqual(x, y)
}

// TestPublished decodes what other libraries wrote, in every form of the tag.
func TestPublished(t *testing.T) {
	for _, c := range []struct{ cborld, json string }{
		{"cborld-db/cit.cborld", "cborld-db/cit.jsonld"},
		{"cborld-db/didKey.cborld", "cborld-db/didKey.jsonld"},
		{"cborld-db/empty-array.cborld", "cborld-db/empty-array.jsonld"},
		{"cborld-db/empty-object.cborld", "cborld-db/empty-object.jsonld"},
		{"cborld-db/note.cborld", "cborld-db/note.jsonld"},
		{"cborld-db/prc.cborld", "cborld-db/prc.jsonld"},
		{"cborld-db/uncompressible.cborld", "cborld-db/uncompressible.jsonld"},
		{"vc-barcodes/dl.cborld", "vc-barcodes/dl.json"},
		{"vc-barcodes/ead.cborld", "vc-barcodes/ead.json"},
		{"vc-barcodes/dl-zza.txt", "vc-barcodes/dl.json"},
		{"vc-barcodes/ead-qr.txt", "vc-barcodes/ead.json"},
		{"vc-barcodes/ead-qr-cborld-6.txt", "vc-barcodes/ead.json"},
		{"vc-barcodes/ead-qr-cborld-7.txt", "vc-barcodes/ead.json"},
		{"vpqr-db/exampleQrCodeDataB.txt", "vpqr-db/exampleVp.json"},
		{"vpqr-db/exampleQrCodeDataR.txt", "vpqr-db/exampleVp.json"},
		{"vpqr-db/exampleCborld1QrCodeDataR.txt", "vpqr-db/exampleVp.json"},
		{"vpqr-db/dcc-exampleQrCodeData.txt", "vpqr-db/exampleVp.json"},
		{"peers/vc1/vcb-mrz-xi.txt", "peers/vc1/vcb-mrz-xi.json"},
		{"peers/vc1/vc1-base45-ecdsa.txt", "peers/vc1/vc1-base45-ecdsa.json"},
		{"peers/vc1/vc1-base45-eddsa.cborld", "peers/vc1/vc1-base45-eddsa.json"},
		{"peers/vpqr/vp1-v1-base32-cborld1.0-reg1.txt", "peers/vpqr/vp1-v1-base32-cborld1.0-reg1.json"},
		{"peers/vpqr/vp1-v1-base32-legacy-singleton.txt", "peers/vpqr/vp1-v1-base32-legacy-singleton.json"},
		{"peers/vpqr/vp1-v1-base45-cborld1.0-reg1.txt", "peers/vpqr/vp1-v1-base45-cborld1.0-reg1.json"},
		{"peers/vpqr/vp1-v1-base45-legacy-range-reg1.txt", "peers/vpqr/vp1-v1-base45-legacy-range-reg1.json"},
		{"peers/vpqr/vp1-v1-base45-legacy-singleton.txt", "peers/vpqr/vp1-v1-base45-legacy-singleton.json"},
		{"peers/vpqr/vp1-v2-base45-cborld1.0-reg0-uncompressed.txt", "peers/vpqr/vp1-v2-base45-cborld1.0-reg0-uncompressed.json"},
		{"peers/vpqr-dcc/vp1-vc1-ed25519sig2020.txt", "peers/vpqr-dcc/vp1-vc1-ed25519sig2020.json"},
		{"peers/vpqr-dcc/vp1-vc1-eddsa.txt", "peers/vpqr-dcc/vp1-vc1-eddsa.json"},
		{"peers/vpqr-dcc/vp1-vc2-eddsa.txt", "peers/vpqr-dcc/vp1-vc2-eddsa.json"},
		{"peers/vpqr-dcc/vp2-vc2-ecdsa-p256.txt", "peers/vpqr-dcc/vp2-vc2-ecdsa-p256.json"},
		{"peers/vpqr-dcc/vp2-vc2-eddsa.txt", "peers/vpqr-dcc/vp2-vc2-eddsa.json"},
		{"peers/vpqr-dcc/vp2-vc2-status.txt", "peers/vpqr-dcc/vp2-vc2-status.json"},
	} {
		data, want := shared(t, c.cborld), shared(t, c.json)
		if strings.HasSuffix(c.cborld, ".txt") {
			data = unwrap(t, string(data))
		}
		// Which edition of a context an issuer had is not said: one of them fits.
		got, err := Decode(data, builtin)
		if err != nil || !equalJSON(t, got, want) {
			first := err
			if got, err = Decode(data, older); err != nil || !equalJSON(t, got, want) {
				t.Errorf("%s: %v, %v, %s", c.cborld, first, err, got)
			}
		}
	}
}

// TestMangledPublished cuts a published code at every byte: nothing of it is
// taken for a document.
func TestMangledPublished(t *testing.T) {
	data := shared(t, "peers/vpqr-dcc/vp2-vc2-status.cborld")
	for i := range data {
		if got, err := Decode(data[:i], builtin); err == nil {
			t.Errorf("cut at %d: %s", i, got)
		}
		for bit := range 8 {
			b := bytes.Clone(data)
			b[i] ^= 1 << bit
			if _, err := Decode(b, builtin); err != nil && reason.CodeOf(err, "") == "" {
				t.Errorf("byte %d, bit %d: no code: %v", i, bit, err)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	data, err := Encode([]byte(badge), builtin, Singleton)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data, builtin); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAttacks(b *testing.B) {
	for name, data := range attacks() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				Decode(data, oursByURL)
			}
		})
	}
}
