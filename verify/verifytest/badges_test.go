package verifytest_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/verifytest"
)

var update = flag.Bool("update", false, "write the fixtures anew")

// TestFixtures holds that the files in badges/ are the ones that fixtures
// describes. With -update it writes them.
func TestFixtures(t *testing.T) {
	if *update {
		old, _ := filepath.Glob("badges/*.txtar")
		for _, name := range old {
			os.Remove(name)
		}
	}
	names := map[string]bool{}
	for _, f := range fixtures() {
		file := filepath.Join("badges", f.name+".txtar")
		if names[file] {
			t.Errorf("%s twice", file)
		}
		names[file] = true
		if *update {
			if err := os.WriteFile(file, f.archive(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != string(f.archive()) {
			t.Errorf("%s is not what fixtures makes; run go test -update", file)
		}
	}
	onDisk, _ := filepath.Glob("badges/*.txtar")
	for _, name := range onDisk {
		if !names[name] {
			t.Errorf("%s is made by no fixture", name)
		}
	}
}

// TestBadges compares verdict and codes, never the wording of an error.
func TestBadges(t *testing.T) {
	verifytest.Each(t, func(t *testing.T, b verifytest.Badge) {
		v := verify.Verifier{Trust: b.Trust}
		report := v.Verify(b.Payload, b.Ask)
		if got := report.String(); got != b.Want {
			t.Errorf("%s\ngot  %q\nwant %q", b.About, got, b.Want)
		}
		if b.Trust != nil && len(b.Trust.Faults) > 0 {
			t.Errorf("trust folder: %v", b.Trust.Faults)
		}
	})
}

// TestRecord holds that a learner's record leads and its badges follow.
func TestRecord(t *testing.T) {
	b := verifytest.Named(t, "verified-record")
	r := (&verify.Verifier{Trust: b.Trust}).Verify(b.Payload, b.Ask)
	if r.Badge.Name != "Transcript" || r.Badge.Type != "ClrCredential" || len(r.Credentials) != 2 ||
		r.Credentials[0].Badge.Name != "Welding I" || r.Credentials[0].String() != "cannot-tell S-NOPROOF R-NONE B-UNSEALED" ||
		!r.Credentials[1].Has(reason.TExpired) {
		t.Errorf("%s: %+v", r.String(), r.Credentials)
	}
}

// TestEndorsed holds that only an endorsement that is VERIFIED, and about
// this badge, is named.
func TestEndorsed(t *testing.T) {
	b := verifytest.Named(t, "verified-endorsed")
	r := (&verify.Verifier{Trust: b.Trust}).Verify(b.Payload, b.Ask)
	if !slices.Equal(r.Badge.Endorsed, []string{"Forge Guild"}) {
		t.Errorf("endorsed by %q", r.Badge.Endorsed)
	}
	b = verifytest.Named(t, "verified-jwt")
	if r := (&verify.Verifier{Trust: b.Trust}).Verify(b.Payload, b.Ask); r.Badge.Endorsed != nil {
		t.Errorf("endorsed by %q", r.Badge.Endorsed)
	}
}

// elsewhere are codes that no report on a badge of these fixtures carries,
// with the place of their test.
var elsewhere = map[reason.Code]string{
	reason.SBase:  "verify.TestPeers: base proofs are made by suites that these fixtures do not sign with",
	reason.SExtra: "verify.TestPeers, as above",
}

// TestEveryCodeHasABadge holds that each code a report can carry has a
// fixture.
func TestEveryCodeHasABadge(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range verifytest.All(t) {
		for _, c := range strings.Fields(b.Want)[1:] {
			seen[c] = true
		}
	}
	axes := []reason.Axis{reason.Signature, reason.Issuer, reason.Status, reason.Time, reason.Scan}
	for _, e := range reason.All {
		if slices.Contains(axes, e.Axis) && !seen[string(e.Code)] && elsewhere[e.Code] == "" {
			t.Errorf("%s (%s): no badge", e.Code, e.Says)
		}
	}
}

// TestNotes holds what a report says of the trust set itself.
func TestNotes(t *testing.T) {
	b := verifytest.Named(t, "not-accepted-here")
	r := (&verify.Verifier{Trust: b.Trust}).Verify(b.Payload, b.Ask)
	if f := r.Axes.Issuer; f.Name != "Riverbend Academy" || f.By != "Valley Coalition" {
		t.Errorf("refused by %q: %+v", f.By, f)
	}
	b = verifytest.Named(t, "verified-jose")
	v := verify.Verifier{Trust: b.Trust, Accepts: []string{"lakeside"}}
	if r := v.Verify(b.Payload, b.Ask); r.Verdict != verify.CannotTell || !r.Has(reason.INotHere) || r.Axes.Issuer.By != "" {
		t.Errorf("a kiosk that accepts only Lakeside: %s", r.String())
	}
	b.Trust.Expires = verifytest.Noon.Add(-1)
	v = verify.Verifier{Trust: b.Trust}
	if r := v.Verify(b.Payload, b.Ask); r.Verdict != verify.Verified || !r.Has(reason.BStale) {
		t.Errorf("a bundle past its date: %s", r.String())
	}
}

// TestRecipient asks of a whole badge whose it is.
func TestRecipient(t *testing.T) {
	b := verifytest.Named(t, "verified-jcs")
	v := verify.Verifier{Trust: b.Trust}
	for identity, want := range map[string]verify.State{"": verify.Unknown, "did:example:learner": verify.Pass, "ada@school.example": verify.Fail} {
		b.Ask.Identity = identity
		if got := v.Verify(b.Payload, b.Ask).Recipient; got != want {
			t.Errorf("%q: %s, want %s", identity, got, want)
		}
	}
	forged := verifytest.Named(t, "forged-jcs")
	forged.Ask.Identity = "did:example:learner"
	if got := v.Verify(forged.Payload, forged.Ask).Recipient; got != verify.Unknown {
		t.Errorf("of a forged badge: %s", got)
	}
}

// TestPresenter asks the holder to sign, and gets every kind of answer.
func TestPresenter(t *testing.T) {
	learner := newSigner("a learner")
	badge := riverbend.badge()
	badge["credentialSubject"].(o)["id"] = learner.did
	answer := func(s signer, nonce, domain string) string {
		return s.jcs(o{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiablePresentation", "holder": s.did,
			"verifiableCredential": []any{object(riverbend.jcs(badge))}}, o{"proofPurpose": "authentication", "challenge": nonce, "domain": domain})
	}
	token := func(nonce string) string {
		return learner.jwt(o{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiablePresentation", "holder": learner.did,
			"iss": learner.did, "aud": "kiosk.example", "nonce": nonce, "verifiableCredential": []any{object(riverbend.jcs(badge))}}, o{"typ": "vp+jwt"})
	}
	unsigned := text(o{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiablePresentation", "verifiableCredential": []any{object(riverbend.jcs(badge))}})
	asked := verify.Challenge{Nonce: "n1", Audience: "kiosk.example"}
	late, used := asked, asked
	late.Late, used.Used = true, true
	set := verifytest.Named(t, "verified-jcs").Trust
	for _, c := range []struct {
		says, payload string
		asked         *verify.Challenge
		want          string
	}{
		{"the holder", answer(learner, "n1", "kiosk.example"), &asked, "verified R-NONE P-HOLDER B-UNSEALED"},
		{"the holder, by a token", token("n1"), &asked, "verified R-NONE P-HOLDER B-UNSEALED"},
		{"nobody asked", answer(learner, "n1", "kiosk.example"), nil, "verified R-NONE B-UNSEALED"},
		{"another question", answer(learner, "n2", "kiosk.example"), &asked, "check P-WRONG R-NONE B-UNSEALED"},
		{"another question, by a token", token("n2"), &asked, "check P-WRONG R-NONE B-UNSEALED"},
		{"for another kiosk", answer(learner, "n1", "other.example"), &asked, "check P-WRONG R-NONE B-UNSEALED"},
		{"somebody else", answer(nobody, "n1", "kiosk.example"), &asked, "check P-WRONG R-NONE B-UNSEALED"},
		{"nobody signed", unsigned, &asked, "check P-WRONG R-NONE B-UNSEALED"},
		{"late", answer(learner, "n1", "kiosk.example"), &late, "check P-LATE R-NONE B-UNSEALED"},
		{"a second time", answer(learner, "n1", "kiosk.example"), &used, "check P-REPLAY R-NONE B-UNSEALED"},
		{"the badge alone", riverbend.jcs(badge), &asked, "verified R-NONE B-UNSEALED"},
	} {
		v := verify.Verifier{Trust: set}
		r := v.Verify([]byte(c.payload), verify.Ask{At: verify.At(verifytest.Noon), Challenge: c.asked})
		if got := r.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.says, got, c.want)
		}
		if r.Has(reason.PHolder) != (r.Axes.Presenter.State == verify.Pass) {
			t.Errorf("%s: presenter %s with %v", c.says, r.Axes.Presenter.State, r.Codes)
		}
	}
}
