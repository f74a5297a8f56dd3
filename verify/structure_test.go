package verify

import (
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// TestStructure changes one member of a credential that is in order.
func TestStructure(t *testing.T) {
	const good = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:1","type":["VerifiableCredential"],"issuer":"did:x:1",` +
		`"name":{"@value":"n","@language":"en"},"credentialSubject":{"id":"did:x:2"},"evidence":{"type":"E"},"credentialSchema":{"id":"https://x.example","type":"S"}}`
	for _, c := range []struct{ old, new string }{
		{`urn:x:1"`, `no address"`},
		{`"urn:x:1"`, `null`},
		{`"urn:x:1"`, `["urn:x:1"]`},
		{`"did:x:1"`, `{"name":"x"}`},
		{`"did:x:1"`, `null`},
		{`{"id":"did:x:2"}`, `{}`},
		{`{"id":"did:x:2"}`, `[{"id":"did:x:2"},{}]`},
		{`{"id":"did:x:2"}`, `[]`},
		{`{"type":"E"}`, `{"id":"urn:x:3"}`},
		{`"id":"https://x.example",`, ``},
		{`"@language":"en"`, `"url":"x"`},
		{`credentials/v2"`, `credentials/v2",7`},
	} {
		v, err := ijson.Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := structured(v); reason.CodeOf(err, "") != reason.SMalformed {
			t.Errorf("%s in place of %s: %v", c.new, c.old, err)
		}
		older, _ := ijson.Parse([]byte(strings.Replace(strings.Replace(good, c.old, c.new, 1), "ns/credentials/v2", "2018/credentials/v1", 1)))
		if err := structured(older); err != nil {
			t.Errorf("data model 1.1 held to rules of 2.0: %v", err)
		}
	}
	if v, _ := ijson.Parse([]byte(good)); structured(v) != nil {
		t.Error(structured(v))
	}
}

// refusedAsDocument tells what a judge refuses of a document that nobody
// signed: its structure, its kind, or what JSON-LD cannot make of it. known
// is false where that depends on a context that a kiosk does not take.
func refusedAsDocument(data []byte) (refused, known bool) {
	v, err := ijson.Parse(data)
	if err != nil || structured(v) != nil {
		return true, true
	}
	if k := kindOf(v); k != aCredential && k != aPresentation {
		return true, true
	}
	for inner := range v.Get("verifiableCredential").Each() {
		if k := kindOf(inner); k != aCredential && k != enveloped {
			return true, true
		}
	}
	if _, err := lifetime(v); err != nil {
		return true, true
	}
	_, err = rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, v, rdf.Options{Without: "proof"})
	code := reason.CodeOf(err, "")
	return err != nil && code != reason.SUnsupported, code != reason.SContext
}
