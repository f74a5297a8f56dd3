package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

const (
	systemZip  = "badge-kiosk-system.zip" // the name that a kiosk looks for on a stick
	systemKeys = 3                        // people who may sign a system,
	systemNeed = 2                        // of whom so many must
)

func addSystem() *cobra.Command {
	var w workshop
	var public []string
	var need int
	cmd := &cobra.Command{
		Use:   "system DIR [--public FILE…] [--need N]",
		Short: "Let people sign the system that kiosks run",
		Long: `System makes the role that signs the systems of kiosks whose cards are this
project's image: three keys, of which two must sign, or those whose public
halves (PEM) are given with --public. The role signs nothing else, and no
member's key signs a system. Seal the bundle afterwards: kiosks take systems
from the day that they have it.`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			if len(c.Keys(seal.System)) > 0 {
				return fmt.Errorf("%s has people who sign systems already; kiosk bundle rotate changes their keys", w.dir)
			}
			var keys []*seal.Key
			for _, name := range public {
				text, err := readFile(name, maxConfigured)
				if err != nil {
					return err
				}
				k, err := seal.PublicPEM(text)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				keys = append(keys, k)
			}
			for i := range systemKeys {
				if len(public) > 0 {
					break
				}
				k, err := w.make(fmt.Sprintf("%s-%d", seal.System, i+1), seal.System)
				if err != nil {
					return err
				}
				keys = append(keys, k)
			}
			if err := c.AddSystem(keys, min(need, len(keys))); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d of %s must sign a system; keep the keys apart and off the network\n", min(need, len(keys)), counted(len(keys), "key"))
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringSliceVar(&public, "public", nil, "public halves (PEM) of keys that are kept elsewhere")
	cmd.Flags().IntVar(&need, "need", systemNeed, "how many must sign")
	return cmd
}

func bundleSystem() *cobra.Command {
	var w workshop
	var to string
	cmd := &cobra.Command{
		Use:   "system DIR IMAGE [--to FILE]",
		Short: "Sign a system for kiosks, and write the file for the stick",
		Long: `System takes the image of a slot that make image wrote, badge-kiosk-slot.img.gz,
signs what is in it with those keys in the keys folder that may, and writes
DIR/badge-kiosk-system.zip once enough have signed. A kiosk takes it from a
stick, tries it, and keeps it only if it does well.

Where others must sign too it says how many, and writes nothing: they sign with
kiosk bundle sign DIR system, each after making sure of what they sign, and
then this command is run again.`,
		Example: "  kiosk bundle add system coalition\n  kiosk bundle seal coalition\n  kiosk bundle system coalition build/image/badge-kiosk-slot.img.gz",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			if to == "" {
				to = filepath.Join(w.dir, systemZip)
			}
			return w.system(cmd.OutOrStdout(), c, args[1], to)
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&to, "to", "", "the file to write (default DIR/"+systemZip+")")
	return cmd
}

// system signs the image in the file name, and writes it to the file to when
// enough have signed.
func (w *workshop) system(out io.Writer, c *seal.Coalition, name, to string) error {
	image, done, err := openSlot(name)
	if err != nil {
		return err
	}
	defer done()
	s, err := readSlot(image)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := c.PackSystem(s); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n  for     %s\n  sha256  %x\n", s, strings.Join(s.Boards, ", "), s.Sum)
	if c.Lacks(seal.System) > 0 {
		if _, err := w.sign(c, seal.System); err != nil {
			return err
		}
	}
	if n := c.Lacks(seal.System); n > 0 {
		fmt.Fprintf(out, "%s must sign it: kiosk bundle sign %s %s\n", counted(n, "more key"), w.dir, seal.System)
		return exitSome
	}
	if _, err := image.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := writeWhole(to, func(f io.Writer) error { return c.WriteSystem(f, image) }); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: put it on a stick as it is\n", to)
	return nil
}

// writeWhole writes a file that appears when it is whole.
func writeWhole(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone, once it has its name
	b := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(write(b), b.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// openSlot opens the image of a slot; one that is packed is unpacked beside
// it first, into a file that goes with done.
func openSlot(name string) (image *os.File, done func(), err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil { // not packed
		_, err = f.Seek(0, io.SeekStart)
		return f, func() { _ = f.Close() }, err
	}
	defer f.Close() //nolint:errcheck // only read
	image, err = os.CreateTemp(filepath.Dir(name), ".unpacked-*")
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = errors.Join(image.Close(), os.Remove(image.Name())) }
	n, err := io.Copy(image, io.LimitReader(z, bundle.MaxSystem+1))
	if err == nil && n > bundle.MaxSystem {
		err = fmt.Errorf("%s unpacks to more than %d bytes", name, int64(bundle.MaxSystem))
	}
	if err != nil {
		done()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return image, done, nil
}

// aboutName is where a system says what it is, in its slot's root folder.
const aboutName = "kiosk-system.json"

// readSlot is the system whose slot's image this is, as it says itself.
func readSlot(image *os.File) (s bundle.System, err error) {
	volumes, err := stick.Volumes(image)
	if err != nil {
		return s, err
	}
	data, err := fs.ReadFile(volumes[0], aboutName)
	if err != nil {
		return s, fmt.Errorf("this is no image of a slot: %w", err)
	}
	var about struct {
		Number int64
		bundle.SystemTraits
	}
	if err := json.Unmarshal(data, &about); err != nil {
		return s, fmt.Errorf("%s: %w", aboutName, err)
	}
	if about.Number < 1 {
		return s, fmt.Errorf("it has number %d, and no kiosk could tell it from an older one: make image NUMBER=202611220340", about.Number)
	}
	s.Number, s.SystemTraits = about.Number, about.SystemTraits
	if _, err := image.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	sum := sha256.New()
	s.Length, err = io.Copy(sum, image)
	s.Sum = [sha256.Size]byte(sum.Sum(nil))
	return s, err
}

// verifySystem checks the system in the file name by what b says of systems,
// its image too.
func verifySystem(out io.Writer, b *bundle.Bundle, name string) error {
	dir := os.DirFS(filepath.Dir(name))
	meta, err := stick.SystemMeta(dir, filepath.Base(name))
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var s bundle.System
	if err == nil {
		s, err = b.System(meta)
	}
	sum := sha256.New()
	if err == nil {
		err = stick.CopySystem(sum, filepath.Base(name), dir)
	}
	if err == nil && [sha256.Size]byte(sum.Sum(nil)) != s.Sum {
		err = reason.Errorf(reason.BBroken, "the image is not the one that was signed")
	}
	if err != nil {
		fmt.Fprintf(out, "%s: %v\n", name, err)
		return exitSome
	}
	fmt.Fprintf(out, "%s: whole, %s, for %s\n", name, s, strings.Join(s.Boards, ", "))
	return nil
}
