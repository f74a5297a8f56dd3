package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/issue"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/provision/seal"

	"github.com/spf13/cobra"
)

func bundleExample() *cobra.Command {
	return &cobra.Command{
		Use:   "example FOLDER",
		Short: "Make a whole example: a sealed coalition and its badges",
		Long: `Example writes a made-up coalition of five districts, a nonprofit and an employer
into a new FOLDER:

  root.json                 what a kiosk is given once
  badge-kiosk-bundle.zip    the sealed bundle
  trust/                    the same, unsealed
  badges/                   at least two badges of every verdict; cases.tsv says which

All keys are new, and gone when the command ends.`,
		Example: "  kiosk bundle example try\n  kiosk verify --trust try/badge-kiosk-bundle.zip --root try/root.json try/badges/*.j*",
		Args:    oneFile("the folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := sample.NewExample(now())
			if err != nil {
				return err
			}
			if err := exampleBundle(cmd.OutOrStdout(), args[0], e); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d badges; to judge one, run:\nkiosk verify --trust %s --root %s %s\n", args[0], len(e.Cases),
				filepath.Join(args[0], bundleName), filepath.Join(args[0], "root.json"), filepath.Join(args[0], "badges", e.Cases[0].File))
			return nil
		},
	}
}

// exampleBundle seals an example in a workshop that is gone afterwards, and
// writes it to folder.
func exampleBundle(out io.Writer, folder string, e *sample.Example) error {
	shop, err := os.MkdirTemp("", "kiosk-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(shop)
	w, err := exampleWorkshop(shop, e)
	if err != nil {
		return err
	}
	sealed := *e
	sealed.Trust = issue.Tree{}
	if err := readTree(sealed.Trust, w.trust()); err != nil {
		return err
	}
	if err := writeExample(folder, &sealed); err != nil {
		return err
	}
	for _, name := range []string{bundleName, "root.json"} {
		data, err := os.ReadFile(filepath.Join(shop, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "sealed %s\n", filepath.Join(folder, bundleName))
	return err
}

// exampleWorkshop is an example's coalition in a folder, with its keys, and
// sealed.
func exampleWorkshop(dir string, e *sample.Example) (w workshop, err error) {
	if err := w.at(dir); err != nil {
		return w, err
	}
	if err := w.init(io.Discard, "Five Rivers Badge Coalition"); err != nil {
		return w, err
	}
	for _, name := range slices.Sorted(maps.Keys(e.Trust)) {
		if err := issue.Dir(w.trust()).WriteFile(name, e.Trust[name]); err != nil {
			return w, err
		}
	}
	if err := w.joinAll(); err != nil {
		return w, err
	}
	return w, w.seal(io.Discard)
}

// joinAll makes every folder in trust/districts a member with a new key.
func (w *workshop) joinAll() error {
	c, err := seal.Load(w.dir, time.Now())
	if err != nil {
		return err
	}
	members, err := os.ReadDir(filepath.Join(w.trust(), "districts"))
	if err != nil {
		return err
	}
	for _, m := range members {
		k, err := w.make(m.Name(), m.Name())
		if err != nil {
			return err
		}
		if err := c.AddMember(m.Name(), []*seal.Key{k}); err != nil {
			return err
		}
	}
	return nil
}

// readTree reads a folder of files into memory.
func readTree(into issue.Tree, dir string) error {
	return filepath.WalkDir(dir, func(at string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		data, err := readFile(at, bundle.MaxFile)
		if err != nil {
			return err
		}
		return into.WriteFile(filepath.ToSlash(name), data)
	})
}
