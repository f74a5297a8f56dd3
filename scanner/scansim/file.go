package scansim

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// File is a picture as a file of that format, "png", "jpeg", "gif" or
// "webp", whose Exif data says that it is to be turned: orientation is 1 to 8
// (CIPA DC-008), 0 is no Exif. WebP is lossless and of black and white. A GIF
// has no Exif.
func File(m *image.Gray, format string, orientation uint16) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "webp":
		return webP(m, orientation), nil
	}
	if err != nil || orientation == 0 || format == "gif" {
		return b.Bytes(), err
	}
	if format == "png" {
		const head = 8 + 25 // signature and IHDR
		chunk := append([]byte("eXIf"), exif(orientation)...)
		out := binary.BigEndian.AppendUint32(bytes.Clone(b.Bytes()[:head]), uint32(len(chunk)-4))
		out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
		return append(out, b.Bytes()[head:]...), nil
	}
	segment := append([]byte("Exif\x00\x00"), exif(orientation)...)
	out := append(bytes.Clone(b.Bytes()[:2]), 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), b.Bytes()[2:]...), nil
}

// exif is a directory of one entry, the orientation.
func exif(orientation uint16) []byte {
	out := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	out = binary.BigEndian.AppendUint16(out, orientation)
	return append(out, 0, 0, 0, 0, 0, 0)
}

// webP is a WebP in the extended format (RFC 9649).
func webP(m *image.Gray, orientation uint16) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	chunk := func(to []byte, name string, data []byte) []byte {
		to = binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(data)))
		to = append(to, data...)
		return append(to, make([]byte, len(data)&1)...)
	}
	const hasExif = 8
	head := []byte{0, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	if orientation > 0 {
		head[0] = hasExif
	}
	body := chunk([]byte("WEBP"), "VP8X", head)
	body = chunk(body, "VP8L", vp8l(m))
	if orientation > 0 {
		body = chunk(body, "EXIF", exif(orientation))
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// A lsbWriter writes bits, the least significant first.
type lsbWriter struct {
	out []byte
	n   int
}

func (w *lsbWriter) put(v, bits int) {
	for i := range bits {
		if w.n%8 == 0 {
			w.out = append(w.out, 0)
		}
		w.out[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// vp8l is a lossless bit stream without transforms, whose green, red and
// blue are 0 or 255, of one bit each (RFC 9649, 3).
func vp8l(m *image.Gray) []byte {
	var w lsbWriter
	w.put(0x2f, 8)
	w.put(m.Rect.Dx()-1, 14)
	w.put(m.Rect.Dy()-1, 14)
	w.put(0, 1+3+1+1+1) // no alpha, version, no transform, no cache, one group
	for range 3 {
		w.put(1, 1) // a simple code
		w.put(1, 1) // of two symbols,
		w.put(0, 1) // the first of one bit,
		w.put(0, 1)
		w.put(255, 8)
	}
	for _, symbol := range [...]int{255, 0} { // alpha, distance
		w.put(1, 1)
		w.put(0, 1)
		w.put(1, 1)
		w.put(symbol, 8)
	}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if m.GrayAt(x, y).Y >= 128 {
				w.put(7, 3)
			} else {
				w.put(0, 3)
			}
		}
	}
	return w.out
}
