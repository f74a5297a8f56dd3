package main

import (
	"os"
	"strings"
	"testing"

	"badgekiosk/provision/bundle"
)

// TestRotate: keys are lost, stolen and held in a token; kiosks follow from
// the root they were set up with.
func TestRotate(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	for _, id := range []string{"elm", "oak"} {
		say(t, exitAll, "bundle", "add", "district", "co", id, "--name", id+" district")
		say(t, exitAll, "issue", "key", id+".jwk", "--id", "did:web:"+id+".example")
		say(t, exitAll, "bundle", "add", "issuer", "co", id, id+".jwk", "--name", id+" academy")
	}
	say(t, exitAll, "bundle", "seal", "co")
	must(t, os.WriteFile("anchor.json", contents(t, "co/root.json"), 0o600))
	install := func() string {
		return say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "anchor.json", "--state", "state")
	}
	install()
	for _, c := range []struct{ role, file string }{
		{"root", "root-1"}, {"targets", "targets-2"}, {"snapshot", "snapshot"}, {"timestamp", "timestamp"}, {"elm", "elm"}, {"consortium", "consortium"},
	} {
		t.Run(c.role, func(t *testing.T) {
			file := "co/keys/" + c.file + ".key.json"
			say(t, exitAll, "bundle", "rotate", "co", c.role, "--drop", file)
			must(t, os.Remove(file)) // it was lost
			say(t, exitAll, "bundle", "seal", "co")
			if said := install(); strings.Contains(said, "B-") || !strings.Contains(said, "is installed, number") {
				t.Error(said)
			}
			if said := say(t, exitUsage, "bundle", "rotate", "co", c.role, "--drop", "ffffffff0000"); !strings.Contains(said, "has no key") {
				t.Error(said)
			}
		})
	}
	t.Run("words of the newest root", func(t *testing.T) {
		said := say(t, exitAll, "bundle", "inspect", "co/"+bundleName, "--root", "anchor.json")
		b, err := openBundle("co/"+bundleName, "anchor.json")
		must(t, err)
		must(t, os.WriteFile("newest.json", b.Root, 0o600))
		first, newest := bundle.Words(contents(t, "anchor.json")), bundle.Words(b.Root)
		if !strings.Contains(said, "six words are: "+first+"\n") || !strings.Contains(said, "shows: "+newest+"\n") || first == newest {
			t.Errorf("want %q and %q in\n%s", first, newest, said)
		}
		said = say(t, exitAll, "bundle", "inspect", "co/"+bundleName, "--root", "newest.json")
		if strings.Contains(said, "shows: ") || !strings.Contains(said, newest) {
			t.Errorf("under the newest root itself:\n%s", said)
		}
	})
	t.Run("a member out", func(t *testing.T) {
		say(t, exitAll, "bundle", "remove", "co", "oak")
		say(t, exitAll, "bundle", "seal", "co")
		install()
		said := say(t, exitAll, "bundle", "inspect", "co/"+bundleName, "--root", "anchor.json")
		if strings.Contains(said, "oak academy") || !strings.Contains(said, "elm academy") {
			t.Error(said)
		}
	})
}

func contents(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	return data
}
