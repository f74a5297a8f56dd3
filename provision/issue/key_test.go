package issue

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newKey makes a key of an issuer, for tests.
func newKey(t testing.TB, a Algorithm, id string) *Key {
	t.Helper()
	k, err := NewKey(a)
	if err != nil {
		t.Fatal(err)
	}
	k.Name(id)
	return k
}

// TestKeyFiles writes keys both ways and reads them back: what the second
// signs, the first made.
func TestKeyFiles(t *testing.T) {
	for _, a := range []Algorithm{EdDSA, ES256} {
		k := newKey(t, a, "did:web:riverbend.example")
		for name, data := range map[string][]byte{"PEM": k.PEM(), "JWK": k.JWK()} {
			back, err := ParseKey(data)
			if err != nil {
				t.Fatalf("%s %s: %v", a, name, err)
			}
			signature, err := back.sign([]byte("badge"))
			if err != nil || !k.made(signature, []byte("badge")) || k.made(signature, []byte("Badge")) {
				t.Errorf("%s %s: the key that was read is another (%v)", a, name, err)
			}
			want := "did:web:riverbend.example#key-1"
			if name == "PEM" {
				want = k.DID() + "#" + k.Multibase()
			}
			if back.ID != want {
				t.Errorf("%s %s: ID %s, want %s", a, name, back.ID, want)
			}
		}
	}
}

// TestDIDKey holds the text form against the published examples' prefixes.
//
// Source: did:key Method v0.9, section 2, "z6Mk" Ed25519 and "zDn" P-256.
func TestDIDKey(t *testing.T) {
	for a, prefix := range map[Algorithm]string{EdDSA: "did:key:z6Mk", ES256: "did:key:zDna"} {
		if k := newKey(t, a, ""); !strings.HasPrefix(k.DID(), prefix) || k.ID != k.DID()+"#"+k.DID()[len("did:key:"):] {
			t.Errorf("%s: DID %s, ID %s", a, k.DID(), k.ID)
		}
	}
}

// TestWriteKey: only the owner may read it, and no key is ever lost to
// another.
func TestWriteKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "riverbend.jwk")
	k := newKey(t, EdDSA, "")
	if err := WriteKey(file, k.JWK()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	err := WriteKey(file, newKey(t, EdDSA, "").JWK())
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "another name") {
		t.Errorf("second key: %v", err)
	}
	if back, err := ReadKey(file); err != nil || back.ID != k.ID {
		t.Errorf("the first key is gone: %v", err)
	}
}

// TestParseKeyRefuses shows what a person reads who takes the wrong file.
func TestParseKeyRefuses(t *testing.T) {
	k := newKey(t, EdDSA, "")
	other := newKey(t, EdDSA, "").Public().X
	for _, c := range []struct{ name, file, says string }{
		{"badge", "eyJhbGciOiJFZERTQSJ9.e30.AA", "neither a PEM nor a JWK"},
		{"empty", "", "neither a PEM nor a JWK"},
		{"certificate", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", `"CERTIFICATE"`},
		{"public", `{"kty":"OKP","crv":"Ed25519","x":"` + k.Public().X + `"}`, "cannot sign"},
		{"curve", `{"kty":"EC","crv":"P-521","d":"` + other + `"}`, `"P-521"`},
		{"halves", strings.Replace(string(k.JWK()), k.Public().X, other, 1), "does not belong"},
		{"cut", string(k.JWK()[:20]), "JWK"},
	} {
		if _, err := ParseKey([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, a := range []Algorithm{EdDSA, ES256} {
		k := newKey(f, a, "did:web:riverbend.example")
		f.Add(k.JWK())
		f.Add(k.PEM())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := ParseKey(data)
		if err != nil {
			return
		}
		back, err := ParseKey(k.JWK())
		if err != nil || !bytes.Equal(back.JWK(), k.JWK()) {
			t.Errorf("read %s, wrote %s: %v", data, k.JWK(), err)
		}
	})
}
