package provision

import (
	"path/filepath"
	"testing"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
)

// founders are a coalition with everybody's keys, one each.
type founders struct {
	*seal.Coalition
	t      *testing.T
	dir    string
	public map[string][]*metadata.Key
	signer map[string]seal.Signer
}

// found makes a coalition of members, who have signed nothing yet.
func found(t *testing.T, members ...string) *founders {
	t.Helper()
	f := &founders{t: t, dir: t.TempDir(), public: map[string][]*metadata.Key{}, signer: map[string]seal.Signer{}}
	for _, role := range append([]string{seal.Root, seal.Targets, seal.Snapshot, seal.Timestamp, bundle.Consortium}, members...) {
		f.key(role)
	}
	var err error
	f.Coalition, err = seal.New(f.dir, start, f.public, seal.Thresholds{Root: 1, Targets: 1})
	must(t, err)
	for _, m := range members {
		must(t, f.AddMember(m, f.public[m]))
	}
	return f
}

// key makes role's key.
func (f *founders) key(role string) {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), role)
	key, err := seal.MakeKey(path, role, "")
	must(f.t, err)
	f.public[role] = []*metadata.Key{key}
	f.signer[role], err = seal.ReadKey(path, "")
	must(f.t, err)
}

// open signs who belongs to the coalition. Afterwards it can make editions.
func (f *founders) open() *founders {
	f.t.Helper()
	must(f.t, f.Sign(seal.Root, f.signer[seal.Root]))
	must(f.t, f.Sign(seal.Targets, f.signer[seal.Targets]))
	return f
}

// edition seals what changed of a tree, and whose.
func (f *founders) edition(tree bundle.Files, changed ...string) []byte {
	f.t.Helper()
	for _, role := range changed {
		_, err := f.Pack(role, tree)
		must(f.t, err)
		must(f.t, f.Sign(role, f.signer[role]))
	}
	zipped, err := f.Finish(f.signer[seal.Snapshot], f.signer[seal.Timestamp])
	must(f.t, err)
	return zipped
}

// root is the newest.
func (f *founders) root() []byte {
	f.t.Helper()
	data, err := f.Root()
	must(f.t, err)
	return data
}
