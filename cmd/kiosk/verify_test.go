package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"badgekiosk/verify/verifytest"
)

// lay writes a fixture's badge and trust folder and returns their paths.
func lay(t *testing.T, name string) (badge, trust string) {
	t.Helper()
	b := verifytest.Named(t, name)
	dir := t.TempDir()
	badge, trust = filepath.Join(dir, name), filepath.Join(dir, "trust")
	if err := os.WriteFile(badge, b.Payload, 0o600); err != nil {
		t.Fatal(err)
	}
	if b.Tree != nil {
		if err := os.CopyFS(trust, b.Tree); err != nil {
			t.Fatal(err)
		}
	}
	return badge, trust
}

var micros = regexp.MustCompile(`"micros":\d+`)

// TestVerifyLine holds the line that scripts depend on, byte for byte.
func TestVerifyLine(t *testing.T) {
	for _, c := range []struct {
		fixture string
		code    exit
		line    string
	}{
		{"verified-jwt", exitAll, `{"file":"F","verdict":"verified","codes":["B-UNSEALED"],"axes":{"signature":{"state":"pass"},"issuer":{"state":"pass","name":"Riverbend Academy"},` +
			`"status":{"state":"pass","asOf":"2026-11-20T08:10:00Z"},"time":{"state":"pass"},"presenter":{"state":"unknown","code":"P-NOTASKED"}},` +
			`"badge":{"name":"Welding I","level":"3 of 4"},"format":"vc-jwt","micros":N}`},
		{"unknown-second-key", exitSome, `{"file":"F","verdict":"cannot-tell","codes":["K-UNKNOWN","R-NONE","B-UNSEALED"],"axes":{"signature":{"state":"unknown","code":"K-UNKNOWN","asOf":"2026-11-20T00:00:00Z"},` +
			`"issuer":{"state":"unknown","name":"Riverbend Academy"},"status":{"state":"pass","code":"R-NONE"},"time":{"state":"pass"},"presenter":{"state":"unknown","code":"P-NOTASKED"}},` +
			`"badge":{"name":"Welding I","level":"3 of 4"},"format":"vc-jwt","micros":N}`},
		{"forged-jcs", exitSome, `{"file":"F","verdict":"not-verified","codes":["S-INVALID","B-UNSEALED"],"axes":{"signature":{"state":"fail","code":"S-INVALID"},"issuer":{"state":"unknown"},` +
			`"status":{"state":"unknown"},"time":{"state":"unknown"},"presenter":{"state":"unknown","code":"P-NOTASKED"}},"badge":{},"format":"di-eddsa-jcs-2022","micros":N}`},
	} {
		badge, trust := lay(t, c.fixture)
		var out, errs bytes.Buffer
		code := run([]string{"verify", "--trust", trust, "--at", "2026-11-21T12:00:00Z", "--json", badge}, nil, &out, &errs)
		got := micros.ReplaceAllString(strings.ReplaceAll(out.String(), badge, "F"), `"micros":N`)
		if code != c.code || got != c.line+"\n" || errs.Len() > 0 {
			t.Errorf("%s: exit %d, stderr %q\ngot  %swant %s", c.fixture, code, errs.String(), got, c.line)
		}
	}
}

// TestVerifySeveral holds the line of a presentation: the worst leads.
func TestVerifySeveral(t *testing.T) {
	badge, trust := lay(t, "several-worst-leads")
	var out, errs bytes.Buffer
	run([]string{"verify", "--trust", trust, "--at", "2026-11-21T12:00:00Z", "--json", badge}, nil, &out, &errs)
	var got struct {
		Verdict     string
		Credentials []struct {
			Verdict, Format string
			Codes           []string
			Axes            map[string]struct{ State string }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Verdict != "not-verified" || len(got.Credentials) != 3 || got.Credentials[0].Verdict != "verified" ||
		got.Credentials[1].Verdict != "not-verified" || got.Credentials[2].Axes["signature"].State != "fail" {
		t.Errorf("%s", out.String())
	}
}

// TestVerifyInWords shows what a person at a terminal reads.
func TestVerifyInWords(t *testing.T) {
	for fixture, want := range map[string][]string{
		"verified-jwt":       {": VERIFIED\n", "Welding I", "Riverbend Academy", "20 Nov 2026", "not checked", "Codes: B-UNSEALED"},
		"revoked":            {": NOT VERIFIED\n", "R-REVOKED", "What to do: "},
		"unknown-second-key": {": CAN'T TELL\n", "What to do: ", "K-UNKNOWN"},
		"lookalike":          {": CAN'T TELL\n", "“Riverbend Academy”", "I-LOOKALIKE"},
		"list-missing":       {": CHECK\n", "R-NOLIST"},
		"demo":               {": DEMO\n"},
	} {
		badge, trust := lay(t, fixture)
		var out, errs bytes.Buffer
		run([]string{"verify", "--trust", trust, "--at", "2026-11-21T12:00:00Z", badge}, nil, &out, &errs)
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: does not say %q:\n%s", fixture, w, out.String())
			}
		}
	}
}

