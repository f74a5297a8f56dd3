package bundle

import (
	"crypto"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// A repo is a TUF repository made with go-tuf's own writer, which is not the
// code under test, so that a test can break any one thing in it.
type repo struct {
	t     testing.TB
	seed  string
	root  *metadata.Metadata[metadata.RootType]
	top   *metadata.Metadata[metadata.TargetsType]
	roles map[string]*metadata.Metadata[metadata.TargetsType]
	snap  *metadata.Metadata[metadata.SnapshotType]
	stamp *metadata.Metadata[metadata.TimestampType]
	keys  map[string][]ed25519.PrivateKey // by role
	also  map[string]crypto.Signer        // a further key of a role, of another kind
	up    map[string]string               // parent of each delegated role
	roots [][]byte
	files map[string]map[string]string // role, path, contents
}

var soon = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// newRepo has roots 2 of 3, targets 2 of 3, the consortium and two members.
func newRepo(t testing.TB) *repo { return newRepoOf(t, "") }

// newRepoOf is another coalition for each seed.
func newRepoOf(t testing.TB, seed string) *repo {
	r := &repo{t: t, seed: seed, root: metadata.Root(soon), top: metadata.Targets(soon), snap: metadata.Snapshot(soon), stamp: metadata.Timestamp(soon),
		roles: map[string]*metadata.Metadata[metadata.TargetsType]{}, keys: map[string][]ed25519.PrivateKey{}, also: map[string]crypto.Signer{}, up: map[string]string{}, files: map[string]map[string]string{}}
	for _, role := range metadata.TOP_LEVEL_ROLE_NAMES {
		n := 1
		if role == metadata.ROOT || role == metadata.TARGETS {
			n = 3
		}
		for range n {
			r.addRootKey(role)
		}
		r.root.Signed.Roles[role].Threshold = max(1, n-1)
	}
	r.top.Signed.Delegations = &metadata.Delegations{Keys: map[string]*metadata.Key{}}
	r.delegate(metadata.TARGETS, Consortium, "consortium.json", "contexts/*")
	r.delegate(metadata.TARGETS, "marlow", "districts/marlow/*", "districts/marlow/*/*")
	r.delegate(metadata.TARGETS, "riverbend", "districts/riverbend/*", "districts/riverbend/*/*")
	r.put(Consortium, "consortium.json", `{"name":"Five Rivers","serial":41}`)
	r.put("marlow", "districts/marlow/issuers/a.json", `{"name":"Marlow"}`)
	r.put("riverbend", "districts/riverbend/district.json", `{"name":"Riverbend"}`)
	r.put("riverbend", "districts/riverbend/issuers/a.json", `{"name":"Riverbend Academy"}`)
	r.signRoot()
	return r
}

func newKey(seed string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte((seed + strings.Repeat(".", 32))[:32]))
}

func (r *repo) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) tufKey(k ed25519.PrivateKey) *metadata.Key {
	key, err := metadata.KeyFromPublicKey(k.Public())
	r.must(err)
	return key
}

func (r *repo) addRootKey(role string) {
	k := newKey(fmt.Sprint(r.seed, role, len(r.keys[role])))
	r.keys[role] = append(r.keys[role], k)
	r.must(r.root.Signed.AddKey(r.tufKey(k), role))
}

func (r *repo) meta(role string) *metadata.Metadata[metadata.TargetsType] {
	if role == metadata.TARGETS {
		return r.top
	}
	return r.roles[role]
}

func (r *repo) delegate(parent, role string, paths ...string) {
	k := newKey(r.seed + parent + role)
	r.keys[role] = []ed25519.PrivateKey{k}
	r.up[role] = parent
	r.roles[role] = metadata.Targets(soon)
	d := r.meta(parent).Signed.Delegations
	if d == nil {
		d = &metadata.Delegations{Keys: map[string]*metadata.Key{}}
		r.meta(parent).Signed.Delegations = d
	}
	d.Roles = append(d.Roles, metadata.DelegatedRole{Name: role, Threshold: 1, Terminating: true, Paths: paths})
	r.must(r.meta(parent).Signed.AddKey(r.tufKey(k), role))
}

func (r *repo) put(role, name, contents string) {
	if r.files[role] == nil {
		r.files[role] = map[string]string{}
	}
	r.files[role][name] = contents
}

func sign[T metadata.Roles](r *repo, m *metadata.Metadata[T], keys []ed25519.PrivateKey, also ...crypto.Signer) []byte {
	r.t.Helper()
	m.ClearSignatures()
	for _, k := range also {
		if k == nil {
			continue
		}
		s, err := signature.LoadSigner(k, crypto.SHA256)
		r.must(err)
		_, err = m.Sign(s)
		r.must(err)
	}
	for _, k := range keys {
		s, err := signature.LoadSigner(k, crypto.Hash(0))
		r.must(err)
		_, err = m.Sign(s)
		r.must(err)
	}
	data, err := m.ToBytes(false)
	r.must(err)
	return data
}

func (r *repo) signRoot() { r.roots = append(r.roots, sign(r, r.root, r.keys[metadata.ROOT][:2])) }

// next raises every version, as a new edition does.
func (r *repo) next() {
	r.top.Signed.Version++
	r.snap.Signed.Version++
	r.stamp.Signed.Version++
	for _, m := range r.roles {
		m.Signed.Version++
	}
}

// write signs everything and returns the tree.
func (r *repo) write() Files {
	out := Files{}
	r.snap.Signed.Meta = map[string]*metadata.MetaFiles{}
	for _, role := range slices.Sorted(maps.Keys(r.roles)) {
		m := r.roles[role]
		m.Signed.Targets = map[string]*metadata.TargetFiles{}
		for name, contents := range r.files[role] {
			f, err := metadata.TargetFile().FromBytes(name, []byte(contents), "sha256")
			r.must(err)
			m.Signed.Targets[name] = f
			out[path.Join(targetDir, path.Dir(name), hex.EncodeToString(f.Hashes["sha256"])+"."+path.Base(name))] = []byte(contents)
		}
		r.place(out, role, m.Signed.Version, sign(r, m, r.keys[role], r.also[role]))
	}
	r.place(out, metadata.TARGETS, r.top.Signed.Version, sign(r, r.top, r.keys[metadata.TARGETS][:2]))
	snap := sign(r, r.snap, r.keys[metadata.SNAPSHOT])
	out[fmt.Sprintf("metadata/%d.snapshot.json", r.snap.Signed.Version)] = snap
	r.stamp.Signed.Meta["snapshot.json"] = metaFile(r, r.snap.Signed.Version, snap)
	out["metadata/timestamp.json"] = sign(r, r.stamp, r.keys[metadata.TIMESTAMP])
	for i, data := range r.roots {
		out[fmt.Sprintf("metadata/%d.root.json", i+1)] = data
	}
	return out
}

func (r *repo) place(out Files, role string, version int64, data []byte) {
	out[fmt.Sprintf("metadata/%d.%s.json", version, role)] = data
	r.snap.Signed.Meta[role+".json"] = metaFile(r, version, data)
}

func metaFile(r *repo, version int64, data []byte) *metadata.MetaFiles {
	f, err := metadata.TargetFile().FromBytes("x", data, "sha256")
	r.must(err)
	m := metadata.MetaFile(version)
	m.Length, m.Hashes = f.Length, f.Hashes
	return m
}
