// Package kms shows pictures on any screen that the Linux kernel drives:
// HDMI, DSI, DPI, and SPI LCDs with a kernel driver. It speaks to
// /dev/dri/card* with dumb buffers, and to /dev/fb* where there is no such
// card. No C, no GPU.
//
// Source: Linux, include/uapi/drm/drm_mode.h and include/uapi/linux/fb.h;
// Documentation/gpu/drm-kms.rst.
package kms

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"

	"badgekiosk/display"
)

// Dev is one screen.
type Dev struct {
	out   output
	size  image.Point
	ppi   int
	inks  color.Palette
	pixel [256]uint32 // each ink as 8 bits each of nothing, red, green, blue
	shown []uint8     // what the screen shows, nil when that is unknown
}

var _ display.Panel = (*Dev)(nil)

// An output is a frame in memory that a screen shows.
type output interface {
	// frame is the memory of the picture, and the bytes from a line to the
	// next and of a pixel: 4, or 2 with 5 bits of red, 6 of green, 5 of blue.
	frame() (mem []byte, pitch, depth int)
	// flush shows what was written inside r.
	flush(r image.Rectangle) error
	// close gives the screen back as it was found.
	close() error
}

// most is the longest side of a screen that is driven.
const most = 8192

func newDev(out output, size, mm image.Point) (*Dev, error) {
	if size.X < display.MinSide || size.Y < display.MinSide || size.X > most || size.Y > most {
		return nil, fmt.Errorf("kms: no picture fits a screen of %v pixels", size)
	}
	d := &Dev{out: out, size: size, ppi: 133, inks: display.Colours()}
	if mm.X > 0 {
		d.ppi = size.X * 254 / (mm.X * 10)
	}
	for i, c := range d.inks {
		r, g, b, _ := c.RGBA()
		d.pixel[i] = r>>8<<16 | g>>8<<8 | b>>8
	}
	return d, nil
}

// Format implements [display.Panel].
func (d *Dev) Format() display.Format {
	return display.Format{Size: d.size, PPI: d.ppi, Inks: d.inks}
}

// Show implements [display.Panel]. Only the rectangle that differs is
// written, but for Full. It is an error if the kernel refuses a change; the
// next Show then writes everything.
func (d *Dev) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != d.size || len(img.Palette) != len(d.inks) {
		return fmt.Errorf("kms: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("kms: %w", err)
	}
	r := img.Rect
	if d.shown != nil && how != display.Full {
		r = d.changed(img)
	}
	d.shown = nil
	if !r.Empty() {
		d.write(img, r)
		if err := d.out.flush(r); err != nil {
			return fmt.Errorf("kms: %w", err)
		}
	}
	d.shown = bytes.Clone(img.Pix)
	return nil
}

func (d *Dev) write(img *image.Paletted, r image.Rectangle) {
	mem, pitch, depth := d.out.frame()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := img.Pix[y*img.Stride+r.Min.X : y*img.Stride+r.Max.X]
		to := mem[y*pitch+r.Min.X*depth:][:len(from)*depth]
		for x, ink := range from {
			v := d.pixel[ink]
			if depth == 2 {
				v = v>>19&31<<11 | v>>10&63<<5 | v>>3&31
				to[2*x], to[2*x+1] = byte(v), byte(v>>8)
				continue
			}
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = byte(v), byte(v>>8), byte(v>>16), 0xFF
		}
	}
}

// changed is the smallest rectangle outside which img is what is shown.
func (d *Dev) changed(img *image.Paletted) (r image.Rectangle) {
	w := d.size.X
	for y := range d.size.Y {
		now, was := img.Pix[y*img.Stride:][:w], d.shown[y*w:][:w]
		if bytes.Equal(now, was) {
			continue
		}
		left, right := 0, w
		for now[left] == was[left] {
			left++
		}
		for now[right-1] == was[right-1] {
			right--
		}
		r = r.Union(image.Rect(left, y, right, y+1))
	}
	return r
}

// Close implements [display.Panel]: it blackens the screen and gives it back.
func (d *Dev) Close() error {
	mem, _, _ := d.out.frame()
	clear(mem)
	d.shown = nil
	err := d.out.flush(image.Rectangle{Max: d.size})
	if closed := d.out.close(); err == nil {
		err = closed
	}
	return err
}
