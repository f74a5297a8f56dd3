package scanner

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// MaxUnpacked is the most memory that [DecodePicture] unpacks a picture into,
// in bytes: a phone's photograph of 108 megapixels has room, and what a small
// file can be made to swell to has an end. A progressive JPEG takes five times
// as much until it is whole.
const MaxUnpacked = 400_000_000

// What [DecodePicture] says of bytes that it cannot turn into a picture.
var (
	ErrNotPicture = errors.New("not a PNG, JPEG, WebP or GIF picture")
	ErrTooBig     = fmt.Errorf("more than %d MB unpacked: make the picture smaller", MaxUnpacked/1_000_000)
	ErrDamaged    = errors.New("the picture is damaged")
)

// A pictureFormat is one kind of file, known by its first bytes.
type pictureFormat struct {
	magic  string // '?' stands for any byte
	config func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
}

// pictureFormats is a fixed list: what an importer registers with package
// image must not widen what the kiosk opens.
func pictureFormats() []pictureFormat {
	return []pictureFormat{
		{"\x89PNG\r\n\x1a\n",
			func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }},
		{"\xff\xd8\xff",
			func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }},
		{"RIFF????WEBPVP8",
			func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) }},
		{"GIF8?a",
			func(r *bytes.Reader) (image.Config, error) { return gif.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return gif.Decode(r) }},
	}
}

// IsPicture tells whether data begins like a picture that [DecodePicture]
// can open.
func IsPicture(data []byte) bool {
	for _, f := range pictureFormats() {
		if hasMagic(data, f.magic) {
			return true
		}
	}
	return false
}

// DecodePicture unpacks a PNG, JPEG, WebP or GIF (its first picture) to its
// luma, upright as its EXIF orientation says; what is transparent shows
// white. Errors wrap [ErrNotPicture], [ErrTooBig] or [ErrDamaged].
func DecodePicture(data []byte) (*image.Gray, error) {
	for _, f := range pictureFormats() {
		if !hasMagic(data, f.magic) {
			continue
		}
		c, err := f.config(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
		}
		if c.Width <= 0 || c.Height <= 0 {
			return nil, fmt.Errorf("%w: it is %d x %d pixels", ErrDamaged, c.Width, c.Height)
		}
		if c.Width > MaxUnpacked/pixelBytes(c.ColorModel)/c.Height {
			return nil, fmt.Errorf("%d x %d pixels: %w", c.Width, c.Height, ErrTooBig)
		}
		m, err := f.decode(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
		}
		return upright(luma(m), orientation(data)), nil
	}
	return nil, ErrNotPicture
}

// pixelBytes is what a pixel of a picture of that kind takes unpacked.
func pixelBytes(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

func hasMagic(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && data[i] != magic[i] {
			return false
		}
	}
	return true
}

// luma returns the grey picture of m on a white ground, sharing memory with
// m where m already has one.
func luma(m image.Image) *image.Gray {
	switch m := m.(type) {
	case *image.Gray:
		return m
	case *image.YCbCr:
		b := m.Bounds()
		return &image.Gray{Pix: m.Y[m.YOffset(b.Min.X, b.Min.Y):], Stride: m.YStride,
			Rect: image.Rect(0, 0, b.Dx(), b.Dy())}
	case *image.Paletted:
		return lumaPaletted(m)
	case *image.NRGBA:
		return lumaOf(m.Rect, func(x, y int) uint8 {
			p := m.Pix[m.PixOffset(x, y):]
			return grey(uint32(p[0]), uint32(p[1]), uint32(p[2]), uint32(p[3]), uint32(p[3]))
		})
	case *image.RGBA: // premultiplied
		return lumaOf(m.Rect, func(x, y int) uint8 {
			p := m.Pix[m.PixOffset(x, y):]
			return grey(uint32(p[0]), uint32(p[1]), uint32(p[2]), 255, uint32(p[3]))
		})
	}
	return lumaOf(m.Bounds(), func(x, y int) uint8 {
		r, g, b, a := m.At(x, y).RGBA()
		return grey(r>>8, g>>8, b>>8, 255, a>>8)
	})
}

// grey weighs red, green and blue as JPEG does (ITU-R BT.601), times alpha,
// and puts white behind what the opacity leaves open. All are 0 to 255.
func grey(r, g, b, alpha, opacity uint32) uint8 {
	y := (19595*r + 38470*g + 7471*b + 1<<15) >> 16
	return uint8(min(255, (y*alpha+127)/255+255-opacity))
}

func lumaPaletted(m *image.Paletted) *image.Gray {
	var table [256]uint8
	for i, c := range m.Palette {
		r, g, b, a := c.RGBA()
		table[i&255] = grey(r>>8, g>>8, b>>8, 255, a>>8)
	}
	return lumaOf(m.Rect, func(x, y int) uint8 { return table[m.Pix[m.PixOffset(x, y)]] })
}

func lumaOf(r image.Rectangle, at func(x, y int) uint8) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	i := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			out.Pix[i] = at(x, y)
			i++
		}
	}
	return out
}

// GrayOf returns the luma of a picture that is already in memory, on a white
// ground. It may share m's memory.
func GrayOf(m image.Image) *image.Gray { return luma(m) }
