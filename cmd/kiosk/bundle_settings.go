package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"badgekiosk/provision"
	"badgekiosk/provision/issue"
	"badgekiosk/verify/trust"
)

// settingsFlags are what bundle settings can set.
type settingsFlags struct {
	audience, pin, sync, notice string
	languages, sites, accepts   []string
	types                       []string
	fresh, noted, check, keys   int
}

func bundleSettings() *cobra.Command {
	var w workshop
	var s settingsFlags
	var h asking
	cmd := &cobra.Command{
		Use:   "settings DIR [MEMBER [GROUP]]",
		Short: "Say how kiosks behave: all of them, or one member's group",
		Long: `Settings writes into the trust folder what kiosks are bound by once it is sealed:
without MEMBER and GROUP for all kiosks, signed by the consortium; with them for
those kiosks whose kiosk.json says "group": "MEMBER/GROUP". A group can only
narrow what holds for all. With MEMBER alone it sets whom screens name for
questions about that member's badges: --contact and --codes.`,
		Example: `  kiosk bundle settings coalition --audience employer --languages en,es
  kiosk bundle settings coalition riverbend front-office --audience office --pin-file pin.txt --sites "Front office,Library"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 3 {
				return errors.New("name the folder, and perhaps a member and a group")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return w.within(args, func(t issue.Trust, member string) error { return h.set(t, memberFile(member), cmd.Flags().Changed) })
			}
			set, err := s.values(cmd.Flags().Changed)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if err := w.at(args[0]); err != nil {
					return err
				}
				return editJSON(w.tree(), "consortium.json", set, "settings")
			}
			return w.within(args, func(t issue.Trust, member string) error {
				if strings.ContainsAny(args[2], "/ \t") {
					return fmt.Errorf("group %q: use a plain word", args[2])
				}
				return editJSON(t, path.Join("districts", member, "district.json"), set, "kiosks", args[2])
			})
		},
	}
	w.flags(cmd)
	h.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&s.audience, "audience", "", "the most that anybody may see there: public, partner, employer, office")
	f.StringVar(&s.pin, "pin-file", "", "file with the operator's PIN; only its hash is kept")
	f.StringVar(&s.sync, "sync", "", "https URL that serves the bundle")
	f.StringVar(&s.notice, "notice", "", "a line on the resting screen")
	f.StringSliceVar(&s.languages, "languages", nil, "languages, the first one starts: en,es")
	f.StringSliceVar(&s.sites, "sites", nil, "names of places to pick from at first start")
	f.StringSliceVar(&s.accepts, "accepts", nil, "members whose badges are accepted")
	f.StringSliceVar(&s.types, "types", nil, "types of badges that are accepted: OpenBadgeCredential, Certificate")
	f.IntVar(&s.fresh, "fresh-days", 0, "status lists pass to this age")
	f.IntVar(&s.noted, "noted-days", 0, "pass with a note to this age")
	f.IntVar(&s.check, "check-days", 0, "need a person to this age")
	f.IntVar(&s.keys, "key-days", 0, "keys count to this age of the bundle")
	return cmd
}

// values are the settings that were given, as the trust folder holds them.
func (s *settingsFlags) values(given func(string) bool) (map[string]any, error) {
	set := map[string]any{}
	for flag, v := range map[string]any{"audience": s.audience, "sync": s.sync, "notice": s.notice, "languages": s.languages, "sites": s.sites, "accepts": s.accepts, "types": s.types} {
		if given(flag) {
			set[flag] = v
		}
	}
	status := map[string]any{}
	for flag, v := range map[string]int{"fresh-days": s.fresh, "noted-days": s.noted, "check-days": s.check} {
		if given(flag) {
			status[strings.TrimSuffix(flag, "-days")+"Days"] = v
		}
	}
	if len(status) > 0 {
		set["status"] = status
	}
	if given("key-days") {
		set["keyDays"] = s.keys
	}
	if s.pin != "" {
		data, err := readFile(s.pin, 1024)
		if err != nil {
			return nil, err
		}
		if set["pin"], err = provision.HashPIN(strings.TrimSpace(string(data))); err != nil {
			return nil, err
		}
	}
	if len(set) == 0 {
		return nil, errors.New("nothing to set; kiosk bundle settings --help lists what there is")
	}
	return set, nil
}

// editJSON sets members of an object inside a JSON file, by its path of
// member names, and leaves everything else. What it makes must still be read
// without a fault.
func editJSON(t issue.Trust, file string, set map[string]any, at ...string) error {
	old, err := fs.ReadFile(t, file)
	if err != nil {
		return err
	}
	all := map[string]any{}
	if err := json.Unmarshal(old, &all); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	into := all
	for _, name := range at {
		inner, _ := into[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		into[name] = inner
		into = inner
	}
	for name, v := range set {
		into[name] = v
	}
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	check, err := trust.Open(issue.Tree{file: data})
	if err == nil {
		err = errors.Join(check.Faults...)
	}
	if err != nil {
		return err
	}
	return t.WriteFile(file, append(data, '\n'))
}
