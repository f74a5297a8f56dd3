package scanner

import (
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
)

// orientation reads the EXIF orientation of a JPEG; of anything else, or
// where there is none, it is exifUpright.
func orientation(data []byte) exifOrientation {
	if len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return exifUpright
	}
	data = data[2:]
	for len(data) >= 4 && data[0] == 0xff && data[1] != jpegSOS {
		n := int(binary.BigEndian.Uint16(data[2:]))
		if n < 2 || len(data) < 2+n {
			break
		}
		if data[1] == jpegAPP1 {
			if o, ok := tiffOrientation(data[4 : 2+n]); ok {
				return o
			}
		}
		data = data[2+n:]
	}
	return exifUpright
}

// tiffOrientation looks for the tag in the first directory of an Exif segment.
func tiffOrientation(seg []byte) (exifOrientation, bool) {
	const head = "Exif\x00\x00"
	if len(seg) < len(head)+8 || string(seg[:len(head)]) != head {
		return 0, false
	}
	seg = seg[len(head):]
	var order binary.ByteOrder = binary.LittleEndian
	switch string(seg[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 0, false
	}
	at := int64(order.Uint32(seg[4:]))
	if at+2 > int64(len(seg)) {
		return 0, false
	}
	const entry = 12
	dir := seg[at+2:]
	for n := order.Uint16(seg[at:]); n > 0 && len(dir) >= entry; n-- {
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
