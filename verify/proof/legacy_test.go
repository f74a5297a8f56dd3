package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// byPeer is a made-up badge that @digitalbazaar/ed25519-signature-2018 4.2.0
// signed with a made-up key.
const byPeer = `{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z","type":["Profile"],"name":"Riverbend Academy"},"issuanceDate":"2026-01-15T00:00:00Z","credentialSubject":{"type":["AchievementSubject"],"achievement":{"id":"https://school.example/welding","type":["Achievement"],"name":"Welding I","description":"Joins mild steel.","criteria":{"narrative":"Shown in the workshop."}}},"proof":{"type":"Ed25519Signature2018","created":"2026-01-16T08:00:00Z","verificationMethod":"did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z#z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z","proofPurpose":"assertionMethod","jws":"eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..RdAtZcH_rpAiBZKMqOiAYnihE8LiYTO-aaAp8nH7WzuZG_UgKRisWfmsAU-I7UOwLjtt80NC0i_wfNkPmz9gDQ"}}`

func TestLegacyByPeer(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	edit := func(old, changed string) string {
		t.Helper()
		if !strings.Contains(byPeer, old) {
			t.Fatalf("%q is not in it", old)
		}
		return strings.Replace(byPeer, old, changed, 1)
	}
	const header = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19"
	for name, m := range map[string]struct{ text, want string }{
		"genuine":                      {byPeer, "ok"},
		"name changed":                 {edit("Welding I", "Welding II"), "S-INVALID"},
		"date changed":                 {edit("2026-01-16", "2026-01-17"), "S-INVALID"},
		"undefined term":               {edit(`"proof":`, `"adminLevel":"root","proof":`), "S-UNCOVERED"},
		"another purpose":              {edit("assertionMethod", "authentication"), "S-PURPOSE"},
		"not detached":                 {edit("..", "."), "S-MALFORMED"},
		"no jws":                       {edit(`"jws"`, `"nonce"`), "S-MALFORMED"},
		"algorithm none":               {edit(header, multibase.EncodeBase64URL([]byte(`{"alg":"none","b64":false,"crit":["b64"]}`))), "S-UNSUPPORTED"},
		"another algorithm":            {edit(header, multibase.EncodeBase64URL([]byte(`{"alg":"ES256","b64":false,"crit":["b64"]}`))), "S-UNSUPPORTED"},
		"another header":               {edit(header, multibase.EncodeBase64URL([]byte(`{"b64":false,"alg":"EdDSA","crit":["b64"]}`))), "S-INVALID"},
		"payload in base64":            {edit(header, multibase.EncodeBase64URL([]byte(`{"alg":"EdDSA","b64":true,"crit":["b64"]}`))), "S-MALFORMED"},
		"not critical":                 {edit(header, multibase.EncodeBase64URL([]byte(`{"alg":"EdDSA","b64":false}`))), "S-MALFORMED"},
		"something else to understand": {edit(header, multibase.EncodeBase64URL([]byte(`{"alg":"EdDSA","b64":false,"crit":["b64","exp"]}`))), "S-MALFORMED"},
	} {
		if got := judge(t, c, parse(t, m.text)); got != m.want {
			t.Errorf("%s: %s, want %s", name, got, m.want)
		}
	}
	k, _, err := key.FromDIDURL("did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z")
	if err != nil {
		t.Fatal(err)
	}
	for i := range byPeer {
		m := []byte(byPeer)
		m[i] ^= 1 << (i % 8)
		if doc, err := ijson.Parse(m); err == nil {
			all, _ := List(doc)
			for i := range all {
				if c.Verify(doc, &all[i], k) == nil {
					t.Errorf("verifies as %s", m)
				}
			}
		}
	}
}

// addLegacy signs as the suite says, with the proof's options read in the
// document's context.
func addLegacy(t testing.TB, suite, alg string, private crypto.Signer) (string, *key.Key) {
	t.Helper()
	k, err := key.FromPublic(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(badge, `"https://www.w3.org/ns/credentials/v2"`, `"https://www.w3.org/2018/credentials/v1"`, 1)
	text = strings.Replace(text, `"validFrom"`, `"issuanceDate"`, 1)
	options := `{"type":"` + suite + `","created":"2026-01-16T08:00:00Z","verificationMethod":"https://school.example#key-1","proofPurpose":"assertionMethod"}`
	if suite == "JsonWebSignature2020" {
		text = strings.Replace(text, `context-3.0.3.json"`, `context-3.0.3.json","`+jws2020V1+`"`, 1)
	}
	doc, p := parse(t, text), parse(t, options)
	z := rdf.NewCanonicalizer(rdf.Builtin())
	first, err := z.Canonical(nil, p, rdf.Options{Context: doc.Get("@context")})
	if err != nil {
		t.Fatal(err)
	}
	second, err := z.Canonical(nil, doc, rdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	header := multibase.EncodeBase64URL([]byte(`{"alg":"` + alg + `","b64":false,"crit":["b64"]}`))
	a, b := sha256.Sum256(first), sha256.Sum256(second)
	message := append(append([]byte(header+"."), a[:]...), b[:]...)
	var sig []byte
	switch private := private.(type) {
	case *rsa.PrivateKey:
		sum := sha256.Sum256(message)
		sig, err = rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, sum[:])
	case ed25519.PrivateKey:
		sig = ed25519.Sign(private, message)
	case *ecdsa.PrivateKey:
		sig = sign(t, k.Kind(), message)
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(text, "}") + `,"proof":` + strings.TrimSuffix(options, "}") + `,"jws":"` + header + ".." + multibase.EncodeBase64URL(sig) + `"}}`, k
}

// TestLegacySuites holds that a suite which issuers make in several ways
// verifies in the one known here, and is not called wrong in another.
func TestLegacySuites(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := NewChecker(rdf.Builtin())
	for _, s := range []struct {
		suite, alg string
		private    crypto.Signer
		wrong      reason.Code
	}{
		{"Ed25519Signature2018", key.EdDSA, school()[key.Ed25519], reason.SInvalid},
		{"RsaSignature2018", key.RS256, r, reason.SUnsupported},
		{"JsonWebSignature2020", key.RS256, r, reason.SUnsupported},
		{"JsonWebSignature2020", key.EdDSA, school()[key.Ed25519], reason.SUnsupported},
		{"JsonWebSignature2020", key.ES256, school()[key.P256], reason.SUnsupported},
		{"JsonWebSignature2020", key.ES384, school()[key.P384], reason.SUnsupported},
	} {
		text, k := addLegacy(t, s.suite, s.alg, s.private)
		for old, want := range map[string]reason.Code{"": "", "Welding I": s.wrong} {
			doc := parse(t, strings.Replace(text, old, strings.TrimSuffix(old, "I"), 1))
			all, err := List(doc)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Verify(doc, &all[0], k); reason.CodeOf(err, "") != want {
				t.Errorf("%s %s without %q: %v, want %q", s.suite, s.alg, old, err, want)
			}
		}
	}
}
