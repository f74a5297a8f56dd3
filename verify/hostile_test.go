package verify_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/verifytest"
)

// mangled are one sample of each format whose every byte is signed, or says
// what the rest is.
var mangled = []string{
	"verified-jwt", "verified-jose", "verified-jcs", "verified-rdfc", "verified-key-without-id", "verified-both-purposes",
	"verified-enveloped", "verified-presentation", "verified-baked", "verified-ob2-signed", "verified-ob2-hosted", "verified-sd-jwt",
}

// TestMangled flips a bit of every byte, drops it and cuts there: none is
// ever verified.
func TestMangled(t *testing.T) {
	for _, name := range mangled {
		b := verifytest.Named(t, name)
		v := verify.Verifier{Trust: b.Trust}
		if r := v.Verify(b.Payload, b.Ask); r.Verdict != verify.Verified {
			t.Fatalf("%s: %s", name, r.String())
		}
		for i := range b.Payload {
			flipped := []byte(string(b.Payload))
			flipped[i] ^= 1 << (i % 7)
			dropped := append([]byte(string(b.Payload[:i])), b.Payload[i+1:]...)
			for _, bad := range [][]byte{flipped, dropped, b.Payload[:i]} {
				if strings.HasSuffix(name, "sd-jwt") && strings.HasSuffix(string(bad), "~") && strings.HasPrefix(string(b.Payload), string(bad)) {
					continue // showing less is what the format is for
				}
				if r := v.Verify(bad, b.Ask); r.Verdict == verify.Verified {
					t.Errorf("%s, byte %d (%q): %s\n%s", name, i, b.Payload[i], r.String(), bad)
				}
			}
		}
	}
}

// TestNothingForgedIsShown holds that a badge that does not match its
// signature leaves nothing of its contents behind.
func TestNothingForgedIsShown(t *testing.T) {
	n := 0
	verifytest.Each(t, func(t *testing.T, b verifytest.Badge) {
		v := verify.Verifier{Trust: b.Trust}
		b.Ask.Audience = verify.Office
		for _, r := range each(v.Verify(b.Payload, b.Ask)) {
			if r.Axes.Signature.State != verify.Fail && r.Axes.Issuer.State != verify.Fail {
				continue
			}
			n++
			if got := fmt.Sprintf("%+v", r.Badge); got != fmt.Sprintf("%+v", verify.Badge{}) {
				t.Errorf("%s shows %s", r.String(), got)
			}
		}
	})
	if n < 8 {
		t.Errorf("only %d forged badges among the fixtures", n)
	}
}

// each is a report and those it stands for.
func each(r verify.Report) []verify.Report { return append([]verify.Report{r}, r.Credentials...) }

