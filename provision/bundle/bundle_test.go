package bundle

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/verify/reason"
)

// held is what the opened bundle says is in the file name, "-" if nothing.
func held(b *Bundle, name string) string {
	data, err := fs.ReadFile(b.Tree(), name)
	if err != nil {
		return "-"
	}
	return string(data)
}

const (
	academy = "districts/riverbend/issuers/a.json"
	marlow  = "districts/marlow/issuers/a.json"
)

func TestOpen(t *testing.T) {
	r := newRepo(t)
	b, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	if got := held(b, academy); got != `{"name":"Riverbend Academy"}` {
		t.Errorf("%s holds %s", academy, got)
	}
	if len(b.LeftOut) != 0 || b.Version != 1 || !b.Expires.Equal(soon) {
		t.Errorf("left out %v, version %d, expires %v", b.LeftOut, b.Version, b.Expires)
	}
	if err := fstest.TestFS(b.Tree(), "consortium.json", academy); err != nil {
		t.Error(err)
	}
}

// outcome says in a word what became of a bundle: the code of its refusal,
// "without NAME" for each member left out, or "whole".
func outcome(b *Bundle, err error) string {
	if err != nil {
		return string(reason.CodeOf(err, "an error without a code"))
	}
	words := []string{}
	for _, l := range b.LeftOut {
		words = append(words, "without "+l.Member+" "+string(reason.CodeOf(l.Why, "?")))
	}
	if len(words) == 0 {
		return "whole"
	}
	return strings.Join(words, ", ")
}

// forged is a copy of m signed with somebody else's key.
func forged(r *repo, role string, keys ...ed25519.PrivateKey) {
	r.keys[role] = keys
}

