package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"badgekiosk/verify/verifytest"
)

// TestVerifyPeers runs kiosk verify over all that the field's libraries
// issued, pictures of codes among it, as an administrator would.
func TestVerifyPeers(t *testing.T) {
	vectors := verifytest.Vectors(t)
	trust := filepath.Join(t.TempDir(), "trust")
	if err := os.CopyFS(trust, verifytest.PeersTrust(t)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	args := []string{"verify", "--trust", trust, "--json", "--at", "2026-11-22T00:00:00Z"}
	for _, r := range verifytest.Rows(t, "peers/manifest.tsv") {
		if r[2] == "valid" || r[2] == "invalid" {
			file := filepath.Join(vectors, "peers", r[0])
			want[file] = r[2]
			args = append(args, file)
		}
	}
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code != exitSome {
		t.Errorf("exit %d, stderr %s", code, errs.String())
	}
	lines := json.NewDecoder(&out)
	n := 0
	for ; lines.More(); n++ {
		var l struct {
			File, Verdict string
			Codes         []string
		}
		if err := lines.Decode(&l); err != nil {
			t.Fatal(err)
		}
		listAtFault := slices.ContainsFunc(l.Codes, func(c string) bool { return c == "R-BADLIST" || c == "R-SUSPENDED" })
		switch {
		case want[l.File] == "valid" && l.Verdict != "verified" && !slices.Contains(l.Codes, "S-EXTRA"):
			t.Errorf("%s: %s %v, want verified", l.File, l.Verdict, l.Codes)
		case want[l.File] == "invalid" && l.Verdict != "not-verified" && l.Verdict != "cannot-tell" && !listAtFault:
			t.Errorf("%s: %s %v, want it refused", l.File, l.Verdict, l.Codes)
		}
	}
	if n != len(want) {
		t.Errorf("%d lines for %d files", n, len(want))
	}
}

// TestVerifyRealPhotograph judges a photograph of a certificate of 2024: a
// suite of the past, an issuer that nobody lists, its time over. The report
// says what is known.
func TestVerifyRealPhotograph(t *testing.T) {
	file := filepath.Join(verifytest.Vectors(t), "pixelpass-mosip", "QRCode.png")
	var out, errs bytes.Buffer
	code := run([]string{"verify", "--state", "/none", "--json", "--at", "2026-11-22T00:00:00Z", file}, nil, &out, &errs)
	var l struct {
		Verdict, Format string
		Codes           []string
		Axes            map[string]struct{ State, Code string }
	}
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		t.Fatal(err, errs.String())
	}
	if code != exitSome || l.Verdict != "cannot-tell" || l.Format != "di-Ed25519Signature2020" ||
		l.Axes["time"].Code != "T-EXPIRED" || !slices.Contains(l.Codes, "I-NOTLISTED") || !slices.Contains(l.Codes, "K-UNKNOWN") {
		t.Errorf("exit %d: %s", code, out.String())
	}
}
