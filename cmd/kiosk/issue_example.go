package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"badgekiosk/provision/issue"
	"badgekiosk/provision/issue/sample"

	"github.com/spf13/cobra"
)

func issueExampleCommand() *cobra.Command {
	var cards bool
	cmd := &cobra.Command{
		Use:   "example FOLDER",
		Short: "Make a whole example: a coalition and its badges",
		Long: `Example writes a made-up coalition of five districts, a nonprofit and an employer
into a new FOLDER: trust/, and badges/ with at least two badges of every verdict.
badges/cases.tsv says what a kiosk must conclude of each. All keys are new, and
gone when the command ends.`,
		Example: "  kiosk issue example try\n  kiosk verify --trust try/trust try/badges/*.j*",
		Args:    oneFile("the folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := sample.NewExample(now())
			if err != nil {
				return err
			}
			if err := writeExample(args[0], e); err != nil {
				return err
			}
			if cards {
				if err := writeCards(args[0], e); err != nil {
					return err
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d badges; to judge one, run:\nkiosk verify --trust %s %s\n", args[0], len(e.Cases),
				filepath.Join(args[0], "trust"), filepath.Join(args[0], "badges", e.Cases[0].File))
			return nil
		},
	}
	cmd.Flags().BoolVar(&cards, "cards", false, "also print every badge as a card, into cards/")
	return cmd
}

// writeExample writes trust/ and badges/ into a folder that has neither.
func writeExample(folder string, e *sample.Example) error {
	for _, name := range []string{"trust", "badges"} {
		at := filepath.Join(folder, name)
		if _, err := os.Lstat(at); !os.IsNotExist(err) {
			return fmt.Errorf("%s is there already; name a new folder", at)
		}
	}
	trust, badges := issue.Dir(filepath.Join(folder, "trust")), issue.Dir(filepath.Join(folder, "badges"))
	for _, name := range slices.Sorted(maps.Keys(e.Trust)) {
		if err := trust.WriteFile(name, e.Trust[name]); err != nil {
			return err
		}
	}
	var table bytes.Buffer
	fmt.Fprintf(&table, "# at\t%s\n", e.At.Format(time.RFC3339))
	for _, c := range e.Cases {
		fmt.Fprintf(&table, "%s\t%s\n", c.File, c.Want)
		if err := badges.WriteFile(c.File, append(c.Data, '\n')); err != nil {
			return err
		}
	}
	return badges.WriteFile("cases.tsv", table.Bytes())
}

// writeCards prints what can be printed: links and other codes cannot.
func writeCards(folder string, e *sample.Example) error {
	if err := os.MkdirAll(filepath.Join(folder, "cards"), 0o755); err != nil {
		return err
	}
	for _, c := range e.Cases {
		var paper card
		if err := paper.read(c.Data); err != nil {
			continue
		}
		if err := paper.fit("auto"); err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		name := strings.TrimSuffix(c.File, filepath.Ext(c.File)) + ".png"
		if err := paper.write(filepath.Join(folder, "cards", name)); err != nil {
			return err
		}
	}
	return nil
}