// TestAttacks breaks one thing at a time in a good repository.
func TestAttacks(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(r *repo) Files
		want string
	}{
		{"nothing", func(r *repo) Files { return r.write() }, "whole"},
		{"another coalition's bundle", func(r *repo) Files { return newRepoOf(r.t, "x").write() }, "B-SIGN"},
		{"timestamp by another key", func(r *repo) Files { forged(r, metadata.TIMESTAMP, newKey("mallory")); return r.write() }, "B-SIGN"},
		{"targets by one of three", func(r *repo) Files {
			k := r.keys[metadata.TARGETS][0]
			r.keys[metadata.TARGETS] = []ed25519.PrivateKey{k, newKey("mallory")}
			return r.write()
		}, "B-SIGN"},
		{"consortium by a member's key", func(r *repo) Files { forged(r, Consortium, r.keys["marlow"]...); return r.write() }, "B-SIGN"},
		{"a member by another member's key", func(r *repo) Files { forged(r, "riverbend", r.keys["marlow"]...); return r.write() }, "without riverbend B-SIGN"},
		{"a member lists another's file", func(r *repo) Files { r.put("marlow", academy, "{}"); return r.write() }, "without marlow B-SIGN"},
		{"a member lists the consortium's file", func(r *repo) Files { r.put("marlow", "consortium.json", "{}"); return r.write() }, "without marlow B-SIGN"},
		{"a path that leaves its folder", func(r *repo) Files { r.put("marlow", "districts/marlow/../riverbend/x", "{}"); return r.write() }, "without marlow B-BROKEN"},
		{"a path deeper than delegated", func(r *repo) Files { r.put("marlow", "districts/marlow/a/b/c", "{}"); return r.write() }, "without marlow B-SIGN"},
		{"targets lists a file itself", func(r *repo) Files {
			f, err := metadata.TargetFile().FromBytes("x", []byte("x"), "sha256")
			r.must(err)
			r.top.Signed.Targets["x"] = f
			return r.write()
		}, "B-BROKEN"},
		{"a nested role with another member's name", func(r *repo) Files {
			r.roles["marlow"].Signed.Delegations = &metadata.Delegations{Keys: map[string]*metadata.Key{},
				Roles: []metadata.DelegatedRole{{Name: "riverbend", Threshold: 1, Paths: []string{"districts/riverbend/*/*"}}}}
			r.must(r.roles["marlow"].Signed.AddKey(r.tufKey(newKey("mallory")), "riverbend"))
			return r.write()
		}, "without marlow B-BROKEN"},
		{"two members with confusable roles", func(r *repo) Files {
			r.delegate(metadata.TARGETS, "marlow-status", "districts/marlow-status/*")
			return r.write()
		}, "B-BROKEN"},
		{"a good nested role", func(r *repo) Files {
			r.delegate("marlow", "marlow-status", "districts/marlow/documents/*")
			r.put("marlow-status", "districts/marlow/documents/list.jwt", "ey…")
			return r.write()
		}, "whole"},
		{"one file listed by two roles", func(r *repo) Files {
			r.delegate("marlow", "marlow-status", "districts/marlow/issuers/*")
			r.put("marlow-status", marlow, `{"name":"Marlow"}`)
			return r.write()
		}, "without marlow B-BROKEN"},
		{"mix and match: an older snapshot", func(r *repo) Files {
			old := r.write()
			r.next()
			now := r.write()
			now["metadata/2.snapshot.json"] = old["metadata/1.snapshot.json"]
			return now
		}, "B-BROKEN"},
		{"a hole in the chain of roots", func(r *repo) Files {
			for range 2 {
				r.root.Signed.Version++
				r.signRoot()
			}
			all := r.write()
			delete(all, "metadata/2.root.json")
			return all
		}, "B-BROKEN"},
		{"a root that the one before did not sign", func(r *repo) Files {
			r.root.Signed.Version++
			mallory := newKey("mallory")
			r.keys[metadata.ROOT] = []ed25519.PrivateKey{mallory, newKey("mallory2")}
			r.signRoot()
			return r.write()
		}, "B-SIGN"},
		{"sha512 beside sha256", func(r *repo) Files {
			all := r.write()
			f, err := metadata.TargetFile().FromBytes(academy, []byte("{}"), "sha256", "sha512")
			r.must(err)
			r.roles["riverbend"].Signed.Targets[academy] = f
			r.place(all, "riverbend", 1, sign(r, r.roles["riverbend"], r.keys["riverbend"]))
			snap := sign(r, r.snap, r.keys[metadata.SNAPSHOT])
			all["metadata/1.snapshot.json"] = snap
			r.stamp.Signed.Meta["snapshot.json"] = metaFile(r, 1, snap)
			all["metadata/timestamp.json"] = sign(r, r.stamp, r.keys[metadata.TIMESTAMP])
			return all
		}, "without riverbend B-BROKEN"},
		{"endless timestamp", func(r *repo) Files {
			all := r.write()
			all["metadata/timestamp.json"] = make([]byte, MaxMetadata+1)
			return all
		}, "B-BROKEN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRepo(t)
			if got := outcome(Open(c.do(r), r.roots[0], Before{})); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestEveryFileMatters changes and drops each file of a good repository: the
// bundle is refused, or the member whose file it was is left out, and what
// stays is as it was signed.
func TestEveryFileMatters(t *testing.T) {
	r := newRepo(t)
	good := r.write()
	for _, name := range slices.Sorted(maps.Keys(good)) {
		if name == "metadata/1.root.json" {
			continue // the anchor is outside the bundle
		}
		for what, change := range map[string]func(Files){
			"dropped": func(f Files) { delete(f, name) },
			"flipped": func(f Files) {
				data := slices.Clone(f[name])
				data[len(data)/2] ^= 1
				f[name] = data
			},
			"cut":   func(f Files) { f[name] = f[name][:len(f[name])-1] },
			"grown": func(f Files) { f[name] = append(slices.Clone(f[name]), ' ') },
		} {
			files := maps.Clone(good)
			change(files)
			b, err := Open(files, r.roots[0], Before{})
			if got := outcome(b, err); got == "whole" {
				t.Errorf("%s %s: accepted whole", name, what)
			}
		}
	}
}

// TestAdded: a zip holds nothing that nobody signed; a folder may, such as the
// history that people publish beside the newest edition.
func TestAdded(t *testing.T) {
	r := newRepo(t)
	old := r.write()
	r.next()
	good := r.write()
	for _, name := range []string{"readme.txt", "metadata/index.html", "metadata/9.marlow.json", "metadata/0.snapshot.json", "metadata/9.root.json",
		"targets/districts/marlow/issuers/" + strings.Repeat("0", 64) + ".b.json", "targets/districts/nobody/a", "metadata/1.marlow-2.json"} {
		files := maps.Clone(good)
		files[name] = []byte("{}")
		if got := outcome(Open(files, r.roots[0], Before{})); got == "whole" {
			t.Errorf("%s added to the zip: accepted", name)
		}
	}
	history := maps.Clone(old)
	maps.Copy(history, good)
	if got := outcome(Open(history.Index(), r.roots[0], Before{})); got != "whole" {
		t.Errorf("a folder with the last edition too: %s", got)
	}
}

// TestPublished: repositories as tuf-on-ci publishes them are accepted: keys
// of P-256 with their holders' names, periods beside the dates, members that
// are signed by their own people, pages for people beside the metadata.
//
// Source: github.com/theupdateframework/tuf-on-ci, its custom metadata.
func TestPublished(t *testing.T) {
	r := newRepo(t)
	extra := func(days int) map[string]any {
		return map[string]any{"x-tuf-on-ci-expiry-period": days, "x-tuf-on-ci-signing-period": 14}
	}
	r.root.Signed.UnrecognizedFields = extra(1095)
	r.top.Signed.UnrecognizedFields = extra(365)
	for _, m := range r.roles {
		m.Signed.UnrecognizedFields = extra(183)
	}
	for _, k := range r.root.Signed.Keys {
		k.UnrecognizedFields = map[string]any{"x-tuf-on-ci-keyowner": "@signer"}
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	r.must(err)
	key, err := metadata.KeyFromPublicKey(p256.Public())
	r.must(err)
	r.must(r.top.Signed.AddKey(key, "marlow"))
	key.UnrecognizedFields = map[string]any{"x-tuf-on-ci-keyowner": "@marlow"}
	r.keys["marlow"] = nil
	r.also["marlow"] = p256
	r.signRoot()
	r.roots = r.roots[1:]
	files := r.write()
	files["metadata/index.html"] = []byte("<p>Five Rivers</p>")
	b, err := Open(files.Index(), r.roots[0], Before{})
	if got := outcome(b, err); got != "whole" {
		t.Errorf("as published: %s", got)
	}
}

// before is what a kiosk has after installing b.
func before(b *Bundle) Before { return Before{b.Floors, b.Parts()} }

func TestRollback(t *testing.T) {
	r := newRepo(t)
	old := r.write()
	r.next()
	b, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	if got := outcome(Open(old, r.roots[0], before(b))); got != "B-ROLLBACK" {
		t.Errorf("an older stick: %s, want B-ROLLBACK", got)
	}
	if got := outcome(Open(r.write(), r.roots[0], before(b))); got != "whole" {
		t.Errorf("the same stick again: %s, want whole", got)
	}
}

// TestFastForward replays a stolen timestamp key that ran far ahead: once the
// roots have replaced it, the count begins anew.
func TestFastForward(t *testing.T) {
	r := newRepo(t)
	r.stamp.Signed.Version = 1 << 40
	b, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	r.stamp.Signed.Version = 2
	if got := outcome(Open(r.write(), r.roots[0], before(b))); got != "B-ROLLBACK" {
		t.Errorf("below the stolen key's version: %s, want B-ROLLBACK", got)
	}
	stolen, err := r.tufKey(r.keys[metadata.TIMESTAMP][0]).ID()
	r.must(err)
	r.must(r.root.Signed.RevokeKey(stolen, metadata.TIMESTAMP))
	r.keys[metadata.TIMESTAMP] = nil
	r.seed = "new"
	r.addRootKey(metadata.TIMESTAMP)
	r.root.Signed.Version++
	r.signRoot()
	if got := outcome(Open(r.write(), r.roots[0], before(b))); got != "whole" {
		t.Errorf("after the key was replaced: %s, want whole", got)
	}
}

// TestMemberKeepsLastGoodPart breaks one member's part in the next edition:
// the others go forward, it stays as it was, until its key is dropped.
func TestMemberKeepsLastGoodPart(t *testing.T) {
	r := newRepo(t)
	first, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	r.next()
	r.put("riverbend", academy, `{"name":"Riverbend Academy 2"}`)
	r.put("marlow", marlow, `{"name":"Marlow 2"}`)
	broken := r.write()
	for name := range broken {
		if strings.HasPrefix(name, "targets/districts/riverbend/issuers/") {
			broken[name] = []byte("{}")
		}
	}
	second, err := Open(broken, r.roots[0], before(first))
	if got := outcome(second, err); got != "without riverbend B-BROKEN" {
		t.Fatalf("broken part: %s", got)
	}
	if !second.LeftOut[0].Kept {
		t.Error("the last good part did not stay")
	}
	if got := held(second, academy); got != `{"name":"Riverbend Academy"}` {
		t.Errorf("the broken member's file is %s, want the last good one", got)
	}
	if got := held(second, marlow); got != `{"name":"Marlow 2"}` {
		t.Errorf("the other member's file is %s, want the new one", got)
	}

	// The consortium replaces riverbend's key. What the old key signed goes.
	r.next()
	dropped, err := r.tufKey(r.keys["riverbend"][0]).ID()
	r.must(err)
	r.must(r.top.Signed.RevokeKey(dropped, "riverbend"))
	r.keys["riverbend"] = []ed25519.PrivateKey{newKey("riverbend new")}
	r.must(r.top.Signed.AddKey(r.tufKey(r.keys["riverbend"][0]), "riverbend"))
	broken = r.write()
	delete(broken, fmt.Sprintf("metadata/%d.riverbend.json", r.roles["riverbend"].Signed.Version))
	third, err := Open(broken, r.roots[0], before(second))
	if got := outcome(third, err); got != "without riverbend B-BROKEN" {
		t.Fatalf("after the key was dropped: %s", got)
	}
	if third.LeftOut[0].Kept || held(third, academy) != "-" {
		t.Error("a part stayed that a dropped key had signed")
	}
}

// TestLeaver: a member whose delegation is gone is gone, and nobody else.
func TestLeaver(t *testing.T) {
	r := newRepo(t)
	first, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	r.next()
	d := r.top.Signed.Delegations
	d.Roles = slices.DeleteFunc(d.Roles, func(x metadata.DelegatedRole) bool { return x.Name == "marlow" })
	b, err := Open(r.write(), r.roots[0], before(first))
	if got := outcome(b, err); got != "whole" {
		t.Fatalf("after marlow left: %s", got)
	}
	if held(b, marlow) != "-" || held(b, academy) == "-" {
		t.Error("the wrong member left")
	}
}

func FuzzOpen(f *testing.F) {
	var t testing.T
	r := newRepo(&t)
	good := r.write()
	names := slices.Sorted(maps.Keys(good))
	f.Add(uint(3), []byte("{}"))
	f.Fuzz(func(t *testing.T, which uint, data []byte) {
		files := maps.Clone(good)
		files[names[which%uint(len(names))]] = data
		Open(files, r.roots[0], Before{}) // must neither panic nor hang
	})
}
