package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
	"badgekiosk/verify/trust"
)

func bundleSeal() *cobra.Command {
	var w workshop
	cmd := &cobra.Command{
		Use:   "seal DIR",
		Short: "Sign what the keys here may sign, and write the bundle",
		Long: `Seal packs what changed in DIR/trust, signs each part with those keys in the
keys folder that may sign it, and writes DIR/badge-kiosk-bundle.zip. Where
signatures of other people are missing it says whose, and writes no bundle.

With --speech it has espeak-ng say the names of issuers and badges, so that
kiosks that speak say them too: a few kilobytes for each name.`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := w.at(args[0]); err != nil {
				return err
			}
			return w.seal(cmd.OutOrStdout())
		},
	}
	w.flags(cmd)
	cmd.Flags().BoolVar(&w.says, "speech", false, "make clips of the names, for kiosks that speak (needs espeak-ng)")
	return cmd
}

func (w *workshop) seal(out io.Writer) error {
	tree := os.DirFS(w.trust())
	set, err := w.ready(out)
	if err != nil {
		return err
	}
	if err := w.speak(out); err != nil {
		return err
	}
	c, err := seal.Load(w.dir, time.Now())
	if err != nil {
		return err
	}
	changes := []string{}
	for _, member := range c.Members() {
		changed, err := c.Pack(member, tree)
		if err != nil {
			return err
		}
		if changed {
			changes = append(changes, member)
		}
	}
	if err := w.tree().Begin("", time.Now()); err != nil {
		return err
	}
	if _, err := c.Pack(bundle.Consortium, tree); err != nil {
		return err
	}
	for _, role := range slices.Sorted(maps.Keys(c.Missing())) {
		if _, err := w.sign(c, role); err != nil {
			return err
		}
	}
	zipped, err := w.finish(c)
	if err != nil {
		return err
	}
	file := filepath.Join(w.dir, bundleName)
	if err := os.WriteFile(file, zipped, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d bytes, number %d, %s", file, len(zipped), set.Serial+1, counted(len(c.Members()), "member"))
	if len(changes) > 0 {
		fmt.Fprintf(out, ", new: %s", strings.Join(changes, ", "))
	}
	fmt.Fprintln(out)
	return nil
}

// ready makes the trust folder fit to be sealed: pictures scaled, nothing
// about a learner in clear, no faults, every identifier's owner written down.
// What is only unwise is said on out.
func (w *workshop) ready(out io.Writer) (*trust.Set, error) {
	tree := w.tree()
	made, err := seal.Pictures(tree)
	for _, name := range made {
		fmt.Fprintf(out, "%s: made for kiosks' panels\n", name)
	}
	if err != nil {
		return nil, err
	}
	lints, err := seal.Check(tree)
	if err != nil {
		return nil, err
	}
	set, err := trust.Open(tree)
	if err != nil {
		return nil, err
	}
	for _, l := range append(lints, seal.CheckNames(set)...) {
		if l.Refused {
			err = errors.Join(err, l)
		} else {
			fmt.Fprintf(out, "consider: %s\n", l.Error())
		}
	}
	if err := errors.Join(append(set.Faults, err)...); err != nil {
		return nil, fmt.Errorf("the trust folder has faults, and nothing was sealed: %w", err)
	}
	return set, seal.Own(tree, set)
}

// finish signs snapshot and timestamp with the keys here that may.
func (w *workshop) finish(c *seal.Coalition) ([]byte, error) {
	snapshot, err := w.signer(c, seal.Snapshot)
	if err != nil {
		return nil, err
	}
	timestamp, err := w.signer(c, seal.Timestamp)
	if err != nil {
		return nil, err
	}
	return c.Finish(snapshot, timestamp)
}
