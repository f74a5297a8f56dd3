package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"badgekiosk/verify/bbs/bbstest"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

var kinds = []struct {
	suite string
	key   key.Kind
}{
	{"eddsa-rdfc-2022", key.Ed25519}, {"eddsa-2022", key.Ed25519}, {"eddsa-jcs-2022", key.Ed25519}, {"Ed25519Signature2020", key.Ed25519},
	{"ecdsa-rdfc-2019", key.P256}, {"ecdsa-rdfc-2019", key.P384}, {"ecdsa-jcs-2019", key.P256}, {"ecdsa-jcs-2019", key.P384},
}

// TestSuites holds that each suite verifies what was signed by its rules, and
// nothing when document, options or key are others.
func TestSuites(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	for _, s := range kinds {
		text := addProof(t, badge, s.suite, s.key, `{}`)
		if got := judge(t, c, parse(t, text)); got != "ok" {
			t.Errorf("%s %s: %s", s.suite, s.key, got)
		}
		for old, changed := range map[string]string{
			"Welding I":               "Welding II",
			"https://school.example":  "https://school-two.example",
			"2026-01-15":              "2026-01-14",
			"2026-01-16":              "2026-01-17",
			`"name":"Welding I",`:     "",
			`"type":["Achievement"],`: "",
			`"proofPurpose":"assert`:  `"domain":"a.example","proofPurpose":"assert`,
			`"validFrom":`:            `"validUntil":"2030-01-01T00:00:00Z","validFrom":`,
			`"criteria":{`:            `"creator":{"id":"https://school.example","type":["Profile"]},"criteria":{`,
			`"proof":{`:               `"evidence":[{"id":"https://a.example","type":["Evidence"],"name":"Thesis"}],"proof":{`,
		} {
			m := strings.Replace(text, old, changed, 1)
			if m == text {
				t.Fatalf("%q is not in %s", old, text)
			}
			// Without its type an object's own terms mean nothing to RDF.
			if got := judge(t, c, parse(t, m)); got != "S-INVALID" && got != "S-UNCOVERED" {
				t.Errorf("%s: %q for %q: %s", s.suite, changed, old, got)
			}
		}
		doc := parse(t, text)
		all, err := List(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []key.Kind{key.Ed25519, key.P256, key.P384} {
			other := public(t, kind)
			if got := reason.CodeOf(c.Verify(doc, &all[0], other), ""); kind != s.key && got != reason.SInvalid {
				t.Errorf("%s under a %s key: %q", s.suite, kind, got)
			}
		}
	}
}

// TestVCDM1 holds that the proof of a badge of VCDM 1.1, whose contexts do
// not define it, is read as its issuer did; and that the context which does
// is given to the proof alone.
func TestVCDM1(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	older := strings.Replace(strings.Replace(badge, credentialsV2, credentialV1, 1), `"validFrom"`, `"issuanceDate"`, 1)
	text := addProof(t, older, "eddsa-rdfc-2022", key.Ed25519, `{}`)
	if got := judge(t, c, parse(t, text)); got != "ok" {
		t.Error(got)
	}
	changed := strings.Replace(text, `"proof":`, `"cryptosuite":"eddsa-rdfc-2022","proof":`, 1)
	if got := judge(t, c, parse(t, changed)); got != "S-UNCOVERED" {
		t.Errorf("a term of proofs in the badge: %s", got)
	}
	named := strings.Replace(text, `context-3.0.3.json"`, `context-3.0.3.json","`+dataIntegrityV2+`"`, 1)
	if got := judge(t, c, parse(t, named)); got != "ok" {
		t.Errorf("with the context named: %s", got)
	}
}

// TestEditions holds that a badge is read in that edition of its context which
// it was signed under, that each suite reads it so, and that nothing else is
// taken for it.
func TestEditions(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	text := strings.NewReplacer(credentialsV2, credentialV1, `"validFrom"`, `"issuanceDate"`, "context-3.0.3.json", "context.json").Replace(badge)
	for _, suite := range []string{"eddsa-rdfc-2022", "Ed25519Signature2020"} {
		for _, older := range []bool{false, true} {
			signed := addProofIn(t, text, suite, key.Ed25519, `{}`, older)
			if got := judge(t, c, parse(t, signed)); got != "ok" {
				t.Errorf("%s, older %v: %s", suite, older, got)
			}
			for old, changed := range map[string]string{"Welding I": "Welding II", "2026-01-16": "2026-01-17"} {
				if got := judge(t, c, parse(t, strings.Replace(signed, old, changed, 1))); got != "S-INVALID" {
					t.Errorf("%s, older %v, %q for %q: %s", suite, older, changed, old, got)
				}
			}
			one := strings.Replace(signed, "context.json", "context-3.0.2.json", 1)
			if got := judge(t, c, parse(t, one)); older && got != "S-INVALID" {
				t.Errorf("%s, a context of one edition: %s", suite, got)
			}
		}
	}
}

// TestByHand holds the bytes that are signed, written out by hand, so that
// signing and verifying in these tests cannot be wrong together.
func TestByHand(t *testing.T) {
	k := public(t, key.Ed25519)
	method := k.DID() + "#" + k.Multibase()
	const subject = `"@context":["https://www.w3.org/ns/credentials/v2"],"credentialSubject":{"id":"urn:x:learner"},"issuer":"https://school.example","type":["VerifiableCredential"]`
	options := `"created":"2026-01-16T08:00:00Z","cryptosuite":"%s","proofPurpose":"assertionMethod","type":"DataIntegrityProof","verificationMethod":"` + method + `"`
	const vc, sec = "https://www.w3.org/2018/credentials#", "https://w3id.org/security#"
	const rdfType = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	for suite, signed := range map[string][2]string{
		"eddsa-jcs-2022": {
			`{"@context":["https://www.w3.org/ns/credentials/v2"],` + fmt.Sprintf(options, "eddsa-jcs-2022") + `}`,
			`{` + subject + `}`,
		},
		"eddsa-rdfc-2022": {
			"_:c14n0 <http://purl.org/dc/terms/created> \"2026-01-16T08:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n" +
				"_:c14n0 " + rdfType + " <" + sec + "DataIntegrityProof> .\n" +
				"_:c14n0 <" + sec + "cryptosuite> \"eddsa-rdfc-2022\"^^<" + sec + "cryptosuiteString> .\n" +
				"_:c14n0 <" + sec + "proofPurpose> <" + sec + "assertionMethod> .\n" +
				"_:c14n0 <" + sec + "verificationMethod> <" + method + "> .\n",
			"_:c14n0 " + rdfType + " <" + vc + "VerifiableCredential> .\n" +
				"_:c14n0 <" + vc + "credentialSubject> <urn:x:learner> .\n" +
				"_:c14n0 <" + vc + "issuer> <https://school.example> .\n",
		},
	} {
		first, second := sha256.Sum256([]byte(signed[0])), sha256.Sum256([]byte(signed[1]))
		value := multibase.EncodeBase58(sign(t, key.Ed25519, append(first[:], second[:]...)))
		own := ""
		if suite == "eddsa-jcs-2022" {
			own = `"@context":["https://www.w3.org/ns/credentials/v2"],`
		}
		text := `{` + subject + `,"proof":{` + own + fmt.Sprintf(options, suite) + `,"proofValue":"` + value + `"}}`
		if got := judge(t, NewChecker(rdf.Builtin()), parse(t, text)); got != "ok" {
			t.Errorf("%s: %s for %s", suite, got, text)
		}
	}
}

func TestRefused(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	rdfc := addProof(t, badge, "eddsa-rdfc-2022", key.Ed25519, `{}`)
	jcs := addProof(t, badge, "eddsa-jcs-2022", key.Ed25519, `{}`)
	presentation := `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"holder":"urn:x:learner"}`
	const contexts = `"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"`
	value := func(text string) string { return parse(t, text).Get("proof").Get("proofValue").Str() }
	signature, _ := multibase.Decode(nil, value(rdfc))
	edit := func(text, old, changed string) string {
		t.Helper()
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in %s", old, text)
		}
		return strings.Replace(text, old, changed, 1)
	}
	for name, c2 := range map[string]struct{ text, want string }{
		"no proof":                  {badge, ""},
		"null proof":                {edit(badge, `{"@context"`, `{"proof":null,"@context"`), ""},
		"proof no object":           {edit(badge, `{"@context"`, `{"proof":"x","@context"`), "S-MALFORMED"},
		"presentation":              {addProof(t, presentation, "eddsa-rdfc-2022", key.Ed25519, `{"proofPurpose":"authentication","challenge":"c-1","domain":"https://kiosk.example"}`), "ok"},
		"presentation, wrong":       {addProof(t, presentation, "eddsa-rdfc-2022", key.Ed25519, `{}`), "S-PURPOSE"},
		"credential, wrong":         {addProof(t, badge, "eddsa-jcs-2022", key.Ed25519, `{"proofPurpose":"authentication"}`), "S-PURPOSE"},
		"unknown suite":             {edit(rdfc, "eddsa-rdfc-2022", "future-suite-2031"), "S-UNSUPPORTED"},
		"unknown type":              {edit(rdfc, "DataIntegrityProof", "FutureProof2031"), "S-UNSUPPORTED"},
		"no suite":                  {edit(rdfc, `"cryptosuite":"eddsa-rdfc-2022",`, ``), "S-UNSUPPORTED"},
		"suite no text":             {edit(rdfc, `"cryptosuite":"eddsa-rdfc-2022"`, `"cryptosuite":7`), "S-MALFORMED"},
		"another suite of the key":  {edit(rdfc, "eddsa-rdfc-2022", "eddsa-jcs-2022"), "S-INVALID"},
		"suite of another key":      {edit(rdfc, "eddsa-rdfc-2022", "ecdsa-rdfc-2019"), "S-INVALID"},
		"no purpose":                {edit(rdfc, `"proofPurpose":"assertionMethod",`, ``), "S-MALFORMED"},
		"created no date":           {edit(rdfc, "2026-01-16T08:00:00Z", "2026-01-16"), "S-MALFORMED"},
		"expires no date":           {edit(rdfc, `"proofPurpose"`, `"expires":"never","proofPurpose"`), "S-MALFORMED"},
		"no value":                  {edit(rdfc, `"proofValue":"`+value(rdfc)+`"`, `"proofValue":""`), "S-MALFORMED"},
		"value in base64":           {edit(rdfc, value(rdfc), "u"+multibase.EncodeBase64URL(signature)), "S-MALFORMED"},
		"value in hex":              {edit(rdfc, value(rdfc), "f"+hex.EncodeToString(signature)), "S-MALFORMED"},
		"value too long":            {edit(rdfc, value(rdfc), multibase.EncodeBase58(append(signature, 0))), "S-INVALID"},
		"rdfc, undefined term":      {edit(rdfc, `"proof":{`, `"adminLevel":"root","proof":{`), "S-UNCOVERED"},
		"rdfc, undefined in proof":  {edit(rdfc, `"proof":{`, `"proof":{"adminLevel":"root",`), "S-UNCOVERED"},
		"rdfc, relative id":         {edit(rdfc, `"proof":{`, `"evidence":[{"id":"thesis","type":["Evidence"],"name":"Thesis"}],"proof":{`), "S-UNCOVERED"},
		"rdfc, proof's own context": {edit(rdfc, `"proof":{`, `"proof":{"@context":"https://www.w3.org/ns/credentials/v2",`), "S-UNCOVERED"},
		"rdfc, same context again":  {edit(rdfc, `"proof":{`, `"proof":{`+contexts+`],`), "ok"},
		"rdfc, unknown context":     {edit(rdfc, contexts, contexts+`,"https://contexts.example/x"`), "S-CONTEXT"},
		"jcs, undefined term":       {edit(jcs, `"proof":{`, `"adminLevel":"root","proof":{`), "S-INVALID"},
		"jcs, further context":      {edit(jcs, contexts, contexts+`,"https://contexts.example/x"`), "S-UNCOVERED"},
		"jcs, context dropped":      {edit(jcs, contexts, `"@context":["https://www.w3.org/ns/credentials/v2"`), "S-UNCOVERED"},
		"previous proof missing":    {edit(rdfc, `"proofPurpose"`, `"previousProof":"urn:x:1","proofPurpose"`), "S-INVALID"},
		"previous proof is itself":  {edit(rdfc, `"proofPurpose"`, `"id":"urn:x:1","previousProof":"urn:x:1","proofPurpose"`), "S-INVALID"},
		"previous proof unnamed":    {edit(rdfc, `"proofPurpose"`, `"previousProof":"","proofPurpose"`), "S-UNCOVERED"},
		"previous proof no text":    {edit(rdfc, `"proofPurpose"`, `"previousProof":{},"proofPurpose"`), "S-MALFORMED"},
		"too many proofs":           {badge[:len(badge)-1] + `,"proof":[` + strings.Repeat("{},", MaxProofs) + `{}]}`, "Q-TOOBIG"},
	} {
		if got := judge(t, c, parse(t, c2.text)); got != c2.want {
			t.Errorf("%s: %s, want %s", name, got, c2.want)
		}
	}
}

