package verify_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/trust"
)

// TestPicture: a manifest's picture stands for the one whose address the
// badge names, which cannot be opened, and a manifest of another document
// than the badge pins has no say.
func TestPicture(t *testing.T) {
	const achievement, picture = "https://riverbend.example/a/welding-1", "districts/riverbend/manifests/w.png"
	sum, other := sha256.Sum256([]byte("the document")), sha256.Sum256([]byte("another"))
	sri := func(sum [32]byte) string { return "sha256-" + base64.StdEncoding.EncodeToString(sum[:]) }
	hash := func(sum [32]byte) string { return multibase.EncodeBase58(append([]byte{0x12, 32}, sum[:]...)) }
	for _, c := range []struct {
		about, describes string
		pin              map[string]any
		used             bool
	}{
		{"nothing is pinned", hex.EncodeToString(sum[:]), nil, true},
		{"the same, as SRI", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestSRI": "sha384-AAAA " + sri(sum) + "?x"}, true},
		{"the same, as a multihash", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestMultibase": hash(sum)}, true},
		{"another, as SRI", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestSRI": sri(other)}, false},
		{"another, as a multihash", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestMultibase": hash(other)}, false},
		{"of the two one is another", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestSRI": sri(sum), "digestMultibase": hash(other)}, false},
		{"of another document", hex.EncodeToString(sum[:]), map[string]any{"id": achievement + "0", "digestSRI": sri(other)}, true},
		{"by a hash that no manifest has", hex.EncodeToString(sum[:]), map[string]any{"id": achievement, "digestSRI": "sha512-AAAA"}, true},
		{"the manifest names no document", "", map[string]any{"id": achievement, "digestSRI": sri(other)}, true},
	} {
		claims := map[string]any{
			"@context":  []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
			"type":      []string{"VerifiableCredential", "OpenBadgeCredential"},
			"id":        "urn:uuid:5e6b0c3a-0001-4a52-9f0e-0f1f00000001",
			"validFrom": "2026-05-12T00:00:00Z",
			"credentialSubject": map[string]any{"type": "AchievementSubject", "id": "did:example:learner", "achievement": map[string]any{"id": achievement, "type": "Achievement",
				"name": "Welding I", "description": "Joins steel.", "criteria": map[string]any{"narrative": "Three pieces."}, "image": map[string]any{"id": "https://riverbend.example/w.png", "type": "Image"}}},
		}
		if c.pin != nil {
			claims["relatedResource"] = c.pin
		}
		jwt, did := token(claims)
		set, err := trust.Open(fstest.MapFS{
			"consortium.json":                      {Data: []byte(`{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"}`)},
			"districts/riverbend/district.json":    {Data: []byte(`{"name":"Riverbend","kind":"district"}`)},
			"districts/riverbend/issuers/r.json":   {Data: fmt.Appendf(nil, `{"name":"Riverbend Academy","ids":[%q]}`, did)},
			"districts/riverbend/manifests/w.json": {Data: fmt.Appendf(nil, `{"achievement":%q,"class":"Course","picture":"w.png"%s}`, achievement, digestMember(c.describes))},
			"districts/riverbend/manifests/w.png":  {Data: []byte("\x89PNG")},
		})
		if err != nil {
			t.Fatal(err)
		}
		v := verify.Verifier{Trust: set}
		r := v.Verify([]byte(jwt), verify.Ask{At: verify.At(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))})
		want := verify.Badge{PictureURI: "https://riverbend.example/w.png"}
		if c.used {
			want = verify.Badge{PictureURI: picture, Class: "Course"}
		}
		if r.Axes.Signature.State != verify.Pass || r.Badge.PictureURI != want.PictureURI || r.Badge.Class != want.Class {
			t.Errorf("%s: %s, picture %q and class %q, want %q and %q", c.about, &r, r.Badge.PictureURI, r.Badge.Class, want.PictureURI, want.Class)
		}
	}
}

func digestMember(sum string) string {
	if sum == "" {
		return ""
	}
	return fmt.Sprintf(`,"sha256":%q`, sum)
}
