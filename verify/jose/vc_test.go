package jose

import (
	"slices"
	"testing"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

const credential = `{
	"@context":["https://www.w3.org/ns/credentials/v2"],
	"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11",
	"type":["VerifiableCredential","OpenBadgeCredential"],
	"issuer":{"id":"https://school.example","type":"Profile"},
	"validFrom":"2026-01-15T00:00:00Z","validUntil":"2027-01-15T01:00:00+01:00",
	"credentialSubject":{"id":"did:example:learner"},
	"iss":"https://school.example","jti":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11",
	"sub":"did:example:learner","nbf":1768435200,"exp":1799971200}`

// TestVC holds what each mapping takes and what it calls a contradiction.
func TestVC(t *testing.T) {
	const inVC = `{"issuer":"https://school.example","id":"urn:x:1","issuanceDate":"2026-01-15T00:00:00.5Z","expirationDate":"2027-01-15T00:00:00Z","credentialSubject":{"id":"urn:x:2"}}`
	for _, c := range []struct {
		name, typ, payload string
		want               reason.Code
	}{
		{"credential as payload", "JWT", credential, ""},
		{"no typ", "", credential, ""},
		{"typ in full", "application/jwt", credential, ""},
		{"vc claim", "JWT", `{"vc":` + inVC + `,"iss":"https://school.example","jti":"urn:x:1","sub":"urn:x:2","nbf":1768435200,"exp":1799971200}`, ""},
		{"vc claim alone", "JWT", `{"vc":` + inVC + `}`, ""},
		{"properties in claims only", "JWT", `{"vc":{"credentialSubject":{}},"iss":"https://school.example","jti":"urn:x:1","sub":"urn:x:2","nbf":5}`, ""},
		{"nbf with a fraction", "JWT", `{"vc":` + inVC + `,"nbf":1768435200.25}`, ""},
		{"sub is one of two subjects", "JWT", `{"issuer":"i","sub":"b","credentialSubject":[{"id":"a"},{"id":"b"}]}`, ""},
		{"sub of a subject without id", "JWT", `{"issuer":"i","sub":"b","credentialSubject":{"identifier":[]}}`, ""},
		{"iss of another", "JWT", `{"vc":` + inVC + `,"iss":"https://other.example"}`, reason.SInvalid},
		{"iss almost the same", "JWT", `{"vc":` + inVC + `,"iss":"https://school.example//"}`, reason.SInvalid},
		{"jti of another", "JWT", `{"vc":` + inVC + `,"jti":"urn:x:9"}`, reason.SInvalid},
		{"sub of another", "JWT", `{"vc":` + inVC + `,"sub":"urn:x:9"}`, reason.SInvalid},
		{"sub of none of two", "JWT", `{"issuer":"i","sub":"c","credentialSubject":[{"id":"a"},{"id":"b"}]}`, reason.SInvalid},
		{"nbf another second", "JWT", `{"vc":` + inVC + `,"nbf":1768435202}`, reason.SInvalid},
		{"iss in another case and with its slash", "JWT", `{"issuer":"https://school.example","iss":"HTTPS://School.example/"}`, ""},
		{"iss of another path", "JWT", `{"issuer":"https://school.example/a","iss":"https://school.example/A"}`, reason.SInvalid},
		{"nbf rounded up", "JWT", `{"vc":` + inVC + `,"nbf":1768435201}`, ""},
		{"nbf of the second of two dates", "JWT", `{"nbf":0,"validFrom":"2026-01-15T00:00:00Z","issuanceDate":"1970-01-01T00:00:00Z"}`, ""},
		{"exp another second", "JWT", `{"vc":` + inVC + `,"exp":1799971199}`, reason.SInvalid},
		{"validFrom goes before issuanceDate", "JWT", `{"nbf":0,"validFrom":"1970-01-01T00:00:00Z","issuanceDate":"2026-01-15T00:00:00Z"}`, ""},
		{"iss no string", "JWT", `{"vc":` + inVC + `,"iss":["https://school.example"]}`, reason.SMalformed},
		{"nbf as text", "JWT", `{"vc":` + inVC + `,"nbf":"1768435200"}`, reason.SMalformed},
		{"exp negative", "JWT", `{"vc":` + inVC + `,"exp":-1}`, reason.SMalformed},
		{"exp past 9999", "JWT", `{"vc":` + inVC + `,"exp":1e300}`, reason.SMalformed},
		{"issuance no date", "JWT", `{"nbf":5,"validFrom":"yesterday"}`, reason.SMalformed},
		{"vc and vp", "JWT", `{"vc":{},"vp":{}}`, reason.SMalformed},
		{"vc no object", "JWT", `{"vc":"x"}`, reason.SMalformed},
		{"payload no object", "JWT", `[]`, reason.SMalformed},
		{"payload no JSON", "JWT", `hello`, reason.SMalformed},
		{"claim twice", "JWT", `{"iss":"a","iss":"b"}`, reason.SMalformed},

		{"VC-JOSE", "vc+jwt", `{"issuer":"i","iss":"i","validFrom":"2026-01-15T00:00:00Z"}`, ""},
		{"VC-JOSE of a draft", "vc+ld+json+jwt", `{"issuer":{"id":"i"}}`, ""},
		{"VC-JOSE in full", "application/VC+JWT", `{"issuer":"i"}`, ""},
		{"VC-JOSE, signature's own dates", "vc+jwt", `{"issuer":"i","nbf":5,"validFrom":"2026-01-15T00:00:00Z"}`, ""},
		{"VC-JOSE, iat as text", "vc+jwt", `{"issuer":"i","iat":"2010-01-01T19:23:24Z"}`, ""},
		{"VC-JOSE iss of another", "vc+jwt", `{"issuer":"i","iss":"j"}`, reason.SInvalid},
		{"VC-JOSE sub of another", "vc+jwt", `{"issuer":"i","sub":"j","credentialSubject":{"id":"k"}}`, reason.SInvalid},
		{"VC-JOSE with vc", "vc+jwt", `{"issuer":"i","vc":{}}`, reason.SMalformed},
		{"VC-JOSE with vp", "vc+jwt", `{"issuer":"i","vp":null}`, reason.SMalformed},
		{"VP-JOSE", "vp+jwt", `{"holder":"h","iss":"h","nonce":"n","aud":"a"}`, ""},
		{"VP-JOSE iss of another", "vp+jwt", `{"holder":"h","iss":"j"}`, reason.SInvalid},
		{"VP with vc", "vp+jwt", `{"holder":"h","vc":{}}`, reason.SMalformed},

		{"access token", "at+jwt", `{"issuer":"i"}`, reason.SMalformed},
		{"key binding", "kb+jwt", `{"issuer":"i"}`, reason.SMalformed},
	} {
		header := `{"alg":"EdDSA","typ":"` + c.typ + `"}`
		if c.typ == "" {
			header = `{"alg":"EdDSA"}`
		}
		token, err := Parse([]byte(sign(header, c.payload)))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		_, err = token.VC()
		if got := reason.CodeOf(err, ""); got != c.want || (err != nil) != (c.want != "") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	token, err := Parse([]byte(sign(`{"alg":"EdDSA","cty":"JWT"}`, credential)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.VC(); reason.CodeOf(err, "") != reason.SMalformed {
		t.Errorf("a token in a token: %v", err)
	}
}

// TestVCFields holds what is passed on.
func TestVCFields(t *testing.T) {
	read := func(typ, payload string) *VC {
		t.Helper()
		token, err := Parse([]byte(sign(`{"alg":"EdDSA","typ":"`+typ+`"}`, payload)))
		if err != nil {
			t.Fatal(err)
		}
		vc, err := token.VC()
		if err != nil {
			t.Fatal(err)
		}
		return vc
	}
	vc := read("JWT", credential)
	if vc.Format != "vc-jwt" || vc.Presentation || vc.Issuer != "https://school.example" || vc.Subject != "did:example:learner" ||
		vc.ID != "urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11" || vc.Absent != nil ||
		!vc.NotBefore.Equal(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)) || !vc.Expires.Equal(time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("credential read as %+v", vc)
	}
	vc = read("JWT", `{"vc":{"name":"N","credentialSubject":{}},"iss":"https://school.example","nbf":5,"iat":6}`)
	if vc.Issuer != "https://school.example" || !slices.Equal(vc.Absent, []string{"sub", "jti"}) || vc.Issued.Unix() != 6 || vc.Value.Get("name").Str() != "N" {
		t.Errorf("vc claim read as %+v", vc)
	}
	vc = read("vp+jwt", `{"holder":{"id":"h"},"nonce":"n-1","aud":["a","b"]}`)
	if vc.Format != "vc-jose" || !vc.Presentation || vc.Issuer != "h" || vc.Nonce != "n-1" || !slices.Equal(vc.Audience, []string{"a", "b"}) {
		t.Errorf("presentation read as %+v", vc)
	}
	vc = read("JWT", `{"vp":{"verifiableCredential":[]},"iss":"h","nonce":"n-1"}`)
	if vc.Format != "vc-jwt" || !vc.Presentation || vc.Issuer != "h" || vc.Absent != nil {
		t.Errorf("presentation read as %+v", vc)
	}
}

func TestEnvelope(t *testing.T) {
	for in, want := range map[string]struct {
		media, text string
		base64, ok  bool
	}{
		`{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a.b.c"}`:               {"application/vc+jwt", "a.b.c", false, true},
		`{"type":["EnvelopedVerifiablePresentation"],"id":"data:Application/VP+JWT,a.b.c"}`:           {"application/vp+jwt", "a.b.c", false, true},
		`{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+cose;base64,0oQ="}`:        {"application/vc+cose", "0oQ=", true, true},
		`{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt;charset=utf-8,a.b.c"}`: {"application/vc+jwt", "a.b.c", false, true},
		`{"type":"EnvelopedVerifiableCredential","id":"https://a.example"}`:                           {},
		`{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt"}`:                     {"application/vc+jwt", "", false, false},
		`{"type":"VerifiableCredential","id":"data:application/vc+jwt,a.b.c"}`:                        {},
		`"x"`: {},
	} {
		v, err := ijson.Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		media, text, b64, ok := Envelope(v)
		if media != want.media || text != want.text || b64 != want.base64 || ok != want.ok {
			t.Errorf("Envelope(%s) = %q, %q, %v, %v", in, media, text, b64, ok)
		}
	}
}
