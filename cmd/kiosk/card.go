package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"badgekiosk/display/qr"
	"badgekiosk/provision/issue"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/trust"

	"github.com/spf13/cobra"
)

func cardCommand() *cobra.Command {
	var c card
	var out, size string
	cmd := &cobra.Command{
		Use:   "card BADGE",
		Short: "Print a badge as a QR card",
		Long: `Card puts a badge, in whatever file or picture it is, into a QR code on a card to print:
PNG at 600 dots an inch, or SVG if --out ends in .svg. Print it at 100 %, without
"fit to page". The code holds the badge as it was signed, packed if that makes
the code smaller. The card does not show the learner's name; write it by hand.`,
		Example: "  kiosk card badge.json --out card.png\n  kiosk card badge.jwt --size a6 --issuer \"Riverbend Academy\" --out card.svg",
		Args:    oneFile("the badge's file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := readInput(args[0], cmd.InOrStdin())
			if err == nil {
				err = c.read(badgeIn(data))
			}
			if err == nil {
				err = c.fit(size)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := c.write(out); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), c.describe(out))
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "card.png", "`FILE` to write, .png or .svg")
	cmd.Flags().StringVar(&size, "size", "auto", "card (a bank card's, 85.6 x 54 mm), a6, or auto: the smaller one whose code is easy to read")
	cmd.Flags().StringVar(&c.issuer, "issuer", "", "issuer's `NAME` on the card (default: what the badge says)")
	return cmd
}

// A card is one badge on paper.
type card struct {
	title, issuer, until string
	payload              []byte
	code                 *qr.Code
	level                string
	stock
}

// A stock is the paper of a card and its layout, in millimetres.
type stock struct {
	name          string
	width, height float64
	code, text    area
}

type area struct{ x, y, width, height float64 }

// The stocks, the smaller one first: a bank card as wallets hold it
// (ISO/IEC 7810 ID-1), and a postcard (ISO 216 A6).
var stocks = []stock{
	{"card", 85.6, 53.98, area{33.6, 1.99, 50, 50}, area{2, 4, 32, 46}},
	{"a6", 105, 148, area{4, 45, 97, 97}, area{8, 6, 89, 36}},
}

// Widths of a module, in millimetres. Below easy, a camera without a macro
// lens must come so close that it loses focus. Above sturdy there is room for
// more error correction, which a card that is carried about needs.
const (
	easyModule   = 0.40
	sturdyModule = 0.55
)

// read takes from the badge what the card says.
func (c *card) read(data []byte) error {
	credential, encoded, err := issue.Read(data)
	if err != nil {
		return err
	}
	if c.payload, err = issue.ForCode(encoded); err != nil {
		return err
	}
	c.title = first(credential.Get("credentialSubject").Get("achievement").Get("name"), credential.Get("name"))
	if c.title == "" {
		c.title = "Badge"
	}
	if c.issuer == "" {
		c.issuer = issuerOf(credential.Get("issuer"))
	}
	c.until, _, _ = strings.Cut(first(credential.Get("validUntil"), credential.Get("expirationDate")), "T")
	return nil
}

// issuerOf is the issuer's name, or else where it lives on the web. A key in
// letters tells a reader nothing.
func issuerOf(v ijson.Value) string {
	name := first(v.Get("name"), v.Get("id"), v)
	for _, scheme := range []string{"did:web:", "https://"} {
		name = strings.TrimPrefix(name, scheme)
	}
	if strings.HasPrefix(name, "did:") {
		return ""
	}
	return name
}

// first is the first text that is there, fit to print.
func first(values ...ijson.Value) string {
	for _, v := range values {
		if s, ok := v.Text(); ok && trust.Clean(s) != "" {
			return trust.Clean(s)
		}
	}
	return ""
}

// fit chooses stock and error correction.
func (c *card) fit(size string) error {
	low, err := qr.New(c.payload, qr.Low)
	if err != nil {
		return err
	}
	known := false
	for i, p := range stocks {
		if size != p.name && size != "auto" {
			continue
		}
		known = true
		c.stock, c.code, c.level = p, low, "L"
		if last := i == len(stocks)-1; size == "auto" && !last && c.module() < easyModule {
			continue
		}
		break
	}
	if !known {
		return fmt.Errorf("--size %q is none of card, a6, auto", size)
	}
	if medium, err := qr.New(c.payload, qr.Medium); err == nil {
		if thick := (&card{code: medium, stock: c.stock}).module(); thick >= sturdyModule {
			c.code, c.level = medium, "M"
		}
	}
	return nil
}

// module is the width of one module on paper.
func (c *card) module() float64 {
	return c.stock.code.width / float64(c.code.Size()+2*qr.Quiet)
}

// describe says what was made, and what may go wrong with it.
func (c *card) describe(out string) string {
	s := fmt.Sprintf("%s: %g x %g mm, QR version %d-%s of %d characters, %.2f mm a module",
		out, c.width, c.height, c.code.Version(), c.level, len(c.payload), c.module())
	if c.module() < easyModule {
		s += "\nThe modules are small; a larger card (--size a6) or a badge made with --compact is easier to read."
	}
	return s
}

func (c *card) write(file string) error {
	var b bytes.Buffer
	var err error
	switch strings.ToLower(filepath.Ext(file)) {
	case ".png":
		err = c.png(&b)
	case ".svg":
		err = c.svg(&b)
	default:
		err = errors.New("the name of a card ends in .png or .svg")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
