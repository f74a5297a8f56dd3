package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"badgekiosk/provision/seal"
)

func bundleSign() *cobra.Command {
	var w workshop
	var key, command string
	cmd := &cobra.Command{
		Use:   "sign DIR ROLE --key FILE | --signer COMMAND",
		Short: "Add one person's signature to a role",
		Long: `Sign adds one signature to root, targets, or a member, for a ceremony over
several people's machines: send the folder DIR (without its keys) from one to
the next. What is still missing is printed.

With --signer the key may be in a token or a vault: COMMAND public writes the
Ed25519 public key as PEM, COMMAND sign reads the message from standard input
and writes the signature in base64.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			var signer seal.Signer = seal.External{Command: command}
			if command == "" {
				if signer, err = seal.ReadKey(key, w.pass); err != nil {
					return err
				}
			}
			if err := c.Sign(args[1], signer); err != nil {
				return err
			}
			if n := c.Lacks(args[1]); n > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "%s signed; %d more must sign\n", args[1], n)
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%s is signed\n", args[1])
			}
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&key, "key", "", "the key file to sign with")
	cmd.Flags().StringVar(&command, "signer", "", "a command that signs in its stead")
	return cmd
}