// learner are the fields of a badge that say who the learner is, each with
// the marker NAME in it.
const learner = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"did:web:riverbend.example","validFrom":"2026-05-12T00:00:00Z",
"evidence":[{"id":"https://x.example/NAME","type":["Evidence"],"name":"NAME","narrative":"NAME"}],
"credentialSubject":{"id":"did:example:NAME","type":["AchievementSubject"],"name":"NAME","narrative":"NAME","image":{"id":"https://x.example/NAME.png"},
"identifier":[{"type":"IdentityObject","identityHash":"NAME","identityType":"emailAddress","hashed":false},{"type":"IdentityObject","identityHash":"NAME","identityType":"name","hashed":false}],
"result":[{"type":["Result"],"value":"NAME"}],
"achievement":{"id":"https://x.example/a","type":["Achievement"],"name":"Welding I","description":"d","criteria":{"narrative":"c"}}}}`

// TestPrivacy holds that outside audience office nothing that says who the
// learner is leaves the package, and that two badges differing only in that
// give the same report.
func TestPrivacy(t *testing.T) {
	v := verify.Verifier{}
	for _, audience := range []verify.Audience{verify.Public, verify.Partner, verify.Employer, verify.Office} {
		ask := verify.Ask{At: verify.At(verifytest.Noon), Audience: audience}
		one := fmt.Sprintf("%+v", v.Verify([]byte(strings.ReplaceAll(learner, "NAME", "Ada")), ask))
		two := fmt.Sprintf("%+v", v.Verify([]byte(strings.ReplaceAll(learner, "NAME", "Grace")), ask))
		if audience == verify.Office {
			if !strings.Contains(one, "Ada") {
				t.Errorf("audience office sees nobody: %s", one)
			}
			continue
		}
		if one != two || strings.Contains(one, "Ada") {
			t.Errorf("audience %s sees who it is:\n%s\n%s", audience, one, two)
		}
	}
	if got := (verify.Ask{}).Audience; got != verify.Public {
		t.Errorf("no audience is %s", got)
	}
}

// TestTextIsClean holds that no text of a badge reaches a screen with
// characters that could reach beyond their field.
func TestTextIsClean(t *testing.T) {
	bad := "Wel\u202eding\u200b\\u0000 I\\n\u2066" + strings.Repeat("long ", 1000)
	doc := strings.NewReplacer("Welding I", bad, "NAME", bad, `"d"`, `"`+bad+`"`, `"c"`, `"`+bad+`"`).Replace(learner)
	r := new(verify.Verifier).Verify([]byte(doc), verify.Ask{At: verify.At(verifytest.Noon), Audience: verify.Office})
	b := r.Badge
	if b.Name == "" {
		t.Fatalf("no name: %s", r.String())
	}
	for _, s := range append(b.Skills, b.Name, b.Description, b.Criteria, b.Type, b.Class, b.Level.Name, b.Framework, b.Claims, b.IssuerID,
		b.Holder.Name, b.Holder.Identifier, b.Holder.Narrative, b.Holder.Result, b.PictureURI) {
		if len(s) > verify.MaxText || strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
			t.Errorf("%d bytes: %.80q", len(s), s)
		}
	}
}

// An attack is a payload made to hurt, and the code it gets.
type attack struct {
	name    string
	code    reason.Code
	payload string
}

// attacks is the table of them. None may take long or much memory.
func attacks() []attack {
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	contexts := `"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]`
	proof := `{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7#z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7","proofPurpose":"assertionMethod","proofValue":"z3JPKk6w7u8xrhYQ1qWMPJWViRSyLemgFdBp5q1kQ5gosp8QLuKMtUh6FrZzdaoKCPwCFivTffEziGw7aiHw2yyAC"}`
	vc := func(members string) string {
		return `{` + contexts + `,"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7",` + members + `}`
	}
	repeat := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	twins := repeat(24, `{"type":["Achievement"],"alignment":[`+repeat(12, `{"type":["Alignment"],"targetName":"x"}`)+`]}`)
	return []attack{
		{"deep JSON", reason.QTooBig, deep},
		{"deep arrays", reason.QNotBadge, strings.Repeat("[", 100_000)},
		{"1,500 proofs", reason.QTooBig, vc(`"proof":[` + repeat(1500, proof) + `]`)},
		{"32 proofs", reason.QTooBig, vc(`"credentialSubject":{"name":"x"},"proof":[` + repeat(32, proof) + `]`)},
		{"8 proofs", reason.SInvalid, vc(`"credentialSubject":{"name":"x"},"proof":[` + repeat(8, proof) + `]`)},
		{"poison graph", reason.QTooBig, vc(`"credentialSubject":{"type":["AchievementSubject"],"achievement":[` + twins + `]},"proof":` + proof)},
		{"10,000 subjects", reason.SInvalid, vc(`"credentialSubject":[` + repeat(10_000, `{"type":"AchievementSubject"}`) + `],"proof":` + proof)},
		{"10,000 statuses", reason.RBadList, vc(`"credentialStatus":[` + repeat(10_000, `{"type":"BitstringStatusListEntry"}`) + `]`)},
		{"4,000 results", reason.SNoProof, vc(`"credentialSubject":{"result":[` + repeat(4000, `{"achievedLevel":"a"}`) + `],"achievement":{"resultDescription":[` + repeat(4000, `{"id":"b"}`) + `]}}`)},
		{"100 copies in a VP", reason.SInvalid, `{` + contexts + `,"type":"VerifiablePresentation","verifiableCredential":[` + repeat(100, vc(`"proof":`+proof)) + `]}`},
		{"VP in VP", reason.QTooBig, strings.Repeat(`{"type":"VerifiablePresentation","verifiableCredential":[`, 60) + strings.Repeat(`]}`, 60)},
		{"100,000 names", reason.SMalformed, `{"type":"VerifiableCredential","issuer":"x"` + strings.Repeat(`,"x":1`, 100_000) + `}`},
		{"long base58", reason.SMalformed, strings.Replace(vc(`"proof":`+proof), "z3JPKk", "z"+strings.Repeat("3", 60_000), 1)},
		{"zeros", reason.QNotBadge, string(make([]byte, 60_000))},
		{"token of dots", reason.QNotBadge, strings.Repeat(".", 60_000)},
		{"long token", reason.SMalformed, "eyJhbGciOiJFZERTQSJ9." + strings.Repeat("A", 60_000) + ".AAAA"},
		{"long did:jwk", reason.SMalformed, strings.ReplaceAll(vc(`"proof":`+proof), "did:key:z6Mk", "did:jwk:"+strings.Repeat("A", 50_000))},
	}
}

