package bundle

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/verify/reason"
)

// slotImage stands for the image of a slot.
const slotImage = "firmware, kernel, device trees"

// makesSystems lets two of three keys sign systems.
func (r *repo) makesSystems() []ed25519.PrivateKey {
	r.delegate(metadata.TARGETS, SystemRole, SystemTarget)
	delete(r.roles, SystemRole) // it has no part in a bundle
	d := r.top.Signed.Delegations
	all := r.keys[SystemRole]
	for i := range 2 {
		k := newKey(fmt.Sprint(r.seed, SystemRole, i))
		all = append(all, k)
		r.must(r.top.Signed.AddKey(r.tufKey(k), SystemRole))
	}
	d.Roles[len(d.Roles)-1].Threshold = 2
	return all
}

// system is a system's metadata, changed and then signed with keys.
func (r *repo) system(change func(*metadata.Metadata[metadata.TargetsType]), keys ...ed25519.PrivateKey) []byte {
	m := metadata.Targets(soon)
	m.Signed.Version = 202611220340
	f, err := metadata.TargetFile().FromBytes(SystemTarget, []byte(slotImage), "sha256")
	r.must(err)
	f.Custom = traits(`{"boards":["raspberrypi,3-model-b"],"build":"kiosk 1"}`)
	m.Signed.Targets[SystemTarget] = f
	if change != nil {
		change(m)
	}
	return sign(r, m, keys)
}

func traits(text string) *json.RawMessage {
	raw := json.RawMessage(text)
	return &raw
}

// TestSystem: what its own keys signed is a system, and nothing else is.
func TestSystem(t *testing.T) {
	r := newRepo(t)
	keys := r.makesSystems()
	b, err := Open(r.write(), r.roots[0], Before{})
	if outcome(b, err) != "whole" {
		t.Fatalf("a coalition that makes systems: %s", outcome(b, err))
	}
	s, err := b.System(r.system(nil, keys[:2]...))
	if err != nil || s.Number != 202611220340 || s.Sum != sha256.Sum256([]byte(slotImage)) || s.Length != int64(len(slotImage)) ||
		fmt.Sprint(s.Boards) != "[raspberrypi,3-model-b]" || s.Build != "kiosk 1" {
		t.Fatalf("read %+v, %v", s, err)
	}
	file := func(do func(*metadata.TargetFiles)) func(*metadata.Metadata[metadata.TargetsType]) {
		return func(m *metadata.Metadata[metadata.TargetsType]) { do(m.Signed.Targets[SystemTarget]) }
	}
	for name, c := range map[string]struct {
		meta []byte
		want reason.Code
	}{
		"one of two signatures":          {r.system(nil, keys[0]), reason.BSign},
		"one key twice":                  {r.system(nil, keys[0], keys[0]), reason.BBroken},
		"members' keys":                  {r.system(nil, r.keys["marlow"][0], r.keys["riverbend"][0]), reason.BSign},
		"the consortium's and a stolen":  {r.system(nil, r.keys[Consortium][0], keys[0]), reason.BSign},
		"targets' keys, not the role's":  {r.system(nil, r.keys[metadata.TARGETS][:2]...), reason.BSign},
		"another coalition's":            {newRepoOf(t, "x").system(nil, newRepoOf(t, "x").makesSystems()[:2]...), reason.BSign},
		"nobody's":                       {r.system(nil), reason.BSign},
		"too short a hash":               {r.system(file(func(f *metadata.TargetFiles) { f.Hashes["sha256"] = f.Hashes["sha256"][:31] }), keys[:2]...), reason.BBroken},
		"another hash too":               {r.system(file(func(f *metadata.TargetFiles) { f.Hashes["md5"] = []byte("x") }), keys[:2]...), reason.BBroken},
		"no bytes":                       {r.system(file(func(f *metadata.TargetFiles) { f.Length = 0 }), keys[:2]...), reason.BBroken},
		"more than a slot can hold":      {r.system(file(func(f *metadata.TargetFiles) { f.Length = MaxSystem + 1 }), keys[:2]...), reason.BBroken},
		"no traits":                      {r.system(file(func(f *metadata.TargetFiles) { f.Custom = nil }), keys[:2]...), reason.BBroken},
		"no board":                       {r.system(file(func(f *metadata.TargetFiles) { f.Custom = traits(`{"boards":[],"build":"x"}`) }), keys[:2]...), reason.BBroken},
		"a trait that we do not know of": {r.system(file(func(f *metadata.TargetFiles) { f.Custom = traits(`{"boards":["x"],"build":"x","also":1}`) }), keys[:2]...), reason.BBroken},
		"number 0":                       {r.system(func(m *metadata.Metadata[metadata.TargetsType]) { m.Signed.Version = 0 }, keys[:2]...), reason.BBroken},
		"issuers beside it": {r.system(func(m *metadata.Metadata[metadata.TargetsType]) {
			m.Signed.Targets[academy] = m.Signed.Targets[SystemTarget]
		}, keys[:2]...), reason.BSign},
		"issuers in its place": {r.system(func(m *metadata.Metadata[metadata.TargetsType]) {
			m.Signed.Targets = map[string]*metadata.TargetFiles{academy: m.Signed.Targets[SystemTarget]}
		}, keys[:2]...), reason.BSign},
		"roles below it": {r.system(func(m *metadata.Metadata[metadata.TargetsType]) {
			m.Signed.Delegations = &metadata.Delegations{Keys: map[string]*metadata.Key{}, Roles: []metadata.DelegatedRole{{Name: "system-x", KeyIDs: []string{"x"}, Threshold: 1, Paths: []string{"x"}}}}
		}, keys[:2]...), reason.BSign},
		"a bundle's root":      {r.roots[0], reason.BBroken},
		"bytes behind it":      {append(r.system(nil, keys[:2]...), ' '), reason.BBroken},
		"nothing":              {nil, reason.BBroken},
		"a very long metadata": {make([]byte, MaxSystemMeta+1), reason.BBroken},
	} {
		if s, err := b.System(c.meta); reason.CodeOf(err, "") != c.want {
			t.Errorf("%s: %v, %v; want %s", name, s, err, c.want)
		}
	}
}

