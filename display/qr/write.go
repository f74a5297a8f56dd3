package qr

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
)

// MaxSide is the longest side, in pixels, of a picture that WritePNG writes.
const MaxSide = 16384

// Image draws the code in one bit a pixel: scale pixels a module, quiet
// modules of white around it. It is an error if scale is below 1, quiet below
// 0, or a side would be longer than MaxSide.
func (c *Code) Image(scale, quiet int) (*image.Paletted, error) {
	side := (c.Size() + 2*quiet) * scale
	if scale < 1 || quiet < 0 || scale > MaxSide || quiet > MaxSide || side > MaxSide {
		return nil, fmt.Errorf("qr: %d pixels a module and %d modules of border do not make a picture of at most %d pixels", scale, quiet, MaxSide)
	}
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		row := img.Pix[y*img.Stride:]
		for x := range side {
			if c.Black(x/scale-quiet, y/scale-quiet) {
				row[x] = 1
			}
		}
	}
	return img, nil
}

// WritePNG writes what Image draws.
func (c *Code) WritePNG(w io.Writer, scale, quiet int) error {
	img, err := c.Image(scale, quiet)
	if err != nil {
		return err
	}
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, img)
}

// WriteSVG writes a picture of the code whose modules print module
// millimetres wide, with quiet modules of white around it. The paper is
// painted white, so that the code also reads on coloured stock.
func (c *Code) WriteSVG(w io.Writer, module float64, quiet int) error {
	if !(module > 0) || quiet < 0 {
		return fmt.Errorf("qr: modules of %g mm with %d modules of border cannot be printed", module, quiet)
	}
	side := c.Size() + 2*quiet
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.2fmm" height="%.2fmm" viewBox="%d %d %d %d" shape-rendering="crispEdges">`,
		module*float64(side), module*float64(side), -quiet, -quiet, side, side)
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#fff"/>`, -quiet, -quiet, side, side)
	fmt.Fprintf(b, `<path d="%s" fill="#000"/></svg>`+"\n", c.Path())
	return b.Flush()
}

// Path is the code as the d attribute of an SVG path, a unit a module, the
// top left module at 0,0: one rectangle for each run of black in a row.
func (c *Code) Path() string {
	var b strings.Builder
	for y := range c.Size() {
		for x := 0; x < c.Size(); x++ {
			start := x
			for c.Black(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	return b.String()
}