// TestAttacks holds every attack to its bounds: 20 ms of a small core for
// each 16 kB, where 1 ms is 17.5 Ed25519 verifications, and 16 MB. Other work
// on the machine is allowed for by taking the best of three.
func TestAttacks(t *testing.T) {
	v := verify.Verifier{}
	ask := verify.Ask{At: verify.At(verifytest.Noon)}
	ms := millisecond()
	for _, a := range attacks() {
		name, payload := a.name, a.payload
		best, memory := time.Hour, uint64(0)
		var report verify.Report
		for range 3 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := cpu()
			report = v.Verify([]byte(payload), ask)
			best = min(best, cpu()-start)
			runtime.ReadMemStats(&after)
			memory = after.TotalAlloc - before.TotalAlloc
		}
		if report.Verdict == verify.Verified || !report.Has(a.code) {
			t.Errorf("%s: %s, want %s", name, report.String(), a.code)
		}
		limit := time.Duration(20*(1+len(payload)/(16<<10))) * ms
		t.Logf("%-20s %7d bytes %8v of %v, %5d kB: %s", name, len(payload), best, limit, memory>>10, report.String())
		if best > 3*limit {
			t.Errorf("%s takes %v, at most %v is allowed", name, best, limit)
		}
		if memory > maxMemory(payload) {
			t.Errorf("%s allocates %d MB", name, memory>>20)
		}
	}
}

// maxMemory is how much may be allocated in all: 16 MB for what a code can
// hold. For a file of up to 1 MB what is outgrown on the way counts here too,
// though it is free by then.
func maxMemory(payload string) uint64 {
	if len(payload) <= 64<<10 {
		return 16 << 20
	}
	return 40 << 20
}

// FuzzVerify holds that any bytes have a report, in no time, that nothing
// mutated is verified, and that its codes are those of the list.
func FuzzVerify(f *testing.F) {
	for _, b := range verifytest.All(f) {
		f.Add(b.Payload)
	}
	b := verifytest.Named(f, "verified-jwt")
	known := map[string]bool{}
	for _, b := range verifytest.All(f) {
		known[string(b.Payload)] = true
	}
	v := verify.Verifier{Trust: b.Trust}
	f.Fuzz(func(t *testing.T, payload []byte) {
		r := v.Verify(payload, b.Ask)
		if r.Verdict == verify.Verified && !known[strings.TrimSpace(string(payload))] {
			t.Errorf("verified")
		}
		for _, r := range each(r) {
			if r.Format == "" {
				t.Error("no format")
			}
			for _, c := range r.Codes {
				if _, ok := reason.Of(c); !ok {
					t.Errorf("code %q", c)
				}
			}
		}
	})
}
