package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"strings"

	"badgekiosk/display"
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
	paper
}

// A paper is a card's layout, in millimetres.
type paper struct {
	name          string
	width, height float64
	code, text    rect
}

type rect struct{ x, y, width, height float64 }

// The papers, the smaller one first: a bank card as wallets hold it
// (ISO/IEC 7810 ID-1), and a postcard (ISO 216 A6).
var papers = []paper{
	{"card", 85.6, 53.98, rect{33.6, 1.99, 50, 50}, rect{2, 4, 32, 46}},
	{"a6", 105, 148, rect{4, 45, 97, 97}, rect{8, 6, 89, 36}},
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

// fit chooses paper and error correction.
func (c *card) fit(size string) error {
	low, err := qr.New(c.payload, qr.Low)
	if err != nil {
		return err
	}
	known := false
	for i, p := range papers {
		if size != p.name && size != "auto" {
			continue
		}
		known = true
		c.paper, c.code, c.level = p, low, "L"
		if last := i == len(papers)-1; size == "auto" && !last && c.module() < easyModule {
			continue
		}
		break
	}
	if !known {
		return fmt.Errorf("--size %q is none of card, a6, auto", size)
	}
	if medium, err := qr.New(c.payload, qr.Medium); err == nil {
		if thick := (&card{code: medium, paper: c.paper}).module(); thick >= sturdyModule {
			c.code, c.level = medium, "M"
		}
	}
	return nil
}

// module is the width of one module on paper.
func (c *card) module() float64 {
	return c.paper.code.width / float64(c.code.Size()+2*qr.Quiet)
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

// cardDPI is the dots per inch of a PNG, and of the words in an SVG, which are
// a picture so that they look the same whatever fonts the printing computer
// has.
const cardDPI = 600

func dots(mm float64) int { return int(math.Round(mm / 25.4 * cardDPI)) }

func (r rect) dots() image.Rectangle {
	return image.Rect(dots(r.x), dots(r.y), dots(r.x+r.width), dots(r.y+r.height))
}

// png draws the card with whole dots for each module, so that no edge blurs.
func (c *card) png(w *bytes.Buffer) error {
	box := c.paper.code.dots()
	code, err := c.code.Image(max(1, box.Dx()/(c.code.Size()+2*qr.Quiet)), qr.Quiet)
	if err != nil {
		return err
	}
	img := image.NewPaletted(image.Rect(0, 0, dots(c.width), dots(c.height)), greys())
	draw.Draw(img, c.paper.text.dots(), c.text(), image.Point{}, draw.Src)
	middle := box.Min.Add(box.Size().Sub(code.Rect.Size()).Div(2))
	draw.Draw(img, code.Rect.Add(middle), code, image.Point{}, draw.Src)
	return encodePNG(w, img, cardDPI)
}

// text draws the words of the card with the kiosk's own fonts.
func (c *card) text() *image.Paletted {
	var fields []display.Field
	for _, f := range []display.Field{{Label: "Issued by", Text: c.issuer}, {Label: "Valid until", Text: c.until}} {
		if f.Text != "" {
			fields = append(fields, f)
		}
	}
	return display.Render(display.Screen{
		Title: c.title, Fields: fields, Notes: []string{"Hold this code up to a badge kiosk."},
	}, display.Format{Size: c.paper.text.dots().Size(), Inks: greys()})
}

// greys are white, black and the shades between, as panels with shades have
// them.
func greys() color.Palette {
	p := color.Palette{color.Gray{Y: 0xff}, color.Gray{Y: 0}}
	for y := 0xee; y > 0; y -= 0x11 {
		p = append(p, color.Gray{Y: uint8(y)})
	}
	return p
}

// svg draws the card in millimetres.
func (c *card) svg(w *bytes.Buffer) error {
	var words bytes.Buffer
	if err := encodePNG(&words, c.text(), cardDPI); err != nil {
		return err
	}
	t, q := c.paper.text, c.paper.code
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %g %g" role="img">`, c.width, c.height, c.width, c.height)
	fmt.Fprintf(w, `<title>%s, %s</title><rect width="%g" height="%g" fill="#fff"/>`, html.EscapeString(c.title), html.EscapeString(c.issuer), c.width, c.height)
	fmt.Fprintf(w, `<image x="%g" y="%g" width="%g" height="%g" href="data:image/png;base64,%s"/>`,
		t.x, t.y, t.width, t.height, base64.StdEncoding.EncodeToString(words.Bytes()))
	fmt.Fprintf(w, `<path transform="translate(%g %g) scale(%g) translate(%d %d)" shape-rendering="crispEdges" d="%s"/></svg>`+"\n",
		q.x, q.y, c.module(), qr.Quiet, qr.Quiet, c.code.Path())
	return nil
}