// TestRecognisedKey holds that a proof by a kind of key that is only
// recognised is not called wrong.
func TestRecognisedKey(t *testing.T) {
	k, err := key.FromJWK(parse(t, `{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g","y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}`))
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, addProof(t, badge, "eddsa-rdfc-2022", key.Ed25519, `{}`))
	all, _ := List(doc)
	if got := reason.CodeOf(NewChecker(rdf.Builtin()).Verify(doc, &all[0], k), ""); got != reason.SUnsupported {
		t.Errorf("under a secp256k1 key: %q", got)
	}
}

// TestChain holds that a later proof signs the earlier ones it names, and a
// set's proofs stand each alone.
func TestChain(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	for _, suite := range []string{"eddsa-rdfc-2022", "eddsa-jcs-2022"} {
		one := addProof(t, badge, suite, key.Ed25519, `{"id":"urn:x:1"}`)
		two := addProof(t, one, suite, key.Ed25519, `{"id":"urn:x:2","created":"2026-01-17T00:00:00Z"}`)
		chain := addProof(t, two, suite, key.Ed25519, `{"id":"urn:x:3","previousProof":["urn:x:1","urn:x:2"]}`)
		if got := judge(t, c, parse(t, chain)); got != "ok ok ok" {
			t.Errorf("%s: chain %s", suite, got)
		}
		if got := judge(t, c, parse(t, strings.Replace(chain, "2026-01-17", "2026-01-18", 1))); got != "ok S-INVALID S-INVALID" {
			t.Errorf("%s: second proof changed: %s", suite, got)
		}
		if got := judge(t, c, parse(t, strings.Replace(chain, `["urn:x:1","urn:x:2"]`, `"urn:x:2"`, 1))); got != "ok ok S-INVALID" {
			t.Errorf("%s: chain shortened: %s", suite, got)
		}
		doubled := strings.Replace(chain, `"id":"urn:x:2"`, `"id":"urn:x:1"`, 1)
		if got := judge(t, c, parse(t, doubled)); got != "ok S-INVALID S-INVALID" {
			t.Errorf("%s: two proofs of one id: %s", suite, got)
		}
	}
}

