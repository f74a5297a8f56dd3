package scanner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"badgekiosk/scanner/scansim"
)

// corner is a picture whose top left quarter is dark.
func corner(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			if x >= w/2 || y >= h/2 {
				c = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t *testing.T, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// darkQuarter names the dark corner of a picture, clockwise from the top left.
func darkQuarter(m *image.Gray) int {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for i, p := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {3 * w / 4, 3 * h / 4}, {w / 4, 3 * h / 4}} {
		if m.GrayAt(p.X, p.Y).Y < 64 {
			return i
		}
	}
	return -1
}

// TestPictures opens each format.
func TestPictures(t *testing.T) {
	for _, format := range []string{"png", "jpeg", "gif"} {
		data := encoded(t, format, corner(32, 16))
		m, err := DecodePicture(data)
		if err != nil || !IsPicture(data) {
			t.Fatalf("%s: %v", format, err)
		}
		if m.Rect != image.Rect(0, 0, 32, 16) || darkQuarter(m) != 0 {
			t.Errorf("%s: %v, dark in quarter %d", format, m.Rect, darkQuarter(m))
		}
	}
}

// TestTransparent shows a code drawn on nothing as one drawn on white.
func TestTransparent(t *testing.T) {
	for _, m := range []image.Image{
		image.NewNRGBA(image.Rect(0, 0, 4, 4)),
		image.NewRGBA(image.Rect(0, 0, 4, 4)),
		image.NewNRGBA64(image.Rect(0, 0, 4, 4)),
		image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Transparent, color.Black}),
	} {
		g, err := DecodePicture(encoded(t, "png", m))
		if err != nil {
			t.Fatal(err)
		}
		if g.GrayAt(2, 2).Y != 255 {
			t.Errorf("%T: transparent is %d, want white", m, g.GrayAt(2, 2).Y)
		}
	}
}

// exif puts an orientation into a JPEG, as a phone does.
func exif(jpg []byte, order binary.AppendByteOrder, o uint16) []byte {
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, tagOrientation)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, o)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	seg := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, jpegAPP1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(seg)+2))
	out = append(out, seg...)
	return append(out, jpg[2:]...)
}

// TestOrientation turns photographs as their camera was held.
func TestOrientation(t *testing.T) {
	jpg := encoded(t, "jpeg", corner(32, 16))
	for o, want := range map[uint16]int{1: 0, 2: 1, 3: 2, 4: 3, 5: 0, 6: 1, 7: 2, 8: 3, 0: 0, 9: 0} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			m, err := DecodePicture(exif(jpg, order, o))
			if err != nil {
				t.Fatal(err)
			}
			size := image.Rect(0, 0, 32, 16)
			if o >= 5 && o <= 8 {
				size = image.Rect(0, 0, 16, 32)
			}
			if m.Rect != size || darkQuarter(m) != want {
				t.Errorf("orientation %d: %v, dark in quarter %d, want %v, %d", o, m.Rect, darkQuarter(m), size, want)
			}
		}
	}
}

// TestOrientationOfFiles turns what other formats say in their Exif.
func TestOrientationOfFiles(t *testing.T) {
	m := luma(corner(33, 16))
	for _, format := range []string{"png", "jpeg", "webp"} {
		for o, want := range map[uint16]int{0: 0, 1: 0, 2: 1, 3: 2, 6: 1, 8: 3} {
			data, err := scansim.File(m, format, o)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodePicture(data)
			if err != nil || !IsPicture(data) {
				t.Fatalf("%s: %v", format, err)
			}
			size := image.Rect(0, 0, 33, 16)
			if o >= 5 {
				size = image.Rect(0, 0, 16, 33)
			}
			if got.Rect != size || darkQuarter(got) != want {
				t.Errorf("%s, orientation %d: %v, dark in quarter %d, want %v, %d", format, o, got.Rect, darkQuarter(got), size, want)
			}
		}
	}
}

// hugePNG claims w x h pixels in its header.
func hugePNG(small []byte, w, h uint32) []byte {
	out := bytes.Clone(small)
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// TestBadPictures names what is wrong with what cannot be opened.
func TestBadPictures(t *testing.T) {
	good := encoded(t, "png", corner(8, 8))
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrNotPicture},
		{"text", []byte("no picture at all"), ErrNotPicture},
		{"a bomb", hugePNG(good, 60000, 60000), ErrTooBig},
		{"cut short", good[:len(good)/2], ErrDamaged},
		{"only a magic", good[:8], ErrDamaged},
	} {
		if m, err := DecodePicture(c.data); !errors.Is(err, c.want) || m != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestLimit takes pictures by the memory that they need: a phone's largest
// photograph has room, as many pixels of 8 bytes have not. Both files end
// soon.
func TestLimit(t *testing.T) {
	const w, h = 12000, 9000
	photograph := encoded(t, "jpeg", corner(8, 8))
	frame := bytes.Index(photograph, []byte{0xff, 0xc0}) // SOF0: length, precision, height, width
	binary.BigEndian.PutUint16(photograph[frame+5:], h)
	binary.BigEndian.PutUint16(photograph[frame+7:], w)
	if _, err := DecodePicture(photograph); !errors.Is(err, ErrDamaged) {
		t.Errorf("a photograph of %d x %d that ends soon: %v, want %v", w, h, err, ErrDamaged)
	}
	deep := hugePNG(encoded(t, "png", image.NewNRGBA64(image.Rect(0, 0, 8, 8))), w, h)
	if _, err := DecodePicture(deep); !errors.Is(err, ErrTooBig) {
		t.Errorf("as many pixels of 8 bytes: %v, want %v", err, ErrTooBig)
	}
}

// FuzzDecodePicture opens mangled pictures: an error or a picture of the
// size that was promised, never a panic.
func FuzzDecodePicture(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, corner(16, 8), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(exif(b.Bytes(), binary.BigEndian, 6))
	for _, format := range []string{"webp", "png"} {
		data, err := scansim.File(luma(corner(16, 8)), format, 6)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		m, err := DecodePicture(data)
		if err == nil && len(m.Pix) < (m.Rect.Dy()-1)*m.Stride+m.Rect.Dx() {
			t.Errorf("%v with %d bytes", m.Rect, len(m.Pix))
		}
	})
}
