package v4l2

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
	"sync"
)

// Markers of a JPEG's segments (ITU-T T.81, Table B.1).
const (
	markerDHT = 0xc4 // defines Huffman tables
	markerSOI = 0xd8 // starts the image, and has no contents
	markerSOS = 0xda // starts a scan
)

// withTables puts the typical Huffman tables (ITU-T T.81, K.3.3) into a frame
// that has none: many cameras leave them out, as all their frames have the
// same. Anything else comes back as it is.
func withTables(frame []byte) []byte {
	if !bytes.HasPrefix(frame, []byte{0xff, markerSOI}) || segment(frame, markerSOS) == nil || segment(frame, markerDHT) != nil {
		return frame
	}
	return slices.Concat(frame[:2], typicalTables(), frame[2:])
}

// segment is a frame's first segment with that marker, of those before its
// data; nil if there is none.
func segment(frame []byte, marker byte) []byte {
	for rest := frame[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n > len(rest) {
			break
		}
		if rest[1] == marker {
			return rest[:n]
		}
		if rest[1] == markerSOS {
			break
		}
		rest = rest[n:]
	}
	return nil
}

// typicalTables are those that the standard library writes with each picture
// in colour.
var typicalTables = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 8, 8), image.YCbCrSubsampleRatio444), nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return segment(b.Bytes(), markerDHT)
})
