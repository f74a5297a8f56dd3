package verify_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	_ "embed" // the badge
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/trust"
)

// usualBadge is a badge with what a usual one has: 4.5 kB, 123 quads.
//
//go:embed testdata/usual.json
var usualBadge string

// usual returns the usual badge with a proof by eddsa-rdfc-2022, and the key.
func usual(t testing.TB) (payload []byte, k *key.Key) {
	t.Helper()
	k, err := key.FromPublic(nobodys.Public())
	if err != nil {
		t.Fatal(err)
	}
	return []byte(proved(t, usualBadge)), k
}

// record returns a learner's record of n usual badges, all with proofs.
func record(t testing.TB, n int) string {
	t.Helper()
	var badges []string
	for i := range n {
		badge := strings.NewReplacer("/credentials/3732", fmt.Sprintf("/credentials/%d", i), "/a/welding-2", fmt.Sprintf("/a/%d", i), "urn:uuid:rd-", fmt.Sprintf("urn:uuid:rd-%d-", i)).Replace(usualBadge)
		badges = append(badges, proved(t, badge))
	}
	return proved(t, `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id":"urn:uuid:a63a60be-f4af-491c-87fc-000000000001","type":["VerifiableCredential","ClrCredential"],"name":"Record of learning","issuer":"did:web:riverbend.example","validFrom":"2026-05-01T00:00:00Z",
		"credentialSubject":{"id":"did:example:learner","type":["ClrSubject"],"verifiableCredential":[`+strings.Join(badges, ",")+`]}}`)
}

// nobodys is the key that they are signed with.
var nobodys = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// nobodysTrust lists the issuer that it is of.
func nobodysTrust(t testing.TB) *trust.Set {
	t.Helper()
	set, err := trust.Open(fstest.MapFS{
		"consortium.json": {Data: []byte(`{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"}`)},
		"districts/riverbend/issuers/r.json": {Data: fmt.Appendf(nil, `{"ids":["did:web:riverbend.example"],"name":"Riverbend Academy","keys":[{"id":"did:web:riverbend.example#key-1","publicKeyMultibase":%q}]}`,
			multibase.EncodeBase58(append([]byte{0xed, 0x01}, nobodys.Public().(ed25519.PublicKey)...)))},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// proved returns a document with a proof by eddsa-rdfc-2022.
func proved(t testing.TB, document string) string {
	t.Helper()
	const options = `{"type":"DataIntegrityProof","created":"2026-03-01T08:00:00Z","cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","verificationMethod":"did:web:riverbend.example#key-1"`
	doc, err := ijson.Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	of, err := ijson.Parse([]byte(options + "}"))
	if err != nil {
		t.Fatal(err)
	}
	first := canonicalSum(t, of, rdf.Options{Context: doc.Get("@context")})
	second := canonicalSum(t, doc, rdf.Options{})
	sig := multibase.EncodeBase58(ed25519.Sign(nobodys, append(first, second...)))
	return strings.TrimSuffix(strings.TrimSpace(document), "}") + `,"proof":` + options + `,"proofValue":"` + sig + `"}}`
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
