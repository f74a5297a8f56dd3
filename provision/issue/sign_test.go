package issue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

var (
	jan = time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC)
	dec = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
)

// welding is the badge that most tests issue.
func welding() Badge {
	return Badge{
		Achievement: Achievement{ID: "https://riverbend.example/a/welding-1", Name: "Welding I", Description: "Joins steel safely.", Criteria: "Ten joints & a test."},
		From:        jan, Until: dec,
	}
}

// TestJWT is checked by another library: both algorithms, both forms.
func TestJWT(t *testing.T) {
	for _, a := range []Algorithm{EdDSA, ES256} {
		i := NewIssuer(newKey(t, a, "did:web:riverbend.example"), "Riverbend Academy")
		for _, f := range []Format{VCJWT, VCJOSE} {
			token, err := i.Sign(welding(), Options{Format: f})
			if err != nil {
				t.Fatal(err)
			}
			got := peerOpens(t, i, string(token))
			if iss, id := got["iss"], got["issuer"].(map[string]any)["id"]; id != i.ID || f == VCJWT && iss != id || f == VCJOSE && iss != nil {
				t.Errorf("%s %s: iss %v, issuer %v", a, f, iss, id)
			}
			if _, ok := got["vc"]; ok {
				t.Errorf("%s %s: has a vc claim", a, f)
			}
			if f == VCJWT && (got["nbf"] != float64(jan.Unix()) || got["exp"] != float64(dec.Unix()) || got["jti"] != got["id"] || got["sub"] == nil) {
				t.Errorf("%s %s: claims %v", a, f, got)
			}
		}
	}
}

// peerOpens verifies a token with go-jose and returns its claims.
func peerOpens(t *testing.T, i Issuer, token string) map[string]any {
	t.Helper()
	public, err := json.Marshal(i.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	var key jose.JSONWebKey
	if err := json.Unmarshal(public, &key); err != nil {
		t.Fatal(err)
	}
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.EdDSA, jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := jws.Verify(key)
	if err != nil {
		t.Fatal(err)
	}
	if kid := jws.Signatures[0].Header.KeyID; kid != i.Key.ID {
		t.Errorf("kid %s, want %s", kid, i.Key.ID)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// TestNothingOfTheLearner: without being asked, a badge says nothing about
// its holder, and two badges of one holder share nothing but the achievement.
func TestNothingOfTheLearner(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, ""), "Riverbend Academy")
	subject := func(b Badge) map[string]any {
		doc, err := i.Sign(b, Options{Format: JCS})
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Subject map[string]any `json:"credentialSubject"`
		}
		if err := json.Unmarshal(doc, &c); err != nil {
			t.Fatal(err)
		}
		delete(c.Subject, "achievement")
		return c.Subject
	}
	one, two := subject(welding()), subject(welding())
	if len(one) != 2 || one["id"] == two["id"] || one["id"] == nil {
		t.Errorf("subjects %v and %v", one, two)
	}
	b := welding()
	b.Learner.Name = "Ada Example"
	if s := fmt.Sprint(subject(b)); !strings.Contains(s, "identityHash:Ada Example identityType:name") {
		t.Errorf("with a name: %s", s)
	}
}

// TestRequired holds every form of badge against what Open Badges requires.
//
// Source: Open Badges 3.0, annex B; the lists of "required" in its JSON
// schema, and that a subject without id or identifier is refused by 1EdTech's
// validator.
func TestRequired(t *testing.T) {
	required := map[string][]string{
		"":                              {"@context", "id", "type", "credentialSubject", "issuer", "validFrom"},
		"issuer":                        {"id", "type"},
		"credentialSubject":             {"id", "type", "achievement"},
		"credentialSubject.achievement": {"id", "type", "criteria", "description", "name"},
		"credentialStatus":              {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"},
		"proof":                         {"type", "cryptosuite", "proofPurpose", "proofValue", "verificationMethod"},
	}
	i := NewIssuer(newKey(t, EdDSA, ""), "Riverbend Academy")
	b := Badge{Achievement: Achievement{Name: "Welding I"}, From: jan, Status: &Status{"https://riverbend.example/status/1", 7, Revocation}}
	for _, compact := range []bool{false, true} {
		doc, err := i.Sign(b, Options{Format: JCS, Compact: compact})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatal(err)
		}
		for path, names := range required {
			at := got
			for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
				at, _ = at[step].(map[string]any)
			}
			for _, name := range names {
				if v, ok := at[name]; !ok || v == "" {
					t.Errorf("compact %t: %s lacks %s", compact, path, name)
				}
			}
		}
		if criteria := got["credentialSubject"].(map[string]any)["achievement"].(map[string]any)["criteria"].(map[string]any); len(criteria) == 0 {
			t.Errorf("compact %t: criteria are empty", compact)
		}
	}
}

// TestLevel: the step reached is one of the scale's.
func TestLevel(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, ""), "Riverbend Academy")
	b := welding()
	b.Level = &Level{3, []string{"Beginning", "Developing", "Proficient", "Expert"}}
	doc, err := i.Sign(b, Options{Format: JCS})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Subject achievementSubject `json:"credentialSubject"`
	}
	if err := json.Unmarshal(doc, &got); err != nil {
		t.Fatal(err)
	}
	levels := got.Subject.Achievement.Results[0].Levels
	n := slices.IndexFunc(levels, func(r rubricRow) bool { return r.ID == got.Subject.Result[0].Achieved })
	if n != 2 || levels[n].Name != "Proficient" || len(levels) != 4 {
		t.Errorf("reached row %d of %v", n, levels)
	}
}

// TestSignRefuses shows what a person reads who leaves something out.
func TestSignRefuses(t *testing.T) {
	ed := NewIssuer(newKey(t, EdDSA, ""), "")
	ec := NewIssuer(newKey(t, ES256, ""), "")
	for _, c := range []struct {
		name   string
		issuer Issuer
		change func(*Badge, *Options)
		says   string
	}{
		{"no name", ed, func(b *Badge, _ *Options) { b.Achievement.Name = "" }, "needs a name"},
		{"no date", ed, func(b *Badge, _ *Options) { b.From = time.Time{} }, "from which it is valid"},
		{"level", ed, func(b *Badge, _ *Options) { b.Level = &Level{5, []string{"a", "b"}} }, "level 5 is not on a scale of 2"},
		{"index", ed, func(b *Badge, _ *Options) { b.Status = &Status{"https://s.example/1", 131072, Revocation} }, "131072"},
		{"key", ec, func(_ *Badge, o *Options) { o.Format = JCS }, "Ed25519"},
	} {
		b, o := welding(), Options{}
		c.change(&b, &o)
		if _, err := c.issuer.Sign(b, o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}
