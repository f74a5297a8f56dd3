package verify_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
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

// FuzzVerify holds that any bytes have a report, that what a mutated badge
// which is verified says is what the genuine one said, and that its codes are
// those of the list.
func FuzzVerify(f *testing.F) {
	b := verifytest.Named(f, "verified-jwt")
	b.Ask.Audience = verify.Office
	v := verify.Verifier{Trust: b.Trust}
	known := map[string]bool{"": true}
	for _, b := range verifytest.All(f) {
		f.Add(b.Payload)
		b.Ask.Audience = verify.Office
		for _, r := range each(v.Verify(b.Payload, b.Ask)) {
			for _, fact := range facts(r) {
				known[fact] = known[fact] || r.Axes.Signature.State == verify.Pass
			}
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, r := range each(v.Verify(payload, b.Ask)) {
			for _, fact := range facts(r) {
				if r.Verdict == verify.Verified && !known[fact] {
					t.Errorf("verified: %s", fact)
				}
			}
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

// facts are what a screen may say of a badge, each with its name; what a
// holder chose not to show is not among them.
func facts(r verify.Report) (all []string) {
	b := r.Badge
	for name, v := range map[string]any{"name": b.Name, "type": b.Type, "level": b.Level, "issued": b.Issued, "until": b.Until,
		"issuer": b.IssuerID, "holder": b.Holder.Name, "identifier": b.Holder.Identifier, "result": b.Holder.Result} {
		if !reflect.ValueOf(v).IsZero() {
			all = append(all, fmt.Sprintf("%s %v", name, v))
		}
	}
	return all
}
