package verify_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	_ "embed" // the badge
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
)

// usualBadge is a badge with what a usual one has: 4.5 kB, 123 quads.
//
//go:embed testdata/usual.json
var usualBadge string

// usual returns the usual badge with a proof by eddsa-rdfc-2022, and the key.
func usual(t testing.TB) (payload []byte, k *key.Key) {
	t.Helper()
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	k, err := key.FromPublic(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	const options = `{"type":"DataIntegrityProof","created":"2026-03-01T08:00:00Z","cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","verificationMethod":"did:web:riverbend.example#key-1"`
	doc, err := ijson.Parse([]byte(usualBadge))
	if err != nil {
		t.Fatal(err)
	}
	of, err := ijson.Parse([]byte(options + "}"))
	if err != nil {
		t.Fatal(err)
	}
	first := canonicalSum(t, of, rdf.Options{Context: doc.Get("@context")})
	second := canonicalSum(t, doc, rdf.Options{})
	sig := multibase.EncodeBase58(ed25519.Sign(private, append(first, second...)))
	return []byte(strings.TrimSuffix(strings.TrimSpace(usualBadge), "}") + `,"proof":` + options + `,"proofValue":"` + sig + `"}}`), k
}

func canonicalSum(t testing.TB, v ijson.Value, o rdf.Options) []byte {
	t.Helper()
	quads, err := rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, v, o)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(quads)
	return sum[:]
}
