package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFiveDistricts plays a coalition from nothing to an installed kiosk,
// each command as a person would type it.
func TestFiveDistricts(t *testing.T) {
	t.Chdir(t.TempDir())
	commands := 0
	do := func(args ...string) string {
		t.Helper()
		commands++
		return say(t, exitAll, args...)
	}
	do("bundle", "init", "co", "--name", "Five Rivers")
	members := []string{"ashford", "briar", "cedar", "delta", "elm"}
	for _, id := range members {
		do("bundle", "add", "district", "co", id, "--name", strings.ToUpper(id[:1])+id[1:]+" District")
		do("issue", "key", id+".jwk", "--id", "did:web:"+id+".example")
		do("bundle", "add", "issuer", "co", id, id+".jwk", "--id", "did:web:"+id+".example", "--name", id+" academy")
	}
	do("bundle", "seal", "co")
	said := do("bundle", "inspect", "co/"+bundleName, "--root", "co/root.json")
	for _, id := range members {
		if !strings.Contains(said, id+" academy") {
			t.Errorf("inspect does not name %s academy:\n%s", id, said)
		}
	}
	do("bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	do("issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--out", "badge.json")
	if commands > 25 {
		t.Errorf("%d commands, want at most 25", commands)
	}

	t.Run("older stick", func(t *testing.T) {
		must(t, os.Rename("co/"+bundleName, "old.zip"))
		say(t, exitAll, "bundle", "seal", "co")
		say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
		said := say(t, exitSome, "bundle", "install", "old.zip", "--root", "co/root.json", "--state", "state")
		if !strings.Contains(said, "B-ROLLBACK") || !strings.Contains(said, "stays") {
			t.Errorf("an older stick: %s", said)
		}
	})
	t.Run("another coalition's root", func(t *testing.T) {
		say(t, exitAll, "bundle", "init", "other", "--name", "Six Hills")
		said := say(t, exitSome, "bundle", "verify", "co/"+bundleName, "--root", "other/root.json")
		if !strings.Contains(said, "B-SIGN") {
			t.Errorf("under another root: %s", said)
		}
	})
	t.Run("damaged file", func(t *testing.T) {
		data, err := os.ReadFile("co/" + bundleName)
		must(t, err)
		must(t, os.WriteFile("cut.zip", data[:len(data)-10], 0o600))
		said := say(t, exitSome, "bundle", "verify", "cut.zip", "--root", "co/root.json")
		if !strings.Contains(said, "B-BROKEN") {
			t.Errorf("cut: %s", said)
		}
	})
	t.Run("signatures of other people", func(t *testing.T) {
		say(t, exitAll, "bundle", "add", "district", "co", "fern", "--name", "Fern District")
		must(t, os.Mkdir("elsewhere", 0o700))
		for _, k := range []string{"targets-1", "targets-2", "targets-3"} {
			must(t, os.Rename(filepath.Join("co/keys", k+".key.json"), filepath.Join("elsewhere", k+".key.json")))
		}
		said := say(t, exitUsage, "bundle", "seal", "co")
		if !strings.Contains(said, "targets (2 more)") {
			t.Errorf("without the targets keys: %s", said)
		}
		say(t, exitAll, "bundle", "sign", "co", "targets", "--key", "elsewhere/targets-1.key.json")
		said = say(t, exitAll, "bundle", "sign", "co", "targets", "--key", "elsewhere/targets-3.key.json")
		if !strings.Contains(said, "is signed") {
			t.Errorf("after the second signature: %s", said)
		}
		say(t, exitAll, "bundle", "seal", "co")
	})
	t.Run("faults are named", func(t *testing.T) {
		file := "co/trust/districts/elm/issuers/typo.json"
		must(t, os.WriteFile(file, []byte(`{"name":"Typo","name":"Twice"}`), 0o600))
		said := say(t, exitUsage, "bundle", "seal", "co")
		if !strings.Contains(said, "typo.json") {
			t.Errorf("a faulty file is not named: %s", said)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestKeysApart: no private key is in what init makes for others to see.
func TestKeysApart(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.WriteFile("phrase", []byte("correct horse\n"), 0o600))
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers", "--passphrase-file", "phrase")
	keys, err := filepath.Glob("co/keys/*")
	must(t, err)
	if len(keys) != 9 {
		t.Errorf("%d keys, want 3 root, 3 targets, consortium, snapshot, timestamp", len(keys))
	}
	for _, name := range keys {
		data, err := os.ReadFile(name)
		must(t, err)
		if strings.Contains(string(data), `"private"`) {
			t.Errorf("%s holds a private key in clear, though there is a passphrase", name)
		}
	}
	names, err := filepath.Glob("co/*")
	must(t, err)
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "co/keys co/metadata co/root.json co/trust" {
		t.Errorf("init made %s", got)
	}
}
