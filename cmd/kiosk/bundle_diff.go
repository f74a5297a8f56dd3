package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/trust"
)

func bundleDiff() *cobra.Command {
	var root string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW --root ROOT",
		Short: "Say what changes for whom between two bundles",
		Long:  "Diff exits with 0 if a kiosk would believe the same by both, and 1 if not.",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var sets [2]*trust.Set
			var bundles [2]*bundle.Bundle
			for i, file := range args {
				b, err := openBundle(file, root)
				if err == nil {
					sets[i], err = trust.OpenSealed(b.Tree())
				}
				if err != nil {
					return fmt.Errorf("%s: %w", file, err)
				}
				bundles[i] = b
			}
			if diff(cmd.OutOrStdout(), sets[0], sets[1], bundles[0], bundles[1]) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "Nothing changes.")
				return nil
			}
			return exitSome
		},
	}
	rootFlag(cmd, &root)
	return cmd
}

// diff prints a line for each change and returns how many there are.
func diff(out io.Writer, from, to *trust.Set, fromBundle, toBundle *bundle.Bundle) (changes int) {
	say := func(format string, args ...any) {
		fmt.Fprintf(out, format+"\n", args...)
		changes++
	}
	if from.Name != to.Name {
		say("The coalition's name: %s becomes %s", from.Name, to.Name)
	}
	had, has := membersOf(from), membersOf(to)
	for _, id := range slices.Sorted(maps.Keys(had)) {
		if has[id] == nil {
			say("%s leaves: badges of its %s become unknown", had[id].Name, counted(len(from.IssuersOf(had[id])), "issuer"))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(has)) {
		if had[id] == nil {
			say("%s joins, with %s", has[id].Name, counted(len(to.IssuersOf(has[id])), "issuer"))
			continue
		}
		changes += diffIssuers(out, has[id].Name, byID(from.IssuersOf(had[id])), byID(to.IssuersOf(has[id])))
		changes += diffFiles(out, has[id].Name, fromBundle.Parts()[id], toBundle.Parts()[id])
	}
	return changes
}

func membersOf(s *trust.Set) map[string]*trust.Member {
	all := map[string]*trust.Member{}
	for _, m := range s.Members {
		all[m.ID] = m
	}
	return all
}

// byID are issuers by their first identifier.
func byID(issuers []*trust.Issuer) map[string]*trust.Issuer {
	all := map[string]*trust.Issuer{}
	for _, i := range issuers {
		if len(i.IDs) > 0 {
			all[i.IDs[0]] = i
		}
	}
	return all
}

func diffIssuers(out io.Writer, member string, had, has map[string]*trust.Issuer) (changes int) {
	say := func(format string, args ...any) {
		fmt.Fprintf(out, member+": "+format+"\n", args...)
		changes++
	}
	for _, id := range slices.Sorted(maps.Keys(had)) {
		if has[id] == nil {
			say("%s (%s) is no longer listed", had[id].Name, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(has)) {
		before, now := had[id], has[id]
		if before == nil {
			as := ""
			if now.Guest != "" {
				as = " as a guest, an organization of its own"
			}
			say("%s (%s) is listed%s, with %s", now.Name, id, as, counted(len(now.Keys), "key"))
			continue
		}
		if before.Name != now.Name {
			say("%s is now called %s", before.Name, now.Name)
		}
		added, gone, stolen := keyChanges(before, now)
		if added+gone+stolen > 0 {
			say("%s: %s added, %d removed, %d reported stolen", now.Name, counted(added, "key"), gone, stolen)
		}
	}
	return changes
}

// keyChanges counts keys that came, went, or were reported stolen.
func keyChanges(before, now *trust.Issuer) (added, gone, stolen int) {
	same := func(k *trust.Key, in []*trust.Key) *trust.Key {
		for _, other := range in {
			if other.Equal(k.Key) {
				return other
			}
		}
		return nil
	}
	for _, k := range now.Keys {
		switch was := same(k, before.Keys); {
		case was == nil:
			added++
		case was.Compromised.IsZero() && !k.Compromised.IsZero():
			stolen++
		}
	}
	for _, k := range before.Keys {
		if same(k, now.Keys) == nil {
			gone++
		}
	}
	return added, gone, stolen
}

// diffFiles counts the lists, manifests and other files that changed, issuers
// aside: those are told by name.
func diffFiles(out io.Writer, member string, had, has *bundle.Part) (changes int) {
	if had == nil || has == nil {
		return 0
	}
	folders := map[string]int{}
	for name, data := range has.Files {
		if string(had.Files[name]) != string(data) || had.Files[name] == nil {
			folders[folderOf(name)]++
		}
	}
	for name := range had.Files {
		if has.Files[name] == nil {
			folders[folderOf(name)]++
		}
	}
	delete(folders, "issuers")
	for _, f := range slices.Sorted(maps.Keys(folders)) {
		fmt.Fprintf(out, "%s: %s changed in %s\n", member, counted(folders[f], "file"), f)
		changes++
	}
	return changes
}

// folderOf is the folder of a member's part that a file is in: "documents".
func folderOf(name string) string {
	parts := strings.Split(name, "/") // districts/ID/FOLDER/…
	if len(parts) < 4 {
		return "its own part"
	}
	return parts[2]
}
