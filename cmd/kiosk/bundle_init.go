package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
)

// rootKeys and rootNeed are how many people hold root and targets keys, and
// how many of them must sign.
const rootKeys, rootNeed = 3, 2

func bundleInit() *cobra.Command {
	var w workshop
	var name string
	cmd := &cobra.Command{
		Use:   "init DIR --name NAME",
		Short: "Begin a coalition: make its keys and an empty trust folder",
		Long: `Init makes the folder DIR: keys for every role (three root and three targets
keys, of which two must sign; one each for the consortium's own part, snapshot
and timestamp), root.json for the kiosks, and trust/, the folder you edit.

With --passphrase-file the keys are encrypted. Without it they are in clear.`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				return errors.New(`the coalition needs a name: --name "Five Rivers"`)
			}
			if err := w.at(args[0]); err != nil {
				return err
			}
			return w.init(cmd.OutOrStdout(), name)
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&name, "name", "", "the coalition's name, as kiosks show it")
	return cmd
}

func (w *workshop) init(out io.Writer, name string) error {
	if err := os.MkdirAll(w.keys, 0o700); err != nil {
		return err
	}
	public := map[string][]*seal.Key{}
	for role, n := range map[string]int{seal.Root: rootKeys, seal.Targets: rootKeys, seal.Snapshot: 1, seal.Timestamp: 1, bundle.Consortium: 1} {
		for i := range n {
			file := role
			if n > 1 {
				file = fmt.Sprintf("%s-%d", role, i+1)
			}
			k, err := w.make(file, role)
			if err != nil {
				return err
			}
			public[role] = append(public[role], k)
		}
	}
	c, err := seal.New(w.dir, time.Now(), public, seal.Thresholds{Root: rootNeed, Targets: rootNeed})
	if err != nil {
		return err
	}
	if _, err := w.sign(c, seal.Root); err != nil {
		return err
	}
	root, err := c.Root()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "root.json"), root, 0o644); err != nil {
		return err
	}
	if err := w.tree().Begin(name, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is ready.\n  %s    goes on every kiosk, once\n  %s         is what you edit; add members with kiosk bundle add district\n  %s          keep these apart and off the network\n",
		w.dir, filepath.Join(w.dir, "root.json"), w.trust(), w.keys)
	return nil
}
