package main

import (
	"fmt"
	"io"
	"maps"
	"reflect"
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
	if fromRules, toRules := rulesOf(from), rulesOf(to); !reflect.DeepEqual(fromRules, toRules) {
		say("The coalition's rules for all kiosks change: dates, who may see what, languages, or whose badges count")
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

// rulesOf are what the consortium signs for every kiosk.
func rulesOf(s *trust.Set) []any {
	_, settings, err := s.For("")
	return []any{s.Policy, settings, err != nil}
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
			said := []string{}
			for _, c := range []struct {
				n    int
				what string
			}{{added, "added"}, {gone, "removed"}, {stolen, "reported stolen"}} {
				if c.n > 0 {
					said = append(said, counted(c.n, "key")+" "+c.what)
				}
			}
			say("%s: %s", now.Name, strings.Join(said, ", "))
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

// filesOf says what a member's files are to the people who keep them.
var filesOf = map[string]struct{ one, many string }{
	"documents":       {"a status list, or another copied document", "%d status lists and other copied documents"},
	"sealed":          {"a badge kept behind its link", "%d badges kept behind their links"},
	"consent":         {"a parent's consent", "%d parents' consents"},
	"manifests":       {"the description or picture of a badge", "%d descriptions and pictures of badges"},
	"index.tsv":       {"the dates of its copied documents", ""},
	"district.json":   {"its name, whom to ask, or its kiosks' settings", ""},
	"policy.json":     {"its kiosks' policy", ""},
	"withdrawals.tsv": {"the list of badges it has withdrawn", ""},
}

// diffFiles counts the lists, manifests and other files that changed, issuers
// aside: those are told by name.
func diffFiles(out io.Writer, member string, had, has *bundle.Part) (changes int) {
	if had == nil || has == nil {
		return 0
	}
	kinds := map[string]int{}
	for name, data := range has.Files {
		if was, ok := had.Files[name]; !ok || string(was) != string(data) {
			kinds[fileKind(name)]++
		}
	}
	for name := range had.Files {
		if _, ok := has.Files[name]; !ok {
			kinds[fileKind(name)]++
		}
	}
	delete(kinds, "issuers")
	if kinds["documents"] > 0 {
		delete(kinds, "index.tsv") // it changes with them
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		n, f := kinds[kind], filesOf[kind]
		says := f.one
		switch {
		case f.one == "":
			says = counted(n, "file") + " in " + kind
		case n > 1 && f.many != "":
			says = fmt.Sprintf(f.many, n)
		}
		fmt.Fprintf(out, "%s: changed: %s\n", member, says)
		changes++
	}
	return changes
}

// fileKind is the folder of a member's part that a file is in, "documents", or
// the file's own name.
func fileKind(name string) string {
	parts := strings.Split(name, "/") // districts/ID/FOLDER/…
	if len(parts) < 3 || parts[len(parts)-1] == "index.tsv" {
		return parts[len(parts)-1]
	}
	return parts[2]
}
