package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/verify/reason"
)

// Floors are the versions a kiosk has seen, by role, so that an older stick
// is known for what it is. A floor holds while the same keys may sign the
// role: after a stolen key ran a version far ahead and was replaced, the
// count begins anew.
type Floors map[string]Floor

// A Floor is the version of one role and the keys it was seen under.
type Floor struct {
	Version int64
	Keys    string // hash of the role's key ids and threshold
}

// keysOf names the keys that may sign role, as the role that delegates to it
// says.
func (o *opener) keysOf(role, parent string) string {
	var ids []string
	if parent == metadata.ROOT {
		if r := o.tm.Root.Signed.Roles[role]; r != nil {
			ids = r.KeyIDs
		}
	} else if d := o.tm.Targets[parent].Signed.Delegations; d != nil {
		for _, r := range d.Roles {
			if r.Name == role {
				ids = r.KeyIDs
			}
		}
	}
	return hashOf(ids)
}

// hashOf names a set of keys.
func hashOf(ids []string) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, "\n")))
	return hex.EncodeToString(sum[:8])
}

// checkFloors refuses top-level metadata older than the kiosk has seen.
func (o *opener) checkFloors() error {
	if f := o.before.Floors[metadata.ROOT]; o.tm.Root.Signed.Version < f.Version {
		return reason.Errorf(reason.BRollback, "root.json has version %d, this kiosk has seen %d", o.tm.Root.Signed.Version, f.Version)
	}
	for role, version := range map[string]int64{
		metadata.TIMESTAMP: o.tm.Timestamp.Signed.Version,
		metadata.SNAPSHOT:  o.tm.Snapshot.Signed.Version,
		metadata.TARGETS:   o.tm.Targets[metadata.TARGETS].Signed.Version,
	} {
		if err := o.floor(role, metadata.ROOT, version); err != nil {
			return err
		}
	}
	return nil
}

func (o *opener) floor(role, parent string, version int64) error {
	f, ok := o.before.Floors[role]
	if ok && version < f.Version && f.Keys == o.keysOf(role, parent) {
		return reason.Errorf(reason.BRollback, "%s.json has version %d, this kiosk has seen %d", role, version, f.Version)
	}
	return nil
}

// floors are what the kiosk has seen once b is installed. Roles that are not
// in b keep their floor: a member who left and returns does not start anew.
func (o *opener) floors(b *Bundle) Floors {
	out := maps.Clone(o.before.Floors)
	if out == nil {
		out = Floors{}
	}
	out[metadata.ROOT] = Floor{Version: o.tm.Root.Signed.Version}
	out[metadata.TIMESTAMP] = Floor{o.tm.Timestamp.Signed.Version, o.keysOf(metadata.TIMESTAMP, metadata.ROOT)}
	out[metadata.SNAPSHOT] = Floor{o.tm.Snapshot.Signed.Version, o.keysOf(metadata.SNAPSHOT, metadata.ROOT)}
	out[metadata.TARGETS] = Floor{o.tm.Targets[metadata.TARGETS].Signed.Version, o.keysOf(metadata.TARGETS, metadata.ROOT)}
	left := map[string]bool{}
	for _, l := range b.LeftOut {
		left[l.Member] = true
	}
	for _, p := range b.parts {
		if left[p.Role] {
			continue // an old part stays, and so does its floor
		}
		for role := range p.Meta {
			out[role] = Floor{o.tm.Targets[role].Signed.Version, o.keysOf(role, o.parent[role])}
		}
	}
	return out
}
