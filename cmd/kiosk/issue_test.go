package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/provision/issue"
)

// say runs one command line in dir and returns what it prints. It fails the
// test if the exit code is not want.
func say(t testing.TB, want exit, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code != want {
		t.Fatalf("kiosk %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, &out, &errs)
	}
	return out.String() + errs.String()
}

// TestIssue plays an issuer's first day: key, trust folder, status list, two
// badges, one of them withdrawn.
func TestIssue(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	key, list, trust := in("riverbend.jwk"), in("status.jwt"), in("trust")
	say(t, exitAll, "issue", "key", key, "--id", "did:web:riverbend.example", "--document", in("did.json"))
	say(t, exitAll, "issue", "trust", trust, "--key", key, "--name", "Riverbend Academy", "--member", "riverbend")
	say(t, exitAll, "issue", "status", list, "--key", key, "--url", "https://riverbend.example/status/1", "--trust", trust)
	for _, badge := range []string{"one.jwt", "two.json"} {
		args := []string{"issue", "badge", "--key", key, "--name", "Welding I", "--until", "2030-01-01",
			"--level", "3", "--scale", "Beginning,Developing,Proficient,Expert", "--status", list, "--out", in(badge)}
		if strings.HasSuffix(badge, "json") {
			args = append(args, "--format", "di-eddsa-jcs-2022", "--compact")
		}
		say(t, exitAll, args...)
	}
	said := say(t, exitAll, "issue", "status", list, "--key", key, "--withdraw", in("two.json"), "--trust", trust)
	if !strings.Contains(said, "1 withdrawn") {
		t.Errorf("said %q", said)
	}
	for file, want := range map[string]string{
		"did.json":              `"publicKeyMultibase": "z6Mk`,
		"trust/consortium.json": `"serial": 3`,
		"trust/districts/riverbend/district.json":       `"kind": "district"`,
		"trust/districts/riverbend/documents/index.tsv": "https://riverbend.example/status/1\tstatus.jwt\t",
	} {
		if data, err := os.ReadFile(in(file)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: %s %v, lacks %s", file, data, err, want)
		}
	}
	for badge, c := range map[string]struct {
		code exit
		says []string
	}{
		"one.jwt":  {exitAll, []string{`"verdict":"verified"`, `"name":"Riverbend Academy"`, `"level":"3 of 4"`}},
		"two.json": {exitSome, []string{`"verdict":"not-verified"`, `"R-REVOKED"`}},
	} {
		said := say(t, c.code, "verify", "--json", "--trust", trust, in(badge))
		for _, want := range c.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %s, lacks %s", badge, said, want)
			}
		}
	}
	one, two := entry(t, in("one.jwt")), entry(t, in("two.json"))
	if one == two {
		t.Errorf("both badges have place %d", one)
	}
}

func entry(t *testing.T, badge string) int {
	t.Helper()
	data, err := os.ReadFile(badge)
	if err != nil {
		t.Fatal(err)
	}
	index, err := issue.EntryOf(data, "https://riverbend.example/status/1")
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// TestIssueExample makes an example and has kiosk verify judge each badge as
// its table says.
func TestIssueExample(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "try")
	say(t, exitAll, "issue", "example", dir)
	table, err := os.ReadFile(filepath.Join(dir, "badges", "cases.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var at string
	for i, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		file, want, _ := strings.Cut(line, "\t")
		if i == 0 {
			at = want
			continue
		}
		code := exitSome
		if want == "verified" {
			code = exitAll
		}
		said := say(t, code, "verify", "--json", "--trust", filepath.Join(dir, "trust"), "--at", at, filepath.Join(dir, "badges", file))
		verdict, reason, _ := strings.Cut(want, " ")
		if !strings.Contains(said, `"verdict":"`+verdict+`"`) || !strings.Contains(said, reason) {
			t.Errorf("%s: %s, want %s", file, said, want)
		}
	}
	if got := say(t, exitUsage, "issue", "example", dir); !strings.Contains(got, "name a new folder") {
		t.Errorf("twice: %s", got)
	}
}

// TestIssueSays shows what a person reads who mistypes.
func TestIssueSays(t *testing.T) {
	dir := t.TempDir()
	key, pem := filepath.Join(dir, "k.jwk"), filepath.Join(dir, "p.pem")
	say(t, exitAll, "issue", "key", key, "--type", "p256")
	say(t, exitAll, "issue", "key", pem)
	for _, c := range []struct{ line, says string }{
		{"issue key " + key, "never overwritten"},
		{"issue key", "name the key's file"},
		{"issue key x.pem --id did:web:a.example", ".jwk"},
		{"issue key x --type rsa", `"rsa" is not one of ed25519, p256`},
		{"issue badge --name x", "--key is missing"},
		{"issue badge --key " + key, "--name is missing"},
		{"issue badge --key nowhere --name x", "nowhere"},
		{"issue badge --key " + key + " --name x --format di-eddsa-jcs-2022", "Ed25519"},
		{"issue badge --key " + key + " --name x --format paper", "vc-jwt, vc-jose"},
		{"issue badge --key " + key + " --name x --until tomorrow", `--until: "tomorrow"`},
		{"issue badge --key " + key + " --name x --level 2", "level 2 is not on a scale of 0"},
		{"issue badge --key " + key + " --name x --skill sewing", "NAME=URL"},
		{"issue status " + filepath.Join(dir, "list") + " --key " + key, "--url"},
		{"issue status " + filepath.Join(dir, "list") + " --key " + key + " --url https://a.example/1 --withdraw 131072", "131072 entries"},
		{"issue trust x --key " + key + " --name x --member Riverbend", `"Riverbend"`},
		{"issue frobnicate", `no command "frobnicate"`},
	} {
		if got := say(t, exitUsage, strings.Fields(c.line)...); !strings.Contains(got, c.says) {
			t.Errorf("kiosk %s: says %q, want %q", c.line, got, c.says)
		}
	}
	if got := say(t, exitAll, "issue", "badge", "--key", pem, "--name", "Welding I"); strings.Count(got, ".") != 2 {
		t.Errorf("a badge on standard output: %q", got)
	}
}
