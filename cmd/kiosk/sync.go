package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"badgekiosk/cmd/kiosk/cable"
	"badgekiosk/provision"

	"github.com/spf13/cobra"
)

// syncCommand is what a person, or cron, fetches a bundle with.
func syncCommand() *cobra.Command {
	var root, state, to, proxy, ca string
	var unset bool
	cmd := &cobra.Command{
		Use:   "sync [--state DIR] [--root FILE] [--to FILE] URL",
		Short: "Fetch what changed of the bundle from a web host, and install it",
		Long: `Sync fetches what changed since the bundle in the state folder from any web host
that serves its unpacked folder, and installs it as a stick would. The host, the
network and its clock are believed in nothing: the bundle's signatures decide.
With --to it only fetches, and writes the whole new bundle to a file, or to
standard output for "-".`,
		Example: "  kiosk sync --state /var/lib/badge-kiosk https://badges.riverbend.example/bundle/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			anchor, err := provision.ReadRoot(root, state)
			if err != nil {
				return fmt.Errorf("no root to judge the bundle from: %w", err)
			}
			store, err := provision.OpenStore(state, anchor)
			if err != nil {
				return fmt.Errorf("%s: %w", state, err)
			}
			w := store.Wish(args[0])
			w.Proxy = proxy
			if !unset {
				w.At = time.Now()
			}
			f, err := fetchWith(cmd.Context(), w, ca)
			if err == nil && to != "" {
				return writeTo(cmd.OutOrStdout(), to, f.Zipped)
			}
			out := cmd.OutOrStdout()
			if err == nil {
				b, err := store.Take(f)
				if err != nil {
					fmt.Fprintf(out, "%s: %v\n", args[0], err)
					return exitSome
				}
				fmt.Fprintf(out, "%s: number %d is installed\n", args[0], offerOf(b).Serial)
				return nil
			}
			if errors.Is(err, provision.ErrInstalled) {
				fmt.Fprintf(out, "%s: nothing new\n", args[0])
				return nil
			}
			fmt.Fprintf(out, "%s: %v; what was installed before stays\n", args[0], err)
			return exitSome
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&state, "state", installState, "the kiosk's state folder")
	cmd.Flags().StringVar(&to, "to", "", "write the bundle here and install nothing; - is standard output")
	cmd.Flags().StringVar(&proxy, "proxy", "", "URL of a proxy; without it, HTTPS_PROXY of the environment")
	cmd.Flags().StringVar(&ca, "ca", "", "certificates (PEM) that may vouch for the host; without it, the system's")
	cmd.Flags().BoolVar(&unset, "clock-unset", false, "do not look at the dates of the host's certificate")
	return cmd
}

func fetchWith(ctx context.Context, w provision.Wish, ca string) (provision.Fetched, error) {
	var roots *x509.CertPool
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return provision.Fetched{}, err
		}
		if roots = x509.NewCertPool(); !roots.AppendCertsFromPEM(pem) {
			return provision.Fetched{}, fmt.Errorf("--ca %s holds no certificate", ca)
		}
	}
	client, err := w.Client(roots, nil)
	if err != nil {
		return provision.Fetched{}, err
	}
	return w.Fetch(ctx, client)
}

func writeTo(out io.Writer, name string, data []byte) error {
	if name == "-" {
		_, err := out.Write(data)
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// syncFetchCommand is the process with the network: it holds no file of the
// kiosk's, reads one wish and answers it.
func syncFetchCommand() *cobra.Command {
	var wired bool
	cmd := &cobra.Command{
		Use:    "sync-fetch",
		Short:  "Answer one wish for a bundle, from standard input (kiosk run calls this)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !wired {
				return provision.Serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
			}
			ctx, stop := context.WithCancel(cmd.Context())
			defer stop()
			network := provision.Connect(func(ctx context.Context) (provision.Dial, error) { return cable.Connect(ctx, stop) })
			return network.Serve(ctx, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&wired, "cable", false, "get onto the wired network first, which nobody else has set up")
	return cmd
}

// syncSocket is the variable by which whoever starts a kiosk without a network
// names the socket to take wishes to.
const syncSocket = "SYNC_SOCKET"

// fetchApart fetches in a process of its own, so that the loop opens no
// socket of the internet's. On a card, whoever started the kiosk starts it.
func fetchApart() (func(context.Context, provision.Wish) (provision.Fetched, error), error) {
	if at := os.Getenv(syncSocket); at != "" {
		return provision.FetchAt(at), nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return provision.FetchBy(self, "sync-fetch"), nil
}
