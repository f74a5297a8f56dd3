package proof

import (
	"strings"
	"testing"

	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
)

// TestHidden holds that a badge whose signature would still match, but which
// hides from a reader of its JSON what was signed, is never taken.
func TestHidden(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	dated := strings.Replace(badge, `"credentialSubject":`, `"validUntil":"2026-06-30T00:00:00Z","credentialStatus":{"id":"https://school.example/list#7","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://school.example/list"},"credentialSubject":`, 1)
	text := addProof(t, dated, "eddsa-rdfc-2022", key.Ed25519, `{"expires":"2030-01-01T00:00:00Z"}`)
	if got := judge(t, c, parse(t, text)); got != "ok" {
		t.Fatal(got)
	}
	const until = `"validUntil":"2026-06-30T00:00:00Z"`
	const id = `"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11"`
	status := `"credentialStatus":` + string(parse(t, text).Get("credentialStatus").Raw())
	const v2 = `"https://www.w3.org/ns/credentials/v2",`
	for name, m := range map[string][]string{
		"expiry under its IRI":          {until, `"https://www.w3.org/2018/credentials#validUntil":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2026-06-30T00:00:00Z"}`},
		"expiry as an object":           {until, `"validUntil":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2026-06-30T00:00:00Z"}`},
		"expiry in an array":            {until, `"validUntil":["2026-06-30T00:00:00Z"]`},
		"expiry gone":                   {until + ",", ``},
		"proof's expiry under its IRI":  {`"expires":"2030-01-01T00:00:00Z"`, `"https://w3id.org/security#expiration":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2030-01-01T00:00:00Z"}`},
		"status under its IRI":          {`"credentialStatus"`, `"https://www.w3.org/2018/credentials#credentialStatus"`},
		"status in @nest":               {status, `"@nest":{` + status + `}`},
		"status in @included":           {status, `"@included":[{` + id + `,` + status + `}]`},
		"status in an array in another": {status, `"credentialStatus":[[` + strings.TrimPrefix(status, `"credentialStatus":`) + `]]`},
		"id as @id":                     {id, strings.Replace(id, `"id"`, `"@id"`, 1)},
		"type as @type":                 {`"type":["VerifiableCredential"`, `"@type":["VerifiableCredential"`},
		"id as uid":                     {v2, v2 + `"https://www.w3.org/ns/odrl.jsonld",`, id, strings.Replace(id, `"id"`, `"uid"`, 1)},
		"criteria as a class":           {`"criteria":`, `"Criteria":`},
		"name as an object":             {`"name":"Welding I"`, `"name":{"@value":"Welding I","@type":"http://www.w3.org/2001/XMLSchema#string"}`},
		"dropped null":                  {`"name":"Welding I"`, `"name":null`},
	} {
		changed := text
		for i := 0; i < len(m); i += 2 {
			if !strings.Contains(changed, m[i]) {
				t.Fatalf("%s: %q is not in %s", name, m[i], changed)
			}
			changed = strings.Replace(changed, m[i], m[i+1], 1)
		}
		if got := judge(t, c, parse(t, changed)); got == "ok" {
			t.Errorf("%s: verifies", name)
		} else {
			t.Logf("%s: %s", name, got)
		}
	}
}

// TestNull holds that a member which says nothing changes nothing: JSON-LD
// leaves it out, and so does every reader.
func TestNull(t *testing.T) {
	text := addProof(t, badge, "eddsa-rdfc-2022", key.Ed25519, `{}`)
	changed := strings.Replace(text, `"proof":`, `"name":null,"proof":`, 1)
	if got := judge(t, NewChecker(rdf.Builtin()), parse(t, changed)); changed == text || got != "ok" {
		t.Errorf("a null added: %s", got)
	}
}

// TestMoved holds the same where what is hidden stands in an object that has
// the id of the credential.
func TestMoved(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	const until = `"validUntil":"2026-06-30T00:00:00Z"`
	linked := strings.Replace(badge, `"credentialSubject":`, until+`,"relatedResource":{"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11"},"credentialSubject":`, 1)
	text := addProof(t, linked, "eddsa-rdfc-2022", key.Ed25519, `{}`)
	if got := judge(t, c, parse(t, text)); got != "ok" {
		t.Fatal(got)
	}
	changed := strings.Replace(text, until+`,"relatedResource":{`, `"relatedResource":{`+until+`,`, 1)
	if got := judge(t, c, parse(t, changed)); changed == text || got != "S-UNSUPPORTED" {
		t.Errorf("an expiry in another object: %s", got)
	}
}
