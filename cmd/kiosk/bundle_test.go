package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badgekiosk/provision/bundle"
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
	root, err := os.ReadFile("co/root.json")
	must(t, err)
	if words := bundle.Words(root); !strings.Contains(said, "six words are: "+words+"\n") {
		t.Errorf("inspect does not say the root's words %q:\n%s", words, said)
	}
	do("bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	do("issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--format", "di-eddsa-jcs-2022", "--out", "badge.json")
	if commands > 25 {
		t.Errorf("%d commands, want at most 25", commands)
	}

	t.Run("withdrawn through the bundle", func(t *testing.T) {
		said := say(t, exitAll, "verify", "--trust", "co/trust", "badge.json")
		if !strings.Contains(said, "VERIFIED") {
			t.Errorf("before: %s", said)
		}
		id := badgeID(t, "badge.json")
		if said := say(t, exitUsage, "bundle", "add", "withdrawal", "co", "briar", "did:web:elm.example", id); !strings.Contains(said, "only elm") {
			t.Errorf("another member withdrew it: %s", said)
		}
		say(t, exitAll, "bundle", "add", "withdrawal", "co", "elm", "did:web:elm.example", id)
		said = say(t, exitSome, "verify", "--trust", "co/trust", "--json", "badge.json")
		if !strings.Contains(said, "R-WITHDRAWN") || !strings.Contains(said, `"not-verified"`) {
			t.Errorf("after: %s", said)
		}
		say(t, exitAll, "bundle", "seal", "co")
		said = say(t, exitSome, "verify", "--trust", "co/"+bundleName, "--root", "co/root.json", "--json", "badge.json")
		if !strings.Contains(said, "R-WITHDRAWN") || strings.Contains(said, "B-UNSEALED") {
			t.Errorf("sealed: %s", said)
		}
	})
	t.Run("a badge behind its share link", func(t *testing.T) {
		const link = "https://badges.elm.example/share/3f6c0a7e-9b1d-4f0e-8a52-6f1c2d3e4b5a"
		say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding II", "--out", "shared.json")
		must(t, os.WriteFile("link.txt", []byte(link), 0o600))
		if said := say(t, exitSome, "verify", "--trust", "co/trust", "--json", "link.txt"); !strings.Contains(said, "Q-LINK") {
			t.Errorf("before: %s", said)
		}
		say(t, exitAll, "bundle", "add", "share", "co", "elm", link, "shared.json")
		if said := say(t, exitAll, "verify", "--trust", "co/trust", "--json", "link.txt"); !strings.Contains(said, "Welding II") {
			t.Errorf("after: %s", said)
		}
	})
	t.Run("what changes", func(t *testing.T) {
		must(t, os.Rename("co/"+bundleName, "before.zip"))
		say(t, exitAll, "issue", "key", "new.jwk", "--id", "did:web:night.example")
		say(t, exitAll, "bundle", "add", "issuer", "co", "elm", "new.jwk", "--name", "elm night school")
		say(t, exitAll, "bundle", "seal", "co")
		if said := say(t, exitAll, "bundle", "diff", "before.zip", "before.zip", "--root", "co/root.json"); said != "Nothing changes.\n" {
			t.Errorf("a bundle and itself: %s", said)
		}
		said := say(t, exitSome, "bundle", "diff", "before.zip", "co/"+bundleName, "--root", "co/root.json")
		want := "Elm District: elm night school (did:web:night.example) is listed, with 1 key\nElm District: changed: a badge kept behind its link\n"
		if said != want {
			t.Errorf("diff says\n%swant\n%s", said, want)
		}
	})
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

// badgeID is the id of the badge in a file.
func badgeID(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	var badge struct{ ID string }
	must(t, json.Unmarshal(data, &badge))
	return badge.ID
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

// TestSealRefuses: what must not be in a bundle never gets into one, and each
// refusal says what to do.
func TestSealRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	for _, id := range []string{"elm", "oak"} {
		say(t, exitAll, "bundle", "add", "district", "co", id, "--name", id)
		say(t, exitAll, "issue", "key", id+".jwk", "--id", "did:web:"+id+".example")
		say(t, exitAll, "bundle", "add", "issuer", "co", id, id+".jwk", "--name", id+" school")
	}
	say(t, exitAll, "bundle", "seal", "co")
	refused := func(file, data, want string) {
		t.Helper()
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file, []byte(data), 0o644))
		if said := say(t, exitUsage, "bundle", "seal", "co"); !strings.Contains(said, want) {
			t.Errorf("%s: %s, want %q", file, said, want)
		}
		must(t, os.Remove(file))
	}
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--out", "badge.json")
	badge, err := os.ReadFile("badge.json")
	must(t, err)
	say(t, exitAll, "bundle", "add", "document", "co", "elm", "https://elm.example/b", "badge.json")
	if said := say(t, exitUsage, "bundle", "seal", "co"); !strings.Contains(said, "add share") {
		t.Errorf("a badge in clear: %s", said)
	}
	must(t, os.RemoveAll("co/trust/districts/elm/documents"))
	refused("co/trust/districts/elm/documents/b.json", string(badge), "add share")
	refused("co/trust/districts/elm/roster.csv", "Robin", "kiosks read no such file")
	own, err := os.ReadFile("co/trust/districts/elm/issuers/" + onlyFile(t, "co/trust/districts/elm/issuers"))
	must(t, err)
	refused("co/trust/districts/elm/issuers/theirs.json", strings.ReplaceAll(string(own), "elm", "oak"), "which is of oak")

	t.Run("context", func(t *testing.T) {
		must(t, os.WriteFile("ctx.json", []byte(`{"@context":{"weldPosition":"https://co.example/terms#weldPosition"}}`), 0o644))
		say(t, exitAll, "bundle", "add", "context", "co", "https://co.example/v1", "ctx.json")
		say(t, exitAll, "bundle", "seal", "co")
		must(t, os.WriteFile("bad.json", []byte(`{"@context":{"issuer":"https://co.example/terms#issuer"}}`), 0o644))
		if said := say(t, exitUsage, "bundle", "add", "context", "co", "https://co.example/v2", "bad.json"); !strings.Contains(said, "redefines") {
			t.Errorf("a context that redefines: %s", said)
		}
	})
}

// onlyFile is the name of the one file in a folder.
func onlyFile(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) != 1 {
		t.Fatalf("%s holds %d files", dir, len(entries))
	}
	return entries[0].Name()
}
