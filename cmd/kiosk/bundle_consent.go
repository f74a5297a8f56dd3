package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/issue"
	"badgekiosk/verify"
)

// consentFlags are what bundle add consent takes.
type consentFlags struct {
	key, signed, until string
	audience, show     []string
}

func addConsent() *cobra.Command {
	var w workshop
	var f consentFlags
	cmd := &cobra.Command{
		Use:   "consent DIR MEMBER BADGE --key KEY --audience A --show FIELDS --until DATE",
		Short: "Let others than the office see more of one badge, as a guardian agreed to",
		Long: `Consent keeps a guardian's consent for BADGE, a badge as its learner has it. It
is signed with KEY, of the badge's issuer or of an issuer of the same member, or
comes signed already (--signed FILE). In the bundle it is encrypted under the
badge's own signature: who has the bundle and not the badge learns nothing.

It shows no more than the coalition's policy allows to an audience, and ends
with DATE; until then kiosk bundle add withdrawal takes it back by its id, which
is printed.`,
		Example: `  kiosk bundle add consent coalition elm badge.jwt --key elm.jwk --audience employer --show name,evidence --until 2027-06-30`,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			badge, err := readFile(args[2], maxBundle)
			if err != nil {
				return err
			}
			signature, err := verify.Signature(badge)
			if err != nil {
				return fmt.Errorf("%s: %w", args[2], err)
			}
			id, consent, err := f.consent(signature)
			if err != nil {
				return err
			}
			if err := w.within(args, func(t issue.Trust, member string) error { return t.AddConsent(member, signature, consent) }); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "consent %s is kept; to take it back: kiosk bundle add withdrawal %s %s ISSUER %s\n", id, args[0], args[1], id)
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&f.key, "key", "", "the key `FILE` that signs the consent")
	cmd.Flags().StringVar(&f.signed, "signed", "", "a consent that is signed already, in place of the other flags")
	cmd.Flags().StringVar(&f.until, "until", "", "the last day that it holds, as 2027-06-30")
	cmd.Flags().StringSliceVar(&f.audience, "audience", nil, "who may see it: employer, partner")
	cmd.Flags().StringSliceVar(&f.show, "show", nil, "what they may see: "+strings.Join(verify.ConsentFields(), ", "))
	return cmd
}

// consent is the signed consent for the badge with this signature, and its
// id.
func (f *consentFlags) consent(signature []byte) (id string, consent []byte, err error) {
	if f.signed != "" {
		if consent, err = readFile(f.signed, maxConfigured); err != nil {
			return "", nil, err
		}
		v, encoded, err := issue.Read(consent)
		return v.Get("id").Str(), encoded, err
	}
	for _, a := range f.audience {
		if got, ok := verify.ParseAudience(a); !ok || got == verify.Public || got == verify.Office {
			return "", nil, fmt.Errorf("--audience %q: consent is for employer or partner; the office sees all and the public nothing of a holder", a)
		}
	}
	for _, s := range f.show {
		if !slices.Contains(verify.ConsentFields(), s) {
			return "", nil, fmt.Errorf("--show %q is not one of %s", s, strings.Join(verify.ConsentFields(), ", "))
		}
	}
	if f.key == "" {
		return "", nil, errors.New("name who signs the consent: --key FILE, or --signed FILE for one that is signed already")
	}
	until, err := time.Parse(time.DateOnly, f.until)
	if err != nil {
		return "", nil, fmt.Errorf("--until %q is no day as 2027-06-30", f.until)
	}
	key, err := issue.ReadKey(f.key)
	if err != nil {
		return "", nil, err
	}
	c := issue.Consent{ID: issue.NewID(), Badge: signature, Audience: f.audience, Show: f.show, From: now(), Until: until.Add(24*time.Hour - time.Second)}
	consent, err = issue.NewIssuer(key, "").SignConsent(c)
	return c.ID, consent, err
}
