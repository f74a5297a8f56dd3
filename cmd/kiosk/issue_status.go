package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"badgekiosk/provision/issue"

	"github.com/spf13/cobra"
)

// statusFlags say what to do with one list.
type statusFlags struct {
	key, url, purpose, format, trust string
	withdraw, restore                []string
}

func issueStatusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		Use:   "status LIST",
		Short: "Withdraw badges, or restore them",
		Long: `Status keeps the list of withdrawn badges in the file LIST. The first time it
needs --url, where the list is published. With --trust it also puts the list
into a trust folder, as fetched now; kiosks learn of it with their next bundle.

A badge is named by its file, or by its place in the list. Only badges issued
with kiosk issue badge --status LIST have one.`,
		Example: `  kiosk issue status status.jwt --key riverbend.jwk --url https://riverbend.example/status/1
  kiosk issue status status.jwt --key riverbend.jwk --withdraw badge.json --trust trust`,
		Args: oneFile("the list's file"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.key, "key", "", "the issuer's key `FILE`")
	flags.StringVar(&f.url, "url", "", "https `URL` of a new list")
	flags.StringVar(&f.purpose, "purpose", string(issue.Revocation), "of a new list: revocation (for good) or suspension")
	flags.StringVar(&f.format, "format", string(issue.VCJOSE), "how the list is signed")
	flags.StringArrayVar(&f.withdraw, "withdraw", nil, "`BADGE` file or place to withdraw; may be given again")
	flags.StringArrayVar(&f.restore, "restore", nil, "`BADGE` file or place to restore; may be given again")
	flags.StringVar(&f.trust, "trust", "", "trust `FOLDER` that gets the list too")
	mustHave(cmd, "key")
	return cmd
}

func (f *statusFlags) run(cmd *cobra.Command, file string) error {
	key, err := issue.ReadKey(f.key)
	if err != nil {
		return err
	}
	format, err := issue.ParseFormat(f.format)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	issuer := issue.NewIssuer(key, "")
	list, err := f.open(issuer, file)
	if err != nil {
		return err
	}
	if err := errors.Join(mark(list, f.withdraw, true), mark(list, f.restore, false)); err != nil {
		return err
	}
	signed, err := issuer.SignList(list, now(), issue.Options{Format: format, Created: now()})
	if err != nil {
		return err
	}
	name := filepath.Base(file)
	if err := issue.Dir(filepath.Dir(file)).WriteFile(name, append(signed, '\n')); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %d withdrawn, %d restored\n", list.URL, len(f.withdraw), len(f.restore))
	return f.publish(issuer, list.URL, name, signed)
}

// open reads the list, or begins it where there is none.
func (f *statusFlags) open(issuer issue.Issuer, file string) (*issue.List, error) {
	signed, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.url == "":
		return nil, fmt.Errorf("%s is not there; to begin a list, say with --url where it will be published", file)
	case errors.Is(err, fs.ErrNotExist):
		purpose, err := issue.ParsePurpose(f.purpose)
		return issue.NewList(f.url, purpose), err
	case err != nil:
		return nil, err
	}
	list, err := issuer.OpenList(bytes.TrimSpace(signed))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if f.url != "" && f.url != list.URL {
		return nil, fmt.Errorf("%s is the list of %s, not of --url %s", file, list.URL, f.url)
	}
	return list, nil
}

// mark sets or clears the places of badges.
func mark(list *issue.List, badges []string, on bool) error {
	for _, b := range badges {
		index, err := strconv.Atoi(b)
		if err != nil {
			data, err := os.ReadFile(b)
			if err != nil {
				return err
			}
			if index, err = issue.EntryOf(data, list.URL); err != nil {
				return fmt.Errorf("%s: %w", b, err)
			}
		}
		if err := list.Set(index, on); err != nil {
			return err
		}
	}
	return nil
}

// publish puts the list into the part of the member that lists the issuer.
func (f *statusFlags) publish(issuer issue.Issuer, url, name string, signed []byte) error {
	if f.trust == "" {
		return nil
	}
	t := issue.Trust{Folder: issue.Dir(f.trust)}
	member, err := t.MemberOf(issuer.ID)
	if err != nil {
		return fmt.Errorf("%s: %w; run: kiosk issue trust %s --key %s …", f.trust, err, f.trust, f.key)
	}
	if err := t.AddDocument(member, url, name, signed, now()); err != nil {
		return err
	}
	return t.Begin("", now())
}
