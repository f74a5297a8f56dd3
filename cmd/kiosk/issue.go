package main

import (
	"fmt"
	"os"
	"strings"

	"badgekiosk/provision/issue"

	"github.com/spf13/cobra"
)

func issueCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "issue",
		Short: "Make keys, badges and status lists for a pilot",
		Long: `Issue makes what you need to try a kiosk with badges of your own: a key, badges
signed with it, a list of withdrawn badges, and a trust folder that makes a
kiosk believe them. A badge says nothing of who holds it unless you ask.`,
		Example: `  kiosk issue key riverbend.jwk --id did:web:riverbend.example
  kiosk issue trust trust --key riverbend.jwk --name "Riverbend Academy" --member riverbend
  kiosk issue badge --key riverbend.jwk --name "Welding I" --compact --out badge.json
  kiosk verify --trust trust badge.json
  kiosk card badge.json --out card.png

For badges of every verdict, all made up: kiosk issue example FOLDER

To withdraw badges, make their list first:

  kiosk issue status status.jwt --key riverbend.jwk --url https://riverbend.example/status/1 --trust trust
  kiosk issue badge --key riverbend.jwk --name "Welding I" --status status.jwt --out badge.json
  kiosk issue status status.jwt --key riverbend.jwk --withdraw badge.json --trust trust`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(issueKeyCommand(), issueTrustCommand(), issueBadgeCommand(), issueStatusCommand(), issueExampleCommand())
	return cmd
}

func issueKeyCommand() *cobra.Command {
	var kind, id, document string
	cmd := &cobra.Command{
		Use:   "key FILE",
		Short: "Make an issuer's key",
		Long: `Key writes a new private key to FILE, which only you can read: as a JWK, or as
PKCS#8 if FILE ends in .pem. A file that is there already is never overwritten.
Who has this file issues badges in your name.

Without --id the key is its own identifier, a did:key. With a did:web, put what
--document writes on your web site, so that others find the key too.`,
		Example: "  kiosk issue key riverbend.jwk --id did:web:riverbend.example --document did.json",
		Args:    oneFile("the key's file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			algorithm, err := issue.ParseAlgorithm(kind)
			if err != nil {
				return err
			}
			key, err := issue.NewKey(algorithm)
			if err != nil {
				return err
			}
			key.Name(id)
			data := key.JWK()
			if isPEM(args[0]) {
				if id != "" {
					return fmt.Errorf("%s: a PEM file cannot hold --id; choose a name that ends in .jwk", args[0])
				}
				data = key.PEM()
			}
			if err := issue.WriteKey(args[0], data); err != nil {
				return err
			}
			issuer := issue.NewIssuer(key, "")
			fmt.Fprintf(cmd.OutOrStdout(), "issuer  %s\nkey     %s\n", issuer.ID, key.ID)
			if document == "" {
				return nil
			}
			doc, err := issuer.Document()
			if err != nil {
				return err
			}
			return os.WriteFile(document, doc, 0o644)
		},
	}
	cmd.Flags().StringVar(&kind, "type", "ed25519", "ed25519 or p256")
	cmd.Flags().StringVar(&id, "id", "", "the issuer's `DID` or URL, or the key's, with a fragment (default: the key's did:key)")
	cmd.Flags().StringVar(&document, "document", "", "also write the public `FILE` that a did:web publishes")
	return cmd
}

func isPEM(file string) bool { return strings.HasSuffix(file, ".pem") }

func issueTrustCommand() *cobra.Command {
	var keyFile, name, coalition string
	var m issue.Member
	cmd := &cobra.Command{
		Use:   "trust FOLDER",
		Short: "List an issuer in a trust folder",
		Long: `Trust makes kiosks that use FOLDER believe the issuer of a key: it lists the
issuer's name and public key in a member's part. Folder and member are made if
they are not there. The name is the one that the kiosk's screen shows.`,
		Example: `  kiosk issue trust trust --key riverbend.jwk --name "Riverbend Academy" --member riverbend \
      --member-name "Riverbend Unified" --kind district`,
		Args: oneFile("the trust folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := issue.ReadKey(keyFile)
			if err != nil {
				return err
			}
			t := issue.Trust{Folder: issue.Dir(args[0])}
			if err := join(t, m, name, coalition); err != nil {
				return err
			}
			issuer := issue.NewIssuer(key, name)
			if err := t.Accept(m.ID, issuer); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s now lists %s as %q\n", m.ID, issuer.ID, name)
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "the issuer's key `FILE`")
	cmd.Flags().StringVar(&name, "name", "", "the issuer's name on the screen")
	cmd.Flags().StringVar(&m.ID, "member", "", "the member's `ID`: small letters, digits, hyphens")
	cmd.Flags().StringVar(&m.Name, "member-name", "", "the member's name (default: the issuer's)")
	cmd.Flags().StringVar(&m.Kind, "kind", "district", "district, school, college, nonprofit, employer or community center")
	cmd.Flags().StringVar(&coalition, "coalition", "", "who puts the folder together (default: as it is, or the member's name)")
	mustHave(cmd, "key", "name", "member")
	return cmd
}

// join makes the folder and the member's part, if they are new, and dates
// the folder.
func join(t issue.Trust, m issue.Member, name, coalition string) error {
	if m.Name == "" {
		m.Name = name
	}
	isNew, err := t.IsNew()
	if err != nil {
		return err
	}
	if isNew && coalition == "" {
		coalition = m.Name
	}
	if !t.HasMember(m.ID) {
		if err := t.Join(m); err != nil {
			return err
		}
	}
	return t.Begin(coalition, now())
}

// mustHave refuses a command line that leaves out one of the flags.
func mustHave(cmd *cobra.Command, flags ...string) {
	inner := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		for _, f := range flags {
			if flag := cmd.Flags().Lookup(f); flag.Value.String() == "" {
				return fmt.Errorf("--%s is missing: %s; for an example, run: %s --help", f, strings.ReplaceAll(flag.Usage, "`", ""), cmd.CommandPath())
			}
		}
		return inner(cmd, args)
	}
}

// oneFile takes exactly one argument, and says what it is when it is missing.
func oneFile(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return fmt.Errorf("name %s, and nothing else: %s", what, cmd.UseLine())
	}
}

// output writes to a file, or to standard output if the name is empty or "-".
func output(cmd *cobra.Command, file string, data []byte) error {
	if file == "" || file == "-" {
		_, err := cmd.OutOrStdout().Write(data)
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
