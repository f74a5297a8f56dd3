package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
)

// school is a made-up issuer's private key of each kind.
var school = sync.OnceValue(func() map[key.Kind]crypto.Signer {
	seed := sha256.Sum256([]byte("a made-up school"))
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return map[key.Kind]crypto.Signer{key.Ed25519: ed25519.NewKeyFromSeed(seed[:]), key.P256: p256, key.P384: p384}
})

func public(t testing.TB, kind key.Kind) *key.Key {
	t.Helper()
	k, err := key.FromPublic(school()[kind].Public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func parse(t testing.TB, text string) ijson.Value {
	t.Helper()
	v, err := ijson.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// badge is a small credential without its proof.
const badge = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"https://school.example","type":["Profile"],"name":"Riverbend Academy"},"validFrom":"2026-01-15T00:00:00Z","credentialSubject":{"type":["AchievementSubject"],"achievement":{"id":"https://school.example/welding","type":["Achievement"],"name":"Welding I","description":"Joins mild steel.","criteria":{"narrative":"Shown in the workshop."}}}}`

// addProof adds options, with the signature that suite makes with the key of
// this kind, to the document. The options are written as JSON; the ones that
// every proof needs are filled in.
func addProof(t testing.TB, text, suite string, kind key.Kind, options string) string {
	t.Helper()
	return addProofIn(t, text, suite, kind, options, false)
}

// addProofIn does so under the older edition of contexts that have two.
func addProofIn(t testing.TB, text, suite string, kind key.Kind, options string, older bool) string {
	t.Helper()
	doc, k := parse(t, text), public(t, kind)
	members := map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": suite, "created": "2026-01-16T08:00:00Z",
		"verificationMethod": k.DID() + "#" + k.Multibase(), "proofPurpose": "assertionMethod",
	}
	if suite == "Ed25519Signature2020" {
		delete(members, "cryptosuite")
		members["type"] = suite
	}
	if strings.Contains(suite, "-jcs-") {
		members["@context"] = json.RawMessage(doc.Get("@context").Raw())
	}
	if err := json.Unmarshal([]byte(options), &members); err != nil {
		t.Fatal(err)
	}
	unsigned, _ := json.Marshal(members)
	// What comes before this proof and is signed by it.
	p := Proof{Value: parse(t, string(unsigned))}
	p.read()
	earlier, err := previous(doc, &p)
	if err != nil {
		t.Fatal(err)
	}
	message := append(hashed(kind, canonical(t, suite, kind, p.Value, doc, "proofValue", nil, older)),
		hashed(kind, canonical(t, suite, kind, doc, doc, "proof", earlier, older))...)
	members["proofValue"] = multibase.EncodeBase58(sign(t, kind, message))
	one, _ := json.Marshal(members)
	rest := strings.TrimSuffix(text, "}")
	if old := doc.Get("proof"); old.Exists() {
		list := strings.TrimSuffix(strings.TrimPrefix(string(old.Raw()), "["), "]")
		return strings.Replace(text, string(old.Raw()), "["+list+","+string(one)+"]", 1)
	}
	return rest + `,"proof":` + string(one) + "}"
}

func canonical(t testing.TB, suite string, kind key.Kind, v, doc ijson.Value, without string, set []ijson.Member, older bool) []byte {
	t.Helper()
	var out []byte
	var err error
	if strings.Contains(suite, "-jcs-") {
		out, err = ijson.AppendEdited(nil, v, ijson.Edit{Drop: []string{without}, Set: set})
	} else {
		o := rdf.Options{Without: without, Set: set, Hash: hashOf(public(t, kind)), Older: older}
		if without == "proofValue" {
			o.Context = doc.Get("@context")
			switch {
			case suite == "Ed25519Signature2020":
				o.Append = []string{ed25519V1}
			case doc.Get("@context").First().Str() == credentialV1:
				o.Append = []string{dataIntegrityV2}
			}
		}
		out, err = rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, v, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func hashed(kind key.Kind, b []byte) []byte {
	if kind == key.P384 {
		sum := sha512.Sum384(b)
		return sum[:]
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func sign(t testing.TB, kind key.Kind, message []byte) []byte {
	t.Helper()
	switch private := school()[kind].(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(private, message)
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, private, hashed(kind, message))
		if err != nil {
			t.Fatal(err)
		}
		n := (private.Curve.Params().BitSize + 7) / 8
		sig := make([]byte, 2*n)
		r.FillBytes(sig[:n])
		s.FillBytes(sig[n:])
		return sig
	}
	panic(fmt.Sprint("no key of kind ", kind))
}
