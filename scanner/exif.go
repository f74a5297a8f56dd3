package scanner

import (
	"bytes"
	"encoding/binary"
	"image"
)

// An exifOrientation says which edge of the stored picture is its top.
//
// Source: CIPA DC-008 (Exif 2.32) 4.6.4, tag 0x0112.
type exifOrientation int

const (
	exifUpright exifOrientation = 1
	exifTurned  exifOrientation = 5 // from here on rows are columns
	exifLast    exifOrientation = 8
)

const (
	jpegAPP1       = 0xe1
	jpegSOS        = 0xda
	tagOrientation = 0x0112
	// exifHead begins Exif in a JPEG; elsewhere it may be missing.
	exifHead = "Exif\x00\x00"
)

// orientation reads the EXIF orientation of a JPEG, WebP or PNG; of anything
// else, or where there is none, it is exifUpright.
func orientation(data []byte) exifOrientation {
	var exif []byte
	switch {
	case hasMagic(data, "\xff\xd8\xff"):
		exif = exifOfJPEG(data[2:])
	case hasMagic(data, "RIFF????WEBP"):
		exif = exifOfWebP(data[12:])
	case hasMagic(data, "\x89PNG\r\n\x1a\n"):
		exif = exifOfPNG(data[8:])
	}
	if o, ok := tiffOrientation(bytes.TrimPrefix(exif, []byte(exifHead))); ok {
		return o
	}
	return exifUpright
}

// exifOfJPEG finds the Exif segment before the picture itself.
func exifOfJPEG(data []byte) []byte {
	for len(data) >= 4 && data[0] == 0xff && data[1] != jpegSOS {
		n := int(binary.BigEndian.Uint16(data[2:]))
		if n < 2 || len(data) < 2+n {
			break
		}
		if data[1] == jpegAPP1 && bytes.HasPrefix(data[4:2+n], []byte(exifHead)) {
			return data[4 : 2+n]
		}
		data = data[2+n:]
	}
	return nil
}

// exifOfWebP finds the chunk EXIF (RFC 9649, 2.7.1.5).
func exifOfWebP(data []byte) []byte {
	for len(data) >= 8 {
		n := int64(binary.LittleEndian.Uint32(data[4:]))
		if 8+n > int64(len(data)) {
			break
		}
		if string(data[:4]) == "EXIF" {
			return data[8 : 8+n]
		}
		data = data[min(8+n+n&1, int64(len(data))):]
	}
	return nil
}

// exifOfPNG finds the chunk eXIf (PNG Third Edition, 11.3.4.7).
func exifOfPNG(data []byte) []byte {
	for len(data) >= 12 {
		n := int64(binary.BigEndian.Uint32(data))
		if 12+n > int64(len(data)) {
			break
		}
		if string(data[4:8]) == "eXIf" {
			return data[8 : 8+n]
		}
		data = data[12+n:]
	}
	return nil
}

// tiffOrientation looks for the tag in the first directory of Exif data.
func tiffOrientation(tiff []byte) (exifOrientation, bool) {
	if len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 0, false
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0, false
	}
	const entry = 12
	dir := tiff[at+2:]
	for n := order.Uint16(tiff[at:]); n > 0 && len(dir) >= entry; n-- {
		if order.Uint16(dir) == tagOrientation {
			o := exifOrientation(order.Uint16(dir[8:]))
			return o, o >= exifUpright && o <= exifLast
		}
		dir = dir[entry:]
	}
	return 0, false
}

// upright turns and mirrors a picture so that its top is up.
func upright(m *image.Gray, o exifOrientation) *image.Gray {
	if o == exifUpright {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if o >= exifTurned {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewGray(size)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sx, sy := o.source(x, y, w, h)
			out.Pix[y*out.Stride+x] = m.Pix[sy*m.Stride+sx]
		}
	}
	return out
}

// source says which stored pixel belongs at (x, y) of the upright picture;
// w and h are the stored picture's.
func (o exifOrientation) source(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