// TestMangled flips every bit of a signed badge and cuts it at every byte:
// nothing verifies, and nothing fails without a code.
func TestMangled(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	k := public(t, key.Ed25519)
	verified := func(text []byte) bool {
		doc, err := ijson.Parse(text)
		if err != nil {
			return false
		}
		all, err := List(doc)
		for i := range all {
			if err = c.Verify(doc, &all[i], k); err == nil {
				return true
			}
		}
		if err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
		return false
	}
	for _, suite := range []string{"eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"} {
		text := addProof(t, badge, suite, key.Ed25519, `{"expires":"2030-01-01T00:00:00Z"}`)
		if !verified([]byte(text)) {
			t.Fatalf("%s: the badge itself does not verify", suite)
		}
		for i := range text {
			for bit := range 8 {
				m := []byte(text)
				m[i] ^= 1 << bit
				// Other methods are other keys: the caller looks them up.
				if verified(m) && string(m) != text {
					t.Errorf("%s: verifies with bit %d of byte %d flipped, near %s", suite, bit, i, m[max(0, i-20):i+1])
				}
			}
			if verified([]byte(text[:i])) {
				t.Errorf("%s: verifies when cut at %d", suite, i)
			}
		}
	}
}

// TestFields holds what a proof says of itself.
func TestFields(t *testing.T) {
	doc := parse(t, `{"proof":{"id":"urn:x:1","type":"DataIntegrityProof","cryptosuite":"eddsa-2022","created":"2026-01-16T08:00:00Z","expires":"2030-01-01T00:00:00Z",
		"verificationMethod":{"id":"did:key:a#a","controller":"did:key:a"},"proofPurpose":"authentication","challenge":"c","domain":["a","b"],"nonce":"n","previousProof":"urn:x:0"}}`)
	all, err := List(doc)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	p := all[0]
	got := fmt.Sprint(p.ID, p.Type, p.Suite(), p.Format(), p.Method, p.Purpose, p.Created.Unix(), p.Expires.Year(), p.Challenge, p.Domain, p.Nonce, p.Previous, p.fault)
	if want := "urn:x:1DataIntegrityProofeddsa-rdfc-2022di-eddsa-rdfc-2022did:key:a#aauthentication1768550400 2030c[a b]n[urn:x:0] <nil>"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for suite, want := range map[string]bool{"eddsa-rdfc-2022": true, "ecdsa-jcs-2019": true, "future-suite-2031": false, "": false} {
		if Supports(suite) != want {
			t.Errorf("Supports(%q) = %v", suite, !want)
		}
	}
}

