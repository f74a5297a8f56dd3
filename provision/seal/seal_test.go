package seal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"

	"badgekiosk/provision/bundle"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// people are the key files of a test's coalition, in the folder dir.
type people struct {
	t   *testing.T
	dir string
}

func (p people) make(name, role string) *metadata.Key {
	k, err := MakeKey(filepath.Join(p.dir, name), role, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return k
}

func (p people) signer(name string) Signer {
	s, err := ReadKey(filepath.Join(p.dir, name), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p people) sign(c *Coalition, role string, names ...string) {
	p.t.Helper()
	for _, n := range names {
		if err := c.Sign(role, p.signer(n)); err != nil {
			p.t.Fatal(err)
		}
	}
}

var tree = bundle.Files{
	"consortium.json":                        []byte(`{"name":"Five Rivers","serial":1}`),
	"districts/riverbend/district.json":      []byte(`{"name":"Riverbend","kind":"district"}`),
	"districts/riverbend/issuers/a.json":     []byte(`{"name":"Riverbend Academy","ids":["did:web:riverbend.example"]}`),
	"districts/riverbend/issuers/.a.json.sw": []byte(`left by an editor`),
	"districts/marlow/issuers/a.json":        []byte(`{"name":"Marlow College"}`),
}

// founded is a coalition with one member, packed and signed.
func founded(t *testing.T) (*Coalition, people) {
	p := people{t, t.TempDir()}
	keys := map[string][]*metadata.Key{
		metadata.ROOT:      {p.make("root-a", "root"), p.make("root-b", "root"), p.make("root-c", "root")},
		metadata.TARGETS:   {p.make("targets-a", "targets"), p.make("targets-b", "targets"), p.make("targets-c", "targets")},
		metadata.SNAPSHOT:  {p.make("snapshot", "snapshot")},
		metadata.TIMESTAMP: {p.make("timestamp", "timestamp")},
		bundle.Consortium:  {p.make("consortium", "consortium")},
	}
	c, err := New(t.TempDir(), now, keys, Thresholds{2, 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddMember("riverbend", []*metadata.Key{p.make("riverbend", "riverbend")}); err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{bundle.Consortium, "riverbend"} {
		if _, err := c.Pack(role, tree); err != nil {
			t.Fatal(err)
		}
		p.sign(c, role, role)
	}
	p.sign(c, metadata.ROOT, "root-a", "root-b")
	p.sign(c, metadata.TARGETS, "targets-a", "targets-c")
	return c, p
}

func open(t *testing.T, zipped, anchor []byte, before bundle.Before) *bundle.Bundle {
	t.Helper()
	files, err := bundle.Unzip(zipped)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Open(files, anchor, before)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (c *Coalition) anchor(t *testing.T) []byte {
	data, err := os.ReadFile(c.file("1.root.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCeremony seals, changes one member, adds another, and seals again, each
// step read back from the folder as by another person's machine.
func TestCeremony(t *testing.T) {
	c, p := founded(t)
	first, err := c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, first, c.anchor(t), bundle.Before{})
	if n := len(b.Parts()["riverbend"].Files); n != 2 {
		t.Errorf("riverbend's part holds %d files, want its 2 and nothing an editor left", n)
	}

	c, err = Load(c.dir, now.AddDate(0, 1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := c.Pack("riverbend", tree); err != nil || changed {
		t.Errorf("packing the same files again: changed %v, %v", changed, err)
	}
	if err := c.AddMember("marlow", []*metadata.Key{p.make("marlow", "marlow")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Pack("marlow", tree); err != nil {
		t.Fatal(err)
	}
	p.sign(c, "marlow", "marlow")
	p.sign(c, metadata.TARGETS, "targets-b")
	_, err = c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err == nil || !strings.Contains(err.Error(), "targets (1 more)") {
		t.Errorf("finishing with one of two signatures: %v", err)
	}
	p.sign(c, metadata.TARGETS, "targets-a")
	second, err := c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	b = open(t, second, c.anchor(t), bundle.Before{Floors: b.Floors, Parts: b.Parts()})
	if b.Version != 2 || b.Parts()["marlow"] == nil || !slices.Equal(c.Members(), []string{"marlow", "riverbend"}) {
		t.Errorf("second edition: version %d, parts %d, members %v", b.Version, len(b.Parts()), c.Members())
	}
}

// TestWrongKey: a key signs only what it was given.
func TestWrongKey(t *testing.T) {
	c, p := founded(t)
	for role, key := range map[string]string{metadata.ROOT: "targets-a", metadata.TARGETS: "riverbend", "riverbend": "consortium", metadata.TIMESTAMP: "snapshot"} {
		if err := c.Sign(role, p.signer(key)); err == nil {
			t.Errorf("%s signed by the key of %s", role, key)
		}
	}
}

// TestSealRepeats: the same edition makes the same bytes.
func TestSealRepeats(t *testing.T) {
	c, p := founded(t)
	first, err := c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := c.Repository()
	if err != nil {
		t.Fatal(err)
	}
	again, err := bundle.Zip(files)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first, again) {
		t.Error("one edition zipped twice differs")
	}
}

func TestKeyAtRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k")
	if _, err := MakeKey(path, "root", "correct horse"); err != nil {
		t.Fatal(err)
	}
	if _, err := MakeKey(path, "root", ""); err == nil {
		t.Error("a key was written over another")
	}
	if _, err := ReadKey(path, "correct horse"); err != nil {
		t.Error(err)
	}
	if _, err := ReadKey(path, "wrong horse"); err == nil {
		t.Error("a wrong passphrase opened the key")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// fetcher serves a repository to go-tuf's own client.
type fetcher bundle.Files

func (f fetcher) DownloadFile(url string, max int64, _ time.Duration) ([]byte, error) {
	data, ok := f[strings.TrimPrefix(url, "tuf://host/")]
	if !ok {
		return nil, &metadata.ErrDownloadHTTP{StatusCode: 404, URL: url}
	}
	if int64(len(data)) > max {
		return nil, errors.New("too long")
	}
	return data, nil
}

// TestUpdater: go-tuf's own client accepts what we seal and finds the same
// file in it.
func TestUpdater(t *testing.T) {
	c, p := founded(t)
	if _, err := c.Finish(p.signer("snapshot"), p.signer("timestamp")); err != nil {
		t.Fatal(err)
	}
	files, err := c.Repository()
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.New("tuf://host/metadata", c.anchor(t))
	if err != nil {
		t.Fatal(err)
	}
	cfg.RemoteTargetsURL = "tuf://host/targets"
	cfg.LocalMetadataDir, cfg.LocalTargetsDir = t.TempDir(), t.TempDir()
	cfg.Fetcher = fetcher(files)
	up, err := updater.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	up.UnsafeSetRefTime(now)
	if err := up.Refresh(); err != nil {
		t.Fatal(err)
	}
	const name = "districts/riverbend/issuers/a.json"
	info, err := up.GetTargetInfo(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, data, err := up.DownloadTarget(info, "", ""); err != nil || string(data) != string(tree[name]) {
		t.Errorf("go-tuf's client read %s: %v", data, err)
	}
}
