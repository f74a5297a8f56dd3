package bundle

import (
	"encoding/hex"
	"maps"
	"path"
	"strings"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/verify/reason"
)

// part verifies a first-level role, the roles below it, and all their files.
func (o *opener) part(name string) (*Part, error) {
	p := &Part{Role: name, Files: map[string][]byte{}, Meta: map[string][]byte{}}
	if err := o.below(p, name, metadata.TARGETS, 1); err != nil {
		return nil, err
	}
	return p, nil
}

// below adds role, delegated by parent, to p.
func (o *opener) below(p *Part, role, parent string, depth int) error {
	if depth > MaxDepth {
		return reason.Errorf(reason.BBroken, "role %s is more than %d below targets", role, MaxDepth)
	}
	data, err := o.role(role, parent)
	if err != nil {
		return err
	}
	o.parent[role] = parent
	if err := o.floor(role, parent, o.tm.Targets[role].Signed.Version); err != nil {
		return err
	}
	p.Meta[role] = data
	signed := o.tm.Targets[role].Signed
	delegated := delegation(o.tm.Targets[parent].Signed.Delegations, role)
	for name, file := range signed.Targets {
		if err := mayHold(delegated, role, p.Role, name); err != nil {
			return err
		}
		if _, twice := p.Files[name]; twice {
			return reason.Errorf(reason.BBroken, "%s is listed by two roles of %s", name, p.Role)
		}
		if p.Files[name], err = o.target(name, file); err != nil {
			return err
		}
	}
	return o.belowAll(p, role, depth)
}

// belowAll adds the roles that role delegates to.
func (o *opener) belowAll(p *Part, role string, depth int) error {
	d := o.tm.Targets[role].Signed.Delegations
	if d == nil {
		return nil
	}
	if d.SuccinctRoles != nil {
		return reason.Errorf(reason.BBroken, "role %s delegates to hash bins, which are not used here", role)
	}
	for _, r := range d.Roles {
		if !plainName(r.Name) || !strings.HasPrefix(r.Name, role+"-") {
			return reason.Errorf(reason.BBroken, "role %s may not delegate to %q: the name must begin with %q", role, r.Name, role+"-")
		}
		if _, twice := p.Meta[r.Name]; twice {
			return reason.Errorf(reason.BBroken, "role %q is delegated twice", r.Name)
		}
		if len(p.Meta) >= MaxRoles {
			return reason.Errorf(reason.BBroken, "%s has more than %d roles", p.Role, MaxRoles)
		}
		if err := o.below(p, r.Name, role, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// delegation is what delegates to role, nil if nothing does.
func delegation(by *metadata.Delegations, role string) *metadata.DelegatedRole {
	for i := range by.Roles {
		if by.Roles[i].Name == role {
			return &by.Roles[i]
		}
	}
	return nil
}

// mayHold tells whether role, of the first-level role member, may list the
// file name: it lies in the member's folder and in the paths delegated.
func mayHold(by *metadata.DelegatedRole, role, member, name string) error {
	if path.Clean(name) != name || path.IsAbs(name) || strings.ContainsAny(name, "\\:") || !validPath(name) {
		return reason.Errorf(reason.BBroken, "%s lists %q, which is no path", role, name)
	}
	inside := strings.HasPrefix(name, "districts/"+member+"/")
	if member == Consortium {
		inside = name == "consortium.json" || strings.HasPrefix(name, "contexts/")
	}
	if !inside {
		return reason.Errorf(reason.BSign, "%s lists %s, which is not its own", role, name)
	}
	if by == nil || len(by.PathHashPrefixes) > 0 {
		return reason.Errorf(reason.BBroken, "role %s has hash prefixes, which are not used here", role)
	}
	if ok, err := by.IsDelegatedPath(name); err != nil || !ok {
		return reason.Errorf(reason.BSign, "%s lists %s, which was not delegated to it", role, name)
	}
	return nil
}

// validPath tells whether every element of name is a plain file name.
func validPath(name string) bool {
	for _, e := range strings.Split(name, "/") {
		if e == "" || e == "." || e == ".." || len(e) > 200 {
			return false
		}
	}
	return len(name) < 1000
}

// target reads and checks one file, named by its SHA-256 in its folder
// (consistent snapshots).
func (o *opener) target(name string, file *metadata.TargetFiles) ([]byte, error) {
	sum, only := file.Hashes["sha256"], len(file.Hashes) == 1
	if len(sum) != 32 || !only {
		return nil, reason.Errorf(reason.BBroken, "%s must be named by its sha256 and by nothing else", name)
	}
	if file.Length < 0 || file.Length > MaxFile {
		return nil, reason.Errorf(reason.BBroken, "%s has %d bytes, the limit is %d", name, file.Length, int64(MaxFile))
	}
	data, err := o.file(targetDir+"/"+Place(name, sum), file.Length)
	if err != nil {
		return nil, err
	}
	if err := file.VerifyLengthHashes(data); err != nil {
		return nil, reason.Errorf(reason.BBroken, "%s: %w", name, err)
	}
	return data, nil
}

// Place is where a repository keeps the target name below targets/: in its
// folder, its SHA-256 before its own name (consistent snapshots, TUF 6.2).
func Place(name string, sum []byte) string {
	return path.Join(path.Dir(name), hex.EncodeToString(sum)+"."+path.Base(name))
}

// keep returns the last good part of a member if the keys that may sign for
// it today still signed it, else nil: a dropped key takes its part with it.
func (o *opener) keep(member string) *Part {
	old := o.before.Parts[member]
	if old == nil {
		return nil
	}
	parents := map[string]*metadata.Metadata[metadata.TargetsType]{metadata.TARGETS: o.tm.Targets[metadata.TARGETS]}
	files := map[string][]byte{}
	if !recheck(old, member, metadata.TARGETS, parents, files) {
		return nil
	}
	return &Part{Role: member, Files: files, Meta: maps.Clone(old.Meta)}
}

// recheck verifies role of an old part under today's delegation and collects
// its files.
func recheck(old *Part, role, parent string, known map[string]*metadata.Metadata[metadata.TargetsType], files map[string][]byte) bool {
	m, err := metadata.Targets().FromBytes(old.Meta[role])
	if err != nil || known[parent].VerifyDelegate(role, m) != nil {
		return false
	}
	known[role] = m
	for name, file := range m.Signed.Targets {
		data, ok := old.Files[name]
		if !ok || file.VerifyLengthHashes(data) != nil || mayHold(delegation(known[parent].Signed.Delegations, role), role, old.Role, name) != nil {
			return false
		}
		files[name] = data
	}
	if m.Signed.Delegations == nil {
		return true
	}
	for _, r := range m.Signed.Delegations.Roles {
		if !strings.HasPrefix(r.Name, role+"-") || !recheck(old, r.Name, role, known, files) {
			return false
		}
	}
	return true
}
