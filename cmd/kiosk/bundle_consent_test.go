package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/issue"
	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// TestConsent: an employer sees a name when a guardian agreed, and no longer
// once they took it back, or it ended, or it is for another badge.
func TestConsent(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	for _, id := range []string{"elm", "fern"} {
		say(t, exitAll, "bundle", "add", "district", "co", id, "--name", id+" District")
		say(t, exitAll, "issue", "key", id+".jwk", "--id", "did:web:"+id+".example")
		say(t, exitAll, "bundle", "add", "issuer", "co", id, id+".jwk", "--name", id+" academy")
	}
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--learner-name", "Ana Example", "--out", "badge.jwt")
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--learner-name", "Ben Example", "--out", "other.jwt")
	look := func(badge string, who verify.Audience, at time.Time) string {
		t.Helper()
		set, err := trust.Open(os.DirFS("co/trust"))
		must(t, err)
		data, err := os.ReadFile(badge)
		must(t, err)
		v := verify.Verifier{Trust: set}
		r := v.Verify(data, verify.Ask{At: verify.At(at), Audience: who})
		var codes []string
		for _, c := range r.Codes {
			if strings.HasPrefix(string(c), "C-") {
				codes = append(codes, string(c))
			}
		}
		return strings.TrimSpace(r.Badge.Holder.Name + " " + strings.Join(codes, " "))
	}
	until := time.Now().AddDate(0, 1, 0)
	today, later := time.Now().Add(time.Minute), until.AddDate(0, 1, 0) // after everybody has agreed
	consent := func(member, badge, key, audience string) string {
		t.Helper()
		said := say(t, exitAll, "bundle", "add", "consent", "co", member, badge, "--key", key, "--audience", audience, "--show", "name", "--until", until.Format(time.DateOnly))
		return strings.Fields(said)[1]
	}
	check := func(what, badge string, who verify.Audience, at time.Time, want string) {
		t.Helper()
		if got := look(badge, who, at); got != want {
			t.Errorf("%s: an audience %q sees %q, want %q", what, who, got, want)
		}
	}
	check("nobody asked", "badge.jwt", verify.Employer, today, "C-NONE")
	check("nobody asked", "badge.jwt", verify.Office, today, "Ana Example")
	check("nobody asked", "badge.jwt", verify.Public, today, "")
	id := consent("elm", "badge.jwt", "elm.jwk", "employer")
	check("agreed", "badge.jwt", verify.Employer, today, "Ana Example")
	check("agreed", "badge.jwt", verify.Partner, today, "C-NONE")
	check("agreed", "badge.jwt", verify.Public, today, "")
	check("agreed for another", "other.jwt", verify.Employer, today, "C-NONE")
	check("the day has passed", "badge.jwt", verify.Employer, later, "C-OLD")
	say(t, exitAll, "bundle", "add", "withdrawal", "co", "elm", "did:web:elm.example", id)
	check("taken back", "badge.jwt", verify.Employer, today, "C-WITHDRAWN")
	consent("elm", "badge.jwt", "fern.jwk", "employer")
	check("another member's issuer agreed", "badge.jwt", verify.Employer, today, "C-MISMATCH")
	consent("fern", "other.jwt", "fern.jwk", "employer")
	check("in another member's part", "other.jwt", verify.Employer, today, "C-NONE")
	consent("elm", "badge.jwt", "elm.jwk", "employer,partner")
	check("agreed again", "badge.jwt", verify.Partner, today, "Ana Example")
	must(t, editJSON(issue.Trust{Folder: issue.Dir("co/trust")}, "consortium.json", map[string]any{"partner": []string{"achievement", "dates"}}, "policy", "audiences"))
	check("the policy says no", "badge.jwt", verify.Partner, today, "C-CEILING")
	check("the policy says no to others", "badge.jwt", verify.Employer, today, "Ana Example")
	for _, wrong := range [][]string{{"--audience", "public"}, {"--audience", "employer", "--show", "grades"}, {"--audience", "employer", "--show", "name", "--until", "soon"}} {
		say(t, exitUsage, append([]string{"bundle", "add", "consent", "co", "elm", "badge.jwt", "--key", "elm.jwk"}, wrong...)...)
	}
}

// TestNothingInClear: 50 consents and 50 hosted badges, each with a marked
// learner, are in a bundle and on a kiosk, and no mark is.
func TestNothingInClear(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "district", "co", "elm", "--name", "Elm District")
	say(t, exitAll, "issue", "key", "elm.jwk", "--id", "did:web:elm.example")
	say(t, exitAll, "bundle", "add", "issuer", "co", "elm", "elm.jwk", "--name", "elm academy")
	key, err := issue.ReadKey("elm.jwk")
	must(t, err)
	issuer, tree := issue.NewIssuer(key, ""), issue.Trust{Folder: issue.Dir("co/trust")}
	const mark, n = "Marker Q7x", 50
	var badge []byte
	for i := range n {
		b := issue.Badge{From: time.Now(), Achievement: issue.Achievement{Name: "Welding I"}, Learner: issue.Learner{Name: fmt.Sprintf("%s %d", mark, i), ID: fmt.Sprintf("did:example:markerQ7x%d", i)}}
		badge, err = issuer.Sign(b, issue.Options{})
		must(t, err)
		signature, err := verify.Signature(badge)
		must(t, err)
		signed, err := issuer.SignConsent(issue.Consent{Badge: signature, Audience: []string{"employer"}, Show: []string{"name"}, From: time.Now(), Until: time.Now().AddDate(0, 6, 0)})
		must(t, err)
		must(t, tree.AddConsent("elm", signature, signed))
		hosted, err := json.Marshal(map[string]any{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": fmt.Sprintf("https://elm.example/markerQ7x/%d", i),
			"recipient": map[string]any{"type": "email", "identity": mark, "hashed": false}, "badge": "https://elm.example/class", "verification": map[string]any{"type": "hosted"}})
		must(t, err)
		must(t, tree.AddShare("elm", fmt.Sprintf("https://elm.example/markerQ7x/%d", i), hosted, time.Now()))
	}
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	must(t, os.WriteFile("badge.jwt", badge, 0o600))
	said := sayAny(t, "verify", "--state", "state", "--root", "co/root.json", "--audience", "employer", "badge.jwt")
	if strings.Contains(said, "C-NONE") {
		t.Errorf("the consent is not found: %s", said)
	}
	must(t, os.Remove("badge.jwt"))
	searched := 0
	search := func(name string, data []byte) {
		searched++
		for _, mark := range []string{mark, "markerQ7x"} {
			if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(mark))) {
				t.Errorf("%s: %q is in clear", name, mark)
			}
		}
	}
	for _, root := range []string{"co", "state"} {
		must(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			search(name, data)
			if files, notZip := bundle.Unzip(data); notZip == nil {
				for inner, data := range files {
					search(name+"!"+inner, data)
				}
			}
			return err
		}))
	}
	if searched < 4*n {
		t.Errorf("only %d files were searched", searched)
	}
}
