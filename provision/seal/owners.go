package seal

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"badgekiosk/verify/trust"
)

// Owners returns consortium.json with an entry under "owners" for every
// identifier of an issuer that a member of set lists and that has none yet.
// From then on that member alone speaks for it, also if another's key is
// stolen. Entries of those who left are dropped; to give an identifier to
// another member, edit the entry.
func Owners(consortium []byte, set *trust.Set) ([]byte, error) {
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(consortium, &all); err != nil {
		return nil, fmt.Errorf("consortium.json: %w", err)
	}
	owners := map[string][]string{}
	if text, ok := all["owners"]; ok {
		if err := json.Unmarshal(text, &owners); err != nil {
			return nil, fmt.Errorf("consortium.json: owners: %w", err)
		}
	}
	before := fmt.Sprint(owners)
	here := map[string]bool{}
	for _, m := range set.Members {
		here[m.ID] = true
	}
	maps.DeleteFunc(owners, func(member string, _ []string) bool { return !here[member] })
	for member, ids := range set.Owners() {
		owners[member] = slices.Compact(slices.Sorted(slices.Values(append(owners[member], ids...))))
	}
	if fmt.Sprint(owners) == before {
		return consortium, nil
	}
	text, err := json.Marshal(owners)
	if err != nil {
		return nil, err
	}
	all["owners"] = text
	out, err := json.MarshalIndent(all, "", "  ")
	return append(out, '\n'), err
}

// Own writes the entries of [Owners] into the folder tree.
func Own(tree Folder, set *trust.Set) error {
	const file = "consortium.json"
	old, err := fs.ReadFile(tree, file)
	if err != nil {
		return err
	}
	now, err := Owners(old, set)
	if err != nil || string(now) == string(old) {
		return err
	}
	return tree.WriteFile(file, now)
}
