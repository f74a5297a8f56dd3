package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/issue"
	"badgekiosk/provision/seal"
)

func bundleAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add a member, an issuer, a list, a withdrawal… to the coalition",
		Args:  unknownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(addDistrict(), addIssuer(), addDocument(), addManifest(), addShare(), addWithdrawal(), addConsent(), addContext(), addSystem())
	return cmd
}

// kinds are what a member can be.
var kinds = []string{"district", "school", "college", "nonprofit", "employer", "community center"}

func addDistrict() *cobra.Command {
	var w workshop
	var h asking
	m := issue.Member{Kind: "district"}
	cmd := &cobra.Command{
		Use:     "district DIR ID --name NAME",
		Short:   "Let a member sign a part of its own",
		Example: `  kiosk bundle add district coalition marlow --name "Marlow County Schools" --contact "registrar, 555 0100" --codes https://marlow.example/codes`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := w.at(args[0]); err != nil {
				return err
			}
			if m.Name == "" {
				return errors.New("the member needs the name that kiosks show: --name")
			}
			if !slices.Contains(kinds, m.Kind) {
				return fmt.Errorf("--kind %q is not one of %s", m.Kind, strings.Join(kinds, ", "))
			}
			m.ID = args[1]
			c, err := seal.Load(w.dir, time.Now())
			if err != nil {
				return err
			}
			k, err := w.make(m.ID, m.ID)
			if err != nil {
				return err
			}
			if err := errors.Join(c.AddMember(m.ID, []*seal.Key{k}), w.tree().Join(m)); err != nil {
				return err
			}
			if err := h.write(w.tree(), memberFile(m.ID), nil); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s signs for %s with %s\n", m.Name, filepath.Join(w.trust(), "districts", m.ID), w.key(m.ID))
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&m.Name, "name", "", "the member's name, as kiosks show it")
	cmd.Flags().StringVar(&m.Kind, "kind", m.Kind, strings.Join(kinds, ", "))
	h.flags(cmd)
	cmd.Flags().BoolVar(&m.Minors, "minors", true, "its learners are minors unless a badge says otherwise")
	return cmd
}

// within runs do on the coalition DIR and its member MEMBER, the first two
// arguments.
func (w *workshop) within(args []string, do func(t issue.Trust, member string) error) error {
	if err := w.at(args[0]); err != nil {
		return err
	}
	if !w.tree().HasMember(args[1]) {
		return fmt.Errorf("%s is not a member; add it with kiosk bundle add district %s %s", args[1], args[0], args[1])
	}
	return do(w.tree(), args[1])
}

func addIssuer() *cobra.Command {
	var w workshop
	var id, name, guest string
	var h asking
	cmd := &cobra.Command{
		Use:   "issuer DIR MEMBER FILE --name NAME",
		Short: "List an issuer in a member's part",
		Long: `Issuer lists an issuer by a file that holds its public key: a DID document
(did.json), an Open Badges profile, a public JWK or PEM, or a key file of kiosk
issue. A bare key needs --id, the issuer's identifier as its badges write it.

With --guest KIND it is an organization of its own, an employer or a college say,
that has no part in the coalition: screens say "listed by" the member. A guest
never speaks for what another member lists as its own.`,
		Example: `  kiosk bundle add issuer coalition marlow did.json --name "Marlow Technical College"`,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[2])
			if err != nil {
				return err
			}
			more := map[string]any{}
			if guest != "" {
				if !slices.Contains(kinds, guest) {
					return fmt.Errorf("--guest %q is not one of %s", guest, strings.Join(kinds, ", "))
				}
				more["guest"] = guest
			}
			return w.within(args, func(t issue.Trust, member string) error {
				file, err := t.AcceptIssuer(member, id, name, data)
				if err != nil {
					return err
				}
				return h.write(t, file, more)
			})
		},
	}
	w.flags(cmd)
	h.flags(cmd)
	cmd.Flags().StringVar(&guest, "guest", "", "what it is, when it is no part of the member: "+strings.Join(kinds, ", "))
	cmd.Flags().StringVar(&id, "id", "", "the issuer's identifier (a DID or URL), when the file does not say")
	cmd.Flags().StringVar(&name, "name", "", "the issuer's name, as kiosks show it")
	return cmd
}