// TestVerifyFiles holds what happens around the judging: files that are not
// there, flags that are wrong, no trust at all.
func TestVerifyFiles(t *testing.T) {
	badge, trust := lay(t, "verified-jwt")
	state := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		args []string
		in   string
		code exit
		out  string // part of stdout
		errs string // part of stderr
	}{
		{[]string{badge, "--trust", trust, "--at", "2026-11-21T12:00:00Z", "/none", badge}, "", exitUsage, "VERIFIED", "/none: no such file or directory\n"},
		{[]string{"-", "--trust", trust, "--at", "2026-11-21T12:00:00Z"}, "https://x.example/badge", exitSome, "-: CAN'T TELL", ""},
		{[]string{badge, "--state", state, "--json"}, "", exitSome, `"codes":["K-UNKNOWN","I-NOTLISTED","R-NOLIST","B-NONE"]`, ""},
		{[]string{badge, "--state", filepath.Dir(badge), "--root", "/none", "--json"}, "", exitSome, `"B-ROOT"`, ""},
		{[]string{badge, "--trust", "/none"}, "", exitUsage, "", "--trust /none: no such file or directory"},
		{[]string{badge, "--trust", badge, "--json"}, "", exitSome, `"B-ROOT"`, badge},
		{[]string{badge, "--at", "yesterday"}, "", exitUsage, "", `--at "yesterday": "yesterday" is no time as 2026-11-22T00:00:00Z`},
		{[]string{badge, "--at", "2026-11-22T00:00:00Z/2026-11-21T00:00:00Z"}, "", exitUsage, "", "it ends before it begins"},
		{[]string{badge, "--audience", "everyone"}, "", exitUsage, "", "is not one of public, partner, employer, office"},
		{[]string{badge, "--loud"}, "", exitUsage, "", "unknown flag: --loud"},
		{nil, "", exitUsage, "", "no file named"},
		{[]string{badge, "--trust", trust, "--at", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z", "--json"}, "", exitAll, `"T-NOCLOCK"`, ""},
	} {
		var out, errs bytes.Buffer
		code := run(append([]string{"verify"}, c.args...), strings.NewReader(c.in), &out, &errs)
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) || c.errs == "" && errs.Len() > 0 {
			t.Errorf("kiosk verify %q: exit %d\nstdout %s\nstderr %s\nwant %d, %q, %q", c.args, code, out.String(), errs.String(), c.code, c.out, c.errs)
		}
	}
}

// TestVerifyPhotograph judges the code in a picture by its contents.
func TestVerifyPhotograph(t *testing.T) {
	b := verifytest.Named(t, "verified-link")
	_, trust := lay(t, "verified-link")
	picture := writePNG(t, filepath.Join(t.TempDir(), "notes.txt"), codePicture(t, string(b.Payload)))
	var out, errs bytes.Buffer
	if code := run([]string{"verify", "--trust", trust, "--at", "2026-11-21T12:00:00Z", picture}, nil, &out, &errs); code != exitAll {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
}

// TestVerifyPoster finds the badge among the codes of a picture.
func TestVerifyPoster(t *testing.T) {
	b := verifytest.Named(t, "verified-ob2-signed")
	_, trust := lay(t, b.Name)
	wifi, badge := codePicture(t, "WIFI:T:WPA;S:Library guests;P:ask at the desk;;"), codePicture(t, string(b.Payload))
	both := image.NewGray(image.Rect(0, 0, wifi.Rect.Dx()+badge.Rect.Dx(), badge.Rect.Dy()))
	draw.Draw(both, both.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(both, wifi.Rect, wifi, image.Point{}, draw.Src)
	draw.Draw(both, badge.Rect.Add(image.Pt(wifi.Rect.Dx(), 0)), badge, image.Point{}, draw.Src)
	picture := writePNG(t, filepath.Join(t.TempDir(), "poster.png"), both)
	var out, errs bytes.Buffer
	if code := run([]string{"verify", "--trust", trust, "--at", "2026-11-21T12:00:00Z", picture}, nil, &out, &errs); code != exitAll {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
}

// TestVerifyEveryFixture holds the command to the verdicts of the fixtures.
func TestVerifyEveryFixture(t *testing.T) {
	for _, b := range verifytest.All(t) {
		badge, trust := lay(t, b.Name)
		args := []string{"verify", "--json", "--audience", b.Ask.Audience.String(), "--at",
			b.Ask.At.Earliest.Format("2006-01-02T15:04:05Z") + "/" + b.Ask.At.Latest.Format("2006-01-02T15:04:05Z"), badge}
		if b.Tree != nil {
			args = append(args, "--trust", trust)
		} else {
			args = append(args, "--state", filepath.Join(trust, "none"))
		}
		var out, errs bytes.Buffer
		run(args, nil, &out, &errs)
		var got struct {
			Verdict string
			Codes   []string
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v: %s%s", b.Name, err, out.String(), errs.String())
		}
		if said := strings.Join(append([]string{got.Verdict}, got.Codes...), " "); said != b.Want {
			t.Errorf("%s: %q, want %q", b.Name, said, b.Want)
		}
	}
}
