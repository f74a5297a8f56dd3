package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/issue"
	"badgekiosk/provision/seal"
)

// A workshop is the folder that a bundle is made in.
type workshop struct {
	dir  string
	keys string // folder of key files
	pass string // passphrase of the keys, empty for keys in clear
	says bool   // sealing makes clips of the names that kiosks say
}

func (w *workshop) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.keys, "keys", "", "folder of the key files (default DIR/keys)")
	cmd.Flags().StringVar(&w.pass, "passphrase-file", "", "file whose first line is the passphrase of the keys")
}

// at sets the folder, and reads the passphrase.
func (w *workshop) at(dir string) error {
	w.dir = dir
	if w.keys == "" {
		w.keys = filepath.Join(dir, "keys")
	}
	if w.pass == "" {
		return nil
	}
	data, err := os.ReadFile(w.pass)
	if err != nil {
		return err
	}
	w.pass, _, _ = strings.Cut(strings.TrimRight(string(data), "\r\n"), "\n")
	if w.pass == "" {
		return errors.New("the passphrase file begins with an empty line")
	}
	return nil
}

// coalition sets the folder and reads the coalition in it.
func (w *workshop) coalition(dir string) (*seal.Coalition, error) {
	if err := w.at(dir); err != nil {
		return nil, err
	}
	return seal.Load(w.dir, time.Now())
}

// keyEnding ends the name of a key file.
const keyEnding = ".key.json"

func (w *workshop) key(name string) string { return filepath.Join(w.keys, name+keyEnding) }

func (w *workshop) tree() issue.Trust { return issue.Trust{Folder: issue.Dir(w.trust())} }

func (w *workshop) trust() string { return filepath.Join(w.dir, "trust") }

// make writes a new key file for role and returns its public half.
func (w *workshop) make(name, role string) (*seal.Key, error) {
	return seal.MakeKey(w.key(name), role, w.pass)
}

// sign adds to role the signatures of those keys here that may sign it.
func (w *workshop) sign(c *seal.Coalition, role string) (signed int, err error) {
	names, err := w.may(c, role)
	for _, name := range names {
		signer, err := seal.ReadKey(name, w.pass)
		if err != nil {
			return signed, err
		}
		if err := c.Sign(role, signer); err != nil {
			return signed, err
		}
		signed++
	}
	return signed, err
}

// signer is the first key here that may sign role.
func (w *workshop) signer(c *seal.Coalition, role string) (seal.Signer, error) {
	names, err := w.may(c, role)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no key in %s may sign %s", w.keys, role)
	}
	return seal.ReadKey(names[0], w.pass)
}

// may are the files of those keys here that may sign role.
func (w *workshop) may(c *seal.Coalition, role string) (names []string, err error) {
	all, err := fs.Glob(os.DirFS(w.keys), "*"+keyEnding)
	for _, name := range all {
		name = filepath.Join(w.keys, name)
		if key, err := seal.PublicKey(name); err == nil && c.May(role, key) {
			names = append(names, name)
		}
	}
	return names, err
}