// fetchedFlag adds --fetched, which says when a file was fetched.
func fetchedFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "fetched", "", "when FILE was fetched (RFC 3339); without it, the file's own date")
}

// fetchedFile reads a file and when it was fetched.
func fetchedFile(name, fetched string) (data []byte, when time.Time, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, when, err
	}
	when = info.ModTime()
	if fetched != "" {
		if when, err = parseInstant(fetched); err != nil {
			return nil, when, fmt.Errorf("--fetched: %w", err)
		}
	}
	data, err = os.ReadFile(name)
	return data, when, err
}

func addDocument() *cobra.Command {
	var w workshop
	var fetched string
	cmd := &cobra.Command{
		Use:     "document DIR MEMBER URL FILE",
		Aliases: []string{"status", "documents"},
		Short:   "Keep a fetched document (a status list, a revocation list) by its URL",
		Long: `Document keeps FILE as what was found at URL, so that kiosks without a network
find it when a badge names that URL: status lists above all. Its age counts
from --fetched. What is about one learner goes in with add share instead.`,
		Args: cobra.ExactArgs(4),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, when, err := fetchedFile(args[3], fetched)
			if err != nil {
				return err
			}
			return w.within(args, func(t issue.Trust, member string) error {
				return t.AddDocument(member, args[2], filepath.Base(args[3]), data, when)
			})
		},
	}
	w.flags(cmd)
	fetchedFlag(cmd, &fetched)
	return cmd
}

func addShare() *cobra.Command {
	var w workshop
	var fetched string
	cmd := &cobra.Command{
		Use:   "share DIR MEMBER URL FILE",
		Short: "Keep a signed badge behind its share link, readable by the link alone",
		Long: `Share keeps the signed badge FILE so that a code which holds only the link URL
is judged from this copy. The copy is encrypted under the link: who has the
bundle and not the link learns nothing of it.`,
		Args: cobra.ExactArgs(4),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, when, err := fetchedFile(args[3], fetched)
			if err != nil {
				return err
			}
			return w.within(args, func(t issue.Trust, member string) error {
				return t.AddShare(member, args[2], data, when)
			})
		},
	}
	w.flags(cmd)
	fetchedFlag(cmd, &fetched)
	return cmd
}

func addWithdrawal() *cobra.Command {
	var w workshop
	cmd := &cobra.Command{
		Use:   "withdrawal DIR MEMBER ISSUER ID|HASH",
		Short: "Withdraw a badge that has no status list",
		Long: `Withdrawal withdraws the badge with this id, of an issuer that the member lists.
The bundle holds only the id's hash (sha256:…), which may be given as well.`,
		Args: cobra.ExactArgs(4),
		RunE: func(cmd *cobra.Command, args []string) error {
			return w.within(args, func(t issue.Trust, member string) error {
				return t.Withdraw(member, args[2], args[3], time.Now())
			})
		},
	}
	w.flags(cmd)
	return cmd
}

func addContext() *cobra.Command {
	var w workshop
	cmd := &cobra.Command{
		Use:   "context DIR URL FILE",
		Short: "Let badges use a JSON-LD context of the coalition's own",
		Long: `Context keeps FILE, a JSON-LD context, as what stands at URL. It is the
consortium's to sign, never a member's, and may add words but change none that
badges use already.`,
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := w.at(args[0]); err != nil {
				return err
			}
			data, err := readFile(args[2], maxBundle)
			if err != nil {
				return err
			}
			return seal.AddContext(w.tree(), args[1], filepath.Base(args[2]), data)
		},
	}
	w.flags(cmd)
	return cmd
}
