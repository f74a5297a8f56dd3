package cborld

import (
	"encoding/json"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// badge is a badge of a usual size, signed in shape only.
const badge = `{
	"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
	"id": "urn:uuid:5a1d0c1e-7f0a-4c56-9a53-0d6c0d0f2b11",
	"type": ["VerifiableCredential", "OpenBadgeCredential"],
	"issuer": {"id": "did:web:riverbend.example", "type": ["Profile"], "name": "Riverbend Academy"},
	"validFrom": "2026-01-15T08:00:00Z",
	"validUntil": "2029-01-15T08:00:00Z",
	"credentialSubject": {"type": ["AchievementSubject"],
		"achievement": {"id": "https://riverbend.example/b/weld1", "type": ["Achievement"], "name": "Welding I",
			"description": "Joins two plates.", "criteria": {"narrative": "Watched by a welder."}}},
	"proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-01-15T08:00:00Z",
		"verificationMethod": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
		"proofPurpose": "assertionMethod",
		"proofValue": "z2FGqoLMCf3TxJBvMpUcy67Np6e6BCHCYzB3rYw2yVADsrMHFxhHpiTgEDcXTsBtpsaSLdSNzyLq4KNnYGc1NKyYg"}}`

// TestEncode holds that a badge reads back, in either flavour, and that the
// shorter one fits a version 15 code.
func TestEncode(t *testing.T) {
	for name, f := range map[string]Flavour{"1.0": V1, "singleton": Singleton} {
		data, err := Encode([]byte(badge), builtin, f)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data, builtin)
		if err != nil || !equalJSON(t, back, []byte(badge)) {
			t.Errorf("%s: %s, %v", name, back, err)
		}
		// A version 15 code holds 758 letters, of which five are the header.
		if n := (len(data)*3 + 1) / 2; f == Singleton && n > 753 {
			t.Errorf("%s: %d bytes, %d letters of base45, more than a version 15 code holds", name, len(data), n)
		}
	}
}

func TestEncodeValues(t *testing.T) {
	const main = `"@context":"https://kiosk.example/main"`
	for _, doc := range []string{
		`{}`, `{"a":[{"b":null},[true,false,-7,1.5,1e300]]}`,
		`{` + main + `,"type":["Person","Course"],"born":"2001-02-03","level":3}`,
		`{` + main + `,"has":{"inner":{"type":"Course","level":[]}},"see":["https://a.example/x","http://b","urn:x","name","did:key:z12#z12","did:key:zz0","data:text/plain,hi","did:v1:nym:z12","data:image/png;base64,aGk="]}`,
		`{` + main + `,"id":"urn:uuid:12345678-9ABC-def0-0102-030405060708","see":"urn:uuid:12345678-9abc-def0-0102-030405060708"}`,
		`{` + main + `,"at":["2025-01-01T00:00:00Z","2025-01-01T00:00:00.007Z","2025-01-01T00:00:00.07Z","2025-01-01T01:00:00+01:00","1969-12-31T23:59:59Z","soon"],"day":["2025-01-01","2025-1-1","2025-01-01T00:00:00Z"]}`,
		`{` + main + `,"key":["z12","u__4","M//4=","zI0","u__5","x",""],"suite":"ecdsa-rdfc-2019"}`,
		`{"@context":["https://kiosk.example/main","https://kiosk.example/reset"],"bare":{"name":"x"},"@id":"http://a"}`,
	} {
		for _, f := range []Flavour{V1, Singleton} {
			data, err := Encode([]byte(doc), oursByURL, f)
			if err != nil {
				t.Errorf("%s: %v", doc, err)
				continue
			}
			if back, err := Decode(data, oursByURL); err != nil || !equalJSON(t, back, []byte(doc)) {
				t.Errorf("%s reads back as %s, %v", doc, back, err)
			}
		}
	}
	for _, c := range []struct {
		doc  string
		want reason.Code
	}{
		{`[]`, reason.SMalformed}, {`{`, reason.SMalformed}, {`{"a":1,"a":1}`, reason.SMalformed},
		{`{"@context":{"a":"b:c"}}`, reason.SContext}, {`{"@context":"https://kiosk.example/other"}`, reason.SContext},
		{`{` + main + `,"see":5}`, reason.SUnsupported}, {`{` + main + `,"day":5}`, reason.SUnsupported}, {`{` + main + `,"suite":5}`, reason.SUnsupported},
		{`{` + main + `,"see":true}`, reason.SMalformed},
	} {
		if _, err := Encode([]byte(c.doc), oursByURL, V1); reason.CodeOf(err, "") != c.want {
			t.Errorf("%s: %v, want %s", c.doc, err, c.want)
		}
	}
}

// TestEncodeAsPeers compares lengths with what other libraries made of the
// same documents.
func TestEncodeAsPeers(t *testing.T) {
	for _, c := range []struct {
		cborld, json string
		f            Flavour
	}{
		{"cborld-db/cit.cborld", "cborld-db/cit.jsonld", Singleton},
		{"peers/vpqr/vp1-v1-base45-cborld1.0-reg1.cborld", "peers/vpqr/vp1-v1-base45-cborld1.0-reg1.json", V1},
		{"peers/vc1/vc1-base45-eddsa.cborld", "peers/vc1/vc1-base45-eddsa.json", V1},
		{"peers/vpqr-dcc/vp1-vc1-eddsa.cborld", "peers/vpqr-dcc/vp1-vc1-eddsa.json", Singleton},
	} {
		theirs := shared(t, c.cborld)
		ours, err := Encode(shared(t, c.json), older, c.f)
		if err != nil || len(ours) > len(theirs) {
			t.Errorf("%s: %d bytes, %v; the peer made %d", c.cborld, len(ours), err, len(theirs))
		}
	}
}

// FuzzEncode holds that what is encoded reads back.
func FuzzEncode(f *testing.F) {
	f.Add(badge, false)
	f.Add(`{"@context":"https://kiosk.example/main","has":{"see":["https://a","name"],"at":"2025-01-01T00:00:00Z"},"key":"z12"}`, true)
	f.Fuzz(func(t *testing.T, doc string, old bool) {
		flavour := V1
		if old {
			flavour = Singleton
		}
		data, err := Encode([]byte(doc), oursByURL, flavour)
		if err != nil {
			return
		}
		if back, err := Decode(data, oursByURL); err != nil || !json.Valid(back) {
			t.Errorf("%s reads back as %s, %v", doc, back, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	doc := []byte(strings.TrimSpace(badge))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(doc, builtin, Singleton); err != nil {
			b.Fatal(err)
		}
	}
}
