package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/bundle"
)

// Load reads the coalition in the folder dir, as [New] and the other methods
// left it.
func Load(dir string, now time.Time) (*Coalition, error) {
	c := &Coalition{dir: dir, now: now, root: metadata.Root(), targets: metadata.Targets(), snap: metadata.Snapshot(),
		stamp: metadata.Timestamp(), roles: map[string]*metadata.Metadata[metadata.TargetsType]{}}
	newest, err := c.newestRoot()
	if err != nil {
		return nil, err
	}
	if newest == 0 {
		return nil, fmt.Errorf("%s holds no coalition; make one with kiosk bundle init", dir)
	}
	if _, err := c.root.FromFile(c.file(fmt.Sprintf("%d.root.json", newest))); err != nil {
		return nil, err
	}
	if _, err := c.targets.FromFile(c.file("targets.json")); err != nil {
		return nil, err
	}
	for _, r := range c.targets.Signed.Delegations.Roles {
		if r.Name == System {
			if err := c.loadSystem(); err != nil {
				return nil, err
			}
			continue
		}
		m := metadata.Targets()
		if _, err := m.FromFile(c.file(r.Name + ".json")); err != nil {
			return nil, err
		}
		c.roles[r.Name] = m
	}
	if _, err := c.snap.FromFile(c.file("snapshot.json")); err != nil {
		return nil, err
	}
	_, err = c.stamp.FromFile(c.file("timestamp.json"))
	return c, err
}

func (c *Coalition) file(name string) string { return filepath.Join(c.dir, "metadata", name) }

// newestRoot is the version of the newest root, 0 if there is none.
func (c *Coalition) newestRoot() (newest int64, err error) {
	names, err := filepath.Glob(c.file("*.root.json"))
	for _, name := range names {
		var n int64
		if _, err := fmt.Sscanf(filepath.Base(name), "%d.root.json", &n); err == nil {
			newest = max(newest, n)
		}
	}
	return newest, err
}

// save writes every role's metadata, signed or not yet, under a name without
// a version: that is the working copy. Signed roots stay, each under its own.
func (c *Coalition) save() error {
	err := save(c, fmt.Sprintf("%d.root.json", c.root.Signed.Version), c.root)
	err = errors.Join(err, save(c, "targets.json", c.targets), save(c, "snapshot.json", c.snap), save(c, "timestamp.json", c.stamp))
	for role, m := range c.roles {
		err = errors.Join(err, save(c, role+".json", m))
	}
	if c.system != nil && c.system.Signed.Version > 0 {
		err = errors.Join(err, save(c, System+".json", c.system))
	}
	return err
}

func save[T metadata.Roles](c *Coalition, name string, m *metadata.Metadata[T]) error {
	data, err := m.ToBytes(false)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return writeFile(c.file(name), data)
}

// Repository is the finished edition as a TUF repository: what a zip, or a
// static host, carries.
func (c *Coalition) Repository() (bundle.Files, error) {
	out := bundle.Files{}
	var err error
	put := func(name string, data []byte, e error) {
		out["metadata/"+name], err = data, errors.Join(err, e)
	}
	for v := int64(1); v <= c.root.Signed.Version; v++ {
		data, e := os.ReadFile(c.file(fmt.Sprintf("%d.root.json", v)))
		put(fmt.Sprintf("%d.root.json", v), data, e)
	}
	for role, m := range c.all() {
		data, e := m.ToBytes(false)
		put(fmt.Sprintf("%d.%s.json", m.Signed.Version, role), data, e)
		for name, file := range m.Signed.Targets {
			at := "targets/" + bundle.Place(name, file.Hashes["sha256"])
			data, e := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(at)))
			out[at], err = data, errors.Join(err, e)
		}
	}
	data, e := c.snap.ToBytes(false)
	put(fmt.Sprintf("%d.snapshot.json", c.snap.Signed.Version), data, e)
	data, e = c.stamp.ToBytes(false)
	put("timestamp.json", data, e)
	return out, err
}

// zip packs the edition and opens it as a kiosk would.
func (c *Coalition) zip() ([]byte, error) {
	files, err := c.Repository()
	if err != nil {
		return nil, err
	}
	b, err := bundle.Open(files, files["metadata/1.root.json"], bundle.Before{})
	if err != nil {
		return nil, fmt.Errorf("the bundle just made does not open: %w", err)
	}
	for _, l := range b.LeftOut {
		return nil, fmt.Errorf("the bundle just made lacks %s: %w", l.Member, l.Why)
	}
	return bundle.Zip(files)
}