// TestSystemMangled: no cut and no flipped bit of a system's metadata is read
// as another system.
func TestSystemMangled(t *testing.T) {
	r := newRepo(t)
	keys := r.makesSystems()
	b, err := Open(r.write(), r.roots[0], Before{})
	r.must(err)
	meta := r.system(nil, keys[:2]...)
	want, err := b.System(meta)
	r.must(err)
	for i := range meta {
		if s, err := b.System(meta[:i]); err == nil {
			t.Fatalf("cut after %d bytes it is %s", i, s)
		}
		bad := append([]byte(nil), meta...)
		bad[i] ^= 1 << (i % 8)
		if s, err := b.System(bad); err == nil && fmt.Sprint(s) != fmt.Sprint(want) {
			t.Fatalf("with byte %d another it is %s", i, s)
		}
	}
}

// TestSystemRole: the role is what it is for or the bundle is refused, and in
// a bundle it signs nothing.
func TestSystemRole(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(r *repo) Files
		want string
	}{
		{"with a member's path", func(r *repo) Files {
			r.top.Signed.Delegations.Roles[3].Paths = []string{"districts/riverbend/*"}
			return r.write()
		}, "B-BROKEN"},
		{"with another path too", func(r *repo) Files {
			r.top.Signed.Delegations.Roles[3].Paths = []string{SystemTarget, "consortium.json"}
			return r.write()
		}, "B-BROKEN"},
		{"with a pattern", func(r *repo) Files {
			r.top.Signed.Delegations.Roles[3].Paths = []string{"system/*"}
			return r.write()
		}, "B-BROKEN"},
		{"that nobody needs to sign", func(r *repo) Files {
			r.top.Signed.Delegations.Roles[3].Threshold = 0
			return r.write()
		}, "B-BROKEN"},
		{"with a member named like a part of it", func(r *repo) Files {
			r.delegate(metadata.TARGETS, "system-x", "districts/system-x/*")
			return r.write()
		}, "B-BROKEN"},
		{"with issuers in the bundle", func(r *repo) Files {
			r.roles[SystemRole] = metadata.Targets(soon)
			r.put(SystemRole, "districts/system/issuers/a.json", `{"name":"Mallory"}`)
			return r.write()
		}, "B-BROKEN"}, // files that nobody asks for
	} {
		r := newRepo(t)
		r.makesSystems()
		if got := outcome(Open(c.do(r), r.roots[0], Before{})); got != c.want {
			t.Errorf("a role for systems %s: %s, want %s", c.name, got, c.want)
		}
	}
	r := newRepo(t)
	r.makesSystems()
	r.roles[SystemRole] = metadata.Targets(soon)
	r.put(SystemRole, "districts/system/issuers/a.json", `{"name":"Mallory"}`)
	b, err := Open(r.write().Index(), r.roots[0], Before{}) // a folder may hold more
	if outcome(b, err) != "whole" || held(b, "districts/system/issuers/a.json") != "-" || b.Floors[SystemRole] != (Floor{}) {
		t.Errorf("a folder whose role for systems lists issuers: %s, floors %v", outcome(b, err), b.Floors)
	}
	if b, err = Open(newRepo(t).write(), newRepo(t).roots[0], Before{}); err != nil || b.MakesSystems() {
		t.Errorf("a coalition without the role: %v, makes systems %t", err, b.MakesSystems())
	}
	if _, err := b.System(r.system(nil)); reason.CodeOf(err, "") != reason.BSign {
		t.Errorf("a system under a bundle that lets nobody sign one: %v", err)
	}
}

// FuzzSystem: whatever the bytes, the answer is a system that is signed, or a
// code.
func FuzzSystem(f *testing.F) {
	r := newRepo(f)
	keys := r.makesSystems()
	b, err := Open(r.write(), r.roots[0], Before{})
	r.must(err)
	f.Add(r.system(nil, keys[:2]...))
	f.Add([]byte(`{"signatures":[],"signed":{"_type":"targets","expires":"2027-01-01T00:00:00Z","spec_version":"1.0.31","targets":{},"version":1}}`))
	f.Fuzz(func(t *testing.T, meta []byte) {
		s, err := b.System(meta)
		if err == nil && s.Sum != sha256.Sum256([]byte(slotImage)) {
			t.Fatalf("%q is read as a system: %s", meta, s)
		}
		if err != nil && reason.CodeOf(err, "") == "" {
			t.Fatalf("%q: an error without a code: %v", meta, err)
		}
	})
}
