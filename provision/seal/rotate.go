package seal

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// Keys are the ids of the keys that may sign role.
func (c *Coalition) Keys(role string) []string { return slices.Clone(c.keyIDs(role)) }

// Rotate puts fresh in the place of the key of role whose id begins with old:
// one that was lost, stolen, or whose holder left.
//
// Keys of root, targets, snapshot and timestamp stand in root.json: its next
// version must be signed by as many keys as the version before it asks for,
// and as it asks for itself. Keys of members and of the consortium stand in
// targets.json, and the member's part must be signed anew. What an old key
// signed, and nobody signed again, counts for nothing.
func (c *Coalition) Rotate(role, old string, fresh *Key) error {
	ids := c.keyIDs(role)
	at := slices.IndexFunc(ids, func(id string) bool { return old != "" && strings.HasPrefix(id, old) })
	if at < 0 {
		return fmt.Errorf("role %s has no key %q; it has %s", role, old, strings.Join(ids, ", "))
	}
	id := ids[at]
	if c.root.Signed.Roles[role] == nil {
		return c.rotateMember(role, id, fresh)
	}
	c.renewRoot()
	if err := errors.Join(c.root.Signed.RevokeKey(id, role), c.root.Signed.AddKey(fresh, role)); err != nil {
		return err
	}
	if role == metadata.TARGETS {
		c.renewTargets()
	}
	return c.save()
}

func (c *Coalition) rotateMember(role, id string, fresh *Key) error {
	c.renewTargets()
	if err := errors.Join(c.targets.Signed.RevokeKey(id, role), c.targets.Signed.AddKey(fresh, role)); err != nil {
		return err
	}
	if role == System { // whoever signs the next system does so with the keys of today
		c.system.ClearSignatures()
		return c.save()
	}
	m := c.roles[role]
	if len(m.Signatures) > 0 {
		m.Signed.Version++
		m.Signed.Expires = c.until(role)
		m.ClearSignatures()
	}
	return c.save()
}

// renewRoot starts the next version of root, once for any number of changes
// before it is signed.
func (c *Coalition) renewRoot() {
	if len(c.root.Signatures) > 0 {
		c.root.Signed.Version++
		c.root.Signed.Expires = c.until(metadata.ROOT)
		c.root.ClearSignatures()
	}
}

// before is the version of root before the newest, nil for the first.
func (c *Coalition) before() *metadata.Metadata[metadata.RootType] {
	if c.root.Signed.Version < 2 {
		return nil
	}
	data, err := os.ReadFile(c.file(fmt.Sprintf("%d.root.json", c.root.Signed.Version-1)))
	if err != nil {
		return nil
	}
	m, err := metadata.Root().FromBytes(data)
	if err != nil {
		return nil
	}
	return m
}

// lacksRoot is how many signatures the newest root still needs: its own
// threshold, and that of the one before.
func (c *Coalition) lacksRoot() int {
	lacks := func(by *metadata.Metadata[metadata.RootType]) int {
		r, have := by.Signed.Roles[metadata.ROOT], 0
		for _, s := range c.root.Signatures {
			if slices.Contains(r.KeyIDs, s.KeyID) {
				have++
			}
		}
		return max(0, r.Threshold-have)
	}
	n := lacks(c.root)
	if old := c.before(); old != nil {
		n = max(n, lacks(old))
	}
	return n
}
