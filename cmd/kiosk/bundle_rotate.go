package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"badgekiosk/provision/seal"
)

func bundleRotate() *cobra.Command {
	var w workshop
	var drop, public string
	cmd := &cobra.Command{
		Use:   "rotate DIR ROLE --drop KEY",
		Short: "Put a new key in the place of one that was lost or stolen",
		Long: `Rotate replaces one key of a role: root, targets, snapshot, timestamp, consortium
or a member. KEY is the file of the old key, or the beginning of its id; without
--drop the ids are printed. The new key is made here, or is that of --public
where its holder keeps it elsewhere.

Root and the roles it names need the signatures of those who signed the root
before: sign with kiosk bundle sign DIR root. Kiosks follow by themselves from
the root they have; they need no new one.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			role := args[1]
			if drop == "" {
				for _, id := range c.Keys(role) {
					fmt.Fprintln(cmd.OutOrStdout(), id)
				}
				return nil
			}
			if old, err := seal.PublicKey(drop); err == nil {
				if drop, err = old.ID(); err != nil {
					return err
				}
			}
			file, err := w.rotate(c, role, drop, public)
			if err != nil {
				return err
			}
			if _, err := w.sign(c, role); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s has a new key, %s\n", role, file)
			for role, n := range c.Missing() {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %s must sign\n", role, counted(n, "more key"))
			}
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&drop, "drop", "", "the old key's file, or the beginning of its id")
	cmd.Flags().StringVar(&public, "public", "", "the new key's public half (PEM), where it is kept elsewhere")
	return cmd
}

// rotate replaces a key and returns the new one's file.
func (w *workshop) rotate(c *seal.Coalition, role, drop, public string) (file string, err error) {
	if public != "" {
		text, err := readFile(public, maxConfigured)
		if err != nil {
			return "", err
		}
		fresh, err := seal.PublicPEM(text)
		if err != nil {
			return "", fmt.Errorf("%s: %w", public, err)
		}
		return public, c.Rotate(role, drop, fresh)
	}
	name := ""
	for n := 1; ; n++ {
		name = fmt.Sprintf("%s-new-%d", role, n)
		if _, err := os.Stat(w.key(name)); err != nil {
			break
		}
	}
	fresh, err := w.make(name, role)
	if err != nil {
		return "", err
	}
	return w.key(name), c.Rotate(role, drop, fresh)
}

// maxConfigured is the largest small file that a command is given, in bytes.
const maxConfigured = 64 << 10

func bundleRemove() *cobra.Command {
	var w workshop
	cmd := &cobra.Command{
		Use:   "remove DIR MEMBER",
		Short: "Take a member out: it left, or its key was stolen",
		Long: `Remove takes away what lets a member sign. Once sealed and installed, kiosks no
longer list its issuers; badges of others are judged as before. Its folder in
trust/districts stays here, renamed, for the day it comes back.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			if err := c.RemoveMember(args[1]); err != nil {
				return err
			}
			folder := w.trust() + "/districts/" + args[1]
			if err := os.Rename(folder, w.dir+"/left-"+args[1]); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is out once the bundle is sealed\n", args[1])
			return nil
		},
	}
	w.flags(cmd)
	return cmd
}
