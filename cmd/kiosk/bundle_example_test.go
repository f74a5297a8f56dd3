package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExampleBundle: sealed and unsealed judge alike, each badge as its table
// says, and no key is left behind.
func TestExampleBundle(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "example", "ex")
	table, err := os.ReadFile("ex/badges/cases.tsv")
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(table)), "\n")
	at := strings.TrimPrefix(lines[0], "# at\t")
	count := map[string]int{}
	for _, line := range lines[1:] {
		file, want, _ := strings.Cut(line, "\t")
		verdict, _, _ := strings.Cut(want, " ")
		count[verdict]++
		unsealed := judged(t, at, "ex/badges/"+file, "--trust", "ex/trust")
		sealed := judged(t, at, "ex/badges/"+file, "--trust", "ex/"+bundleName, "--root", "ex/root.json")
		if unsealed != sealed {
			t.Errorf("%s: unsealed %s, sealed %s", file, unsealed, sealed)
		}
		if !strings.HasPrefix(sealed+" ", want+" ") {
			t.Errorf("%s: %s, want %s", file, sealed, want)
		}
	}
	for _, verdict := range []string{"verified", "check", "not-verified", "cannot-tell", "demo"} {
		if count[verdict] < 2 {
			t.Errorf("%d badges are %s", count[verdict], verdict)
		}
	}
	must(t, filepath.WalkDir("ex", func(name string, d os.DirEntry, err error) error {
		must(t, err)
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), `"private"`) {
			t.Errorf("%s holds a private key", name)
		}
		return nil
	}))
}

// judged is what kiosk verify says of a badge: its verdict and codes, that of
// a plain folder aside.
func judged(t *testing.T, at, file string, args ...string) string {
	t.Helper()
	said := sayAny(t, append([]string{"verify", "--json", "--at", at, file}, args...)...)
	var line struct {
		Verdict string
		Codes   []string
	}
	if err := json.Unmarshal([]byte(said), &line); err != nil {
		t.Fatalf("%s: %v in %s", file, err, said)
	}
	codes := slices.DeleteFunc(line.Codes, func(c string) bool { return c == "B-UNSEALED" })
	return strings.TrimSpace(line.Verdict + " " + strings.Join(codes, " "))
}

// sayAny runs a command and returns what it says on stdout, whatever its exit
// code: badges that are not verified end with 1.
func sayAny(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if run(args, nil, &out, &errs) == exitUsage {
		t.Fatalf("kiosk %s: %s", strings.Join(args, " "), &errs)
	}
	return out.String()
}
