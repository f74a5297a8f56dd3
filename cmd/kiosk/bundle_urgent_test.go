package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestUrgentCodes: a badge withdrawn today reaches a kiosk as pictures of
// codes, in any order, and one code missing changes nothing.
func TestUrgentCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "district", "co", "elm", "--name", "Elm District")
	say(t, exitAll, "issue", "key", "elm.jwk", "--id", "did:web:elm.example")
	say(t, exitAll, "bundle", "add", "issuer", "co", "elm", "elm.jwk", "--name", "elm academy")
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--format", "di-eddsa-jcs-2022", "--out", "badge.json")
	say(t, exitAll, "bundle", "seal", "co")
	must(t, os.Rename("co/"+bundleName, "monday.zip"))
	say(t, exitAll, "bundle", "install", "monday.zip", "--root", "co/root.json", "--state", "state")
	judge := func() string {
		return sayAny(t, "verify", "--json", "--state", "state", "--root", "co/root.json", "badge.json")
	}
	if said := judge(); !strings.Contains(said, `"verdict":"verified"`) {
		t.Fatal(said)
	}
	say(t, exitAll, "bundle", "add", "withdrawal", "co", "elm", "did:web:elm.example", badgeID(t, "badge.json"))
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "urgent", "monday.zip", "co/"+bundleName, "--root", "co/root.json", "--out", "codes")
	pictures, err := filepath.Glob("codes/*.png")
	must(t, err)
	slices.Reverse(pictures)
	into := []string{"--root", "co/root.json", "--state", "state"}
	said := say(t, exitUsage, append(append([]string{"bundle", "install"}, pictures[1:]...), into...)...)
	if !strings.Contains(said, "of an update") {
		t.Errorf("one code missing: %s", said)
	}
	if said := judge(); !strings.Contains(said, `"verdict":"verified"`) {
		t.Errorf("one code missing: %s", said)
	}
	say(t, exitAll, append(append([]string{"bundle", "install"}, pictures...), into...)...)
	if said := judge(); !strings.Contains(said, "R-WITHDRAWN") {
		t.Errorf("%d codes: %s", len(pictures), said)
	}
}
