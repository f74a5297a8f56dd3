package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"math"

	"badgekiosk/display"
	"badgekiosk/display/qr"
)

// cardDPI is the dots per inch of a PNG, and of the words in an SVG, which are
// a picture so that they look the same whatever fonts the printing computer
// has.
const cardDPI = 600

func dots(mm float64) int { return int(math.Round(mm / 25.4 * cardDPI)) }

func (r area) dots() image.Rectangle {
	return image.Rect(dots(r.x), dots(r.y), dots(r.x+r.width), dots(r.y+r.height))
}

// png draws the card with whole dots for each module, so that no edge blurs.
func (c *card) png(w *bytes.Buffer) error {
	box := c.stock.code.dots()
	code, err := c.code.Image(max(1, box.Dx()/(c.code.Size()+2*qr.Quiet)), qr.Quiet)
	if err != nil {
		return err
	}
	img := image.NewPaletted(image.Rect(0, 0, dots(c.width), dots(c.height)), greys())
	draw.Draw(img, c.stock.text.dots(), c.text(), image.Point{}, draw.Src)
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
	}, display.Format{Size: c.stock.text.dots().Size(), Inks: greys()})
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
	t, q := c.stock.text, c.stock.code
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %g %g" role="img">`, c.width, c.height, c.width, c.height)
	fmt.Fprintf(w, `<title>%s, %s</title><area width="%g" height="%g" fill="#fff"/>`, html.EscapeString(c.title), html.EscapeString(c.issuer), c.width, c.height)
	fmt.Fprintf(w, `<image x="%g" y="%g" width="%g" height="%g" href="data:image/png;base64,%s"/>`,
		t.x, t.y, t.width, t.height, base64.StdEncoding.EncodeToString(words.Bytes()))
	fmt.Fprintf(w, `<path transform="translate(%g %g) scale(%g) translate(%d %d)" shape-rendering="crispEdges" d="%s"/></svg>`+"\n",
		q.x, q.y, c.module(), qr.Quiet, qr.Quiet, c.code.Path())
	return nil
}