// TestMemo holds that a document is canonicalised once for all of its proofs
// and every key they are tried with.
func TestMemo(t *testing.T) {
	one := addProof(t, badge, "eddsa-rdfc-2022", key.Ed25519, `{"id":"urn:x:1"}`)
	doc := parse(t, addProof(t, one, "eddsa-rdfc-2022", key.Ed25519, `{"id":"urn:x:2"}`))
	all, err := List(doc)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	c, k := NewChecker(rdf.Builtin()), public(t, key.Ed25519)
	if err := c.Verify(doc, &all[0], k); err != nil {
		t.Fatal(err)
	}
	kept := all[1].document[rdf.SHA256][0]
	if !kept.done || kept.size != sha256.Size {
		t.Errorf("the digest is not kept: %+v", kept)
	}
	if err := c.Verify(doc, &all[1], k); err != nil {
		t.Error(err)
	}
	// What was too much work for one proof is not tried for another.
	all, _ = List(doc)
	tooBig := reason.Errorf(reason.QTooBig, "too much")
	if got := all[0].document.refuses(tooBig); got != tooBig {
		t.Error(got)
	}
	for i := range all {
		if got := reason.CodeOf(c.Verify(doc, &all[i], k), ""); got != reason.QTooBig {
			t.Errorf("proof %d after that: %q", i, got)
		}
	}
}

// FuzzVerify holds that no document panics, whatever it says, and that every
// refusal has its code.
func FuzzVerify(f *testing.F) {
	for _, s := range kinds {
		f.Add([]byte(addProof(f, badge, s.suite, s.key, `{}`)))
	}
	f.Add([]byte(addSelective(f, badge, []uint64{0, 1}, nil)))
	f.Add([]byte(addBBS(f, badge, badge, []uint64{0, 1}, nil)))
	f.Add([]byte(byPeer))
	c := NewChecker(rdf.Builtin())
	school, err := key.FromMultikey(append([]byte{0xeb, 0x01}, bbstest.NewKey("a made-up school").Public()...))
	if err != nil {
		f.Fatal(err)
	}
	ed, p256 := public(f, key.Ed25519), public(f, key.P256)
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := ijson.Parse(text)
		if err != nil {
			return
		}
		all, err := List(doc)
		if err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
		for i := range all {
			for _, k := range []*key.Key{ed, p256, school} {
				if err := c.Verify(doc, &all[i], k); err != nil && reason.CodeOf(err, "") == "" {
					t.Errorf("%v carries no code", err)
				}
			}
		}
	})
}
