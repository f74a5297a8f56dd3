package main

import (
	"errors"
	"path"

	"github.com/spf13/cobra"

	"badgekiosk/provision/issue"
)

// asking is whom screens name for questions: of a member or of one issuer.
type asking struct{ contact, codes string }

func (h *asking) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&h.contact, "contact", "", `whom to ask about its badges: "registrar, 555 0100"`)
	cmd.Flags().StringVar(&h.codes, "codes", "", "https URL where learners get their badge as a code")
}

// memberFile is where a member says who it is.
func memberFile(id string) string { return path.Join("districts", id, "district.json") }

// write adds what was given, and more, to a file of the trust folder.
func (h *asking) write(t issue.Trust, file string, more map[string]any) error {
	set := map[string]any{}
	for name, v := range more {
		set[name] = v
	}
	if h.contact != "" {
		set["contact"] = h.contact
	}
	if h.codes != "" {
		set["codes"] = h.codes
	}
	if len(set) == 0 {
		return nil
	}
	return editJSON(t, file, set)
}

// set is write for what was said, also when it is to be empty.
func (h *asking) set(t issue.Trust, file string, given func(string) bool) error {
	set := map[string]any{}
	for flag, v := range map[string]string{"contact": h.contact, "codes": h.codes} {
		if given(flag) {
			set[flag] = v
		}
	}
	if len(set) == 0 {
		return errors.New("of a member, settings are --contact and --codes; name a group for others")
	}
	return editJSON(t, file, set)
}
