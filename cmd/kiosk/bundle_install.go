package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision"
	"badgekiosk/verify/reason"
)

func bundleVerify() *cobra.Command {
	var root, system string
	cmd := &cobra.Command{
		Use:   "verify FILE --root ROOT [--system FILE]",
		Short: "Check every signature, version and file of a bundle",
		Long: `Verify exits with 0 if the bundle is whole, and 1 for any fault, also one member's part that would be left out.
With --system it checks a system too: whether those whom the bundle lets sign one have signed its image.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := openBundle(args[0], root)
			if reason.CodeOf(err, "") == "" && err != nil {
				return err // the file cannot be read at all
			}
			if err == nil {
				for _, l := range b.LeftOut {
					err = errors.Join(err, reason.Errorf(reason.BPart, "%s: %w", l.Member, l.Why))
				}
			}
			if err != nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %v\n", args[0], err)
				return exitSome
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: whole, number %d, good until %s\n", args[0], offerOf(b).Serial, b.Expires.Format(time.DateOnly))
			if system == "" {
				return nil
			}
			return verifySystem(cmd.OutOrStdout(), b, system)
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&system, "system", "", "a badge-kiosk-system.zip to check by this bundle")
	return cmd
}

func bundleInstall() *cobra.Command {
	var root, state string
	cmd := &cobra.Command{
		Use:   "install FILE… --root ROOT --state DIR",
		Short: "Install a bundle, or the pictures of an urgent update's codes, into a kiosk's state",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			anchor, err := os.ReadFile(root)
			if err != nil {
				return reason.Errorf(reason.BRoot, "no root to judge the bundle from: %w", err)
			}
			store, err := provision.OpenStore(state, anchor)
			if err != nil {
				return reason.Errorf(reason.HDisk, "%s: %w", state, err)
			}
			out := cmd.OutOrStdout()
			b, err := install(store, args)
			if errors.Is(err, provision.ErrInstalled) {
				fmt.Fprintf(out, "%s is installed already\n", args[0])
				return nil
			}
			if err != nil && reason.CodeOf(err, "") == "" {
				return err
			}
			if err != nil {
				fmt.Fprintf(out, "%s: %v; what was installed before stays\n", args[0], err)
				return exitSome
			}
			fmt.Fprintf(out, "%s is installed, number %d\n", args[0], offerOf(b).Serial)
			for _, l := range b.LeftOut {
				stays := "it has no earlier part, so its badges are unknown"
				if l.Kept {
					stays = "its last good part stays"
				}
				fmt.Fprintf(out, "%s the part of %s was left out, %s: %v\n", reason.BPart, l.Member, stays, l.Why)
			}
			return nil
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&state, "state", installState, "the kiosk's state folder")
	return cmd
}
