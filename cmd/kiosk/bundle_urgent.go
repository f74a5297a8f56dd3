package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/display/qr"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/scanner"
	scanqr "badgekiosk/scanner/qr"
)

// codeScale is how many pixels a module of an urgent code has.
const codeScale = 6

func bundleUrgent() *cobra.Command {
	var root, out string
	cmd := &cobra.Command{
		Use:   "urgent OLD NEW --root ROOT --out FOLDER",
		Short: "Make a few QR codes that bring kiosks from one bundle to the next",
		Long: `Urgent writes FOLDER/urgent-1.png, urgent-2.png …: codes that hold only what
changed from bundle OLD, which the kiosks have, to NEW. Held to a kiosk's camera
one after the other, in any order, they update it without a stick: for a badge
withdrawn or a key stolen today. Print them or show them on a phone.`,
		Example: "  kiosk bundle urgent monday.zip coalition/badge-kiosk-bundle.zip --root coalition/root.json --out codes",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var zips [2][]byte
			for i, file := range args {
				if _, err := openBundle(file, root); err != nil {
					return fmt.Errorf("%s: %w", file, err)
				}
				var err error
				if zips[i], err = readFile(file, maxBundle); err != nil {
					return err
				}
			}
			update, err := provision.Urgent(zips[0], zips[1])
			if err != nil {
				return err
			}
			n, err := writeCodes(out, update)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s for %d bytes; hold them to the kiosk one after the other\n", out, counted(n, "code"), len(update))
			return nil
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&out, "out", "codes", "the folder for the codes")
	return cmd
}

// writeCodes writes an update's codes as pictures and returns how many.
func writeCodes(folder string, update []byte) (int, error) {
	texts, err := provision.Codes(update)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	for i, text := range texts {
		code, err := qr.New([]byte(text), qr.Low)
		if err != nil {
			return 0, err
		}
		img, err := code.Image(codeScale, qr.Quiet)
		if err != nil {
			return 0, err
		}
		f, err := os.Create(filepath.Join(folder, fmt.Sprintf("urgent-%d.png", i+1)))
		if err != nil {
			return 0, err
		}
		if err := errors.Join(encodePNG(f, img, 150), f.Close()); err != nil {
			return 0, err
		}
	}
	return len(texts), nil
}

// scanUrgent reads the codes in pictures, as a kiosk's camera would, and
// returns the update that they hold.
func scanUrgent(pictures [][]byte) ([]byte, error) {
	var joiner scanner.Joiner
	var reader scanqr.Reader
	at := time.Unix(0, 0)
	for _, data := range pictures {
		gray, err := scanner.DecodePicture(data)
		if err != nil {
			return nil, err
		}
		for _, y := range reader.Read(&scanner.Frame{Gray: *gray}) {
			if p, ok := joiner.Add(&y, at); ok && provision.IsUrgent(p.Data) {
				return p.Data, nil
			}
		}
		at = at.Add(time.Second)
	}
	p := joiner.Progress()
	return nil, fmt.Errorf("the pictures hold %d of the %d codes of an update", p.Have, p.Total)
}

// install installs what files hold: one bundle, or the pictures of an urgent
// update's codes.
func install(store *provision.Store, files []string) (*bundle.Bundle, error) {
	var all [][]byte
	for _, name := range files {
		data, err := readFile(name, maxBundle)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	switch {
	case provision.IsUrgent(all[0]):
		return store.InstallUrgent(all[0])
	case scanner.IsPicture(all[0]):
		update, err := scanUrgent(all)
		if err != nil {
			return nil, err
		}
		return store.InstallUrgent(update)
	case len(all) > 1:
		return nil, errors.New("name one bundle, or the pictures of one urgent update")
	}
	return store.Install(all[0])
}
