package v4l2

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"

	"badgekiosk/scanner"
)

// A format is a way in which cameras lay out a picture, and how to read its
// luma.
type format struct {
	code  string
	bytes int // per pixel of a row of luma, 0 where rows mean nothing
	luma  func(to []byte, row []byte)
}

// formats are those that are read, best first. Motion JPEG comes last: taking
// one apart costs five times as much as reading the code in it.
var formats = []format{
	{"GREY", 1, func(to, row []byte) { copy(to, row) }},
	{"NV12", 1, func(to, row []byte) { copy(to, row) }}, // the luma plane is first
	{"NV21", 1, func(to, row []byte) { copy(to, row) }},
	{"YU12", 1, func(to, row []byte) { copy(to, row) }},
	{"YUYV", 2, func(to, row []byte) { everySecond(to, row) }},
	{"UYVY", 2, func(to, row []byte) { everySecond(to, row[1:]) }},
	{"MJPG", 0, nil},
}

// everySecond takes the bytes at even places, eight at a time.
func everySecond(to, row []byte) {
	for len(to) >= 8 && len(row) >= 16 {
		low := evens(binary.LittleEndian.Uint64(row))
		high := evens(binary.LittleEndian.Uint64(row[8:]))
		binary.LittleEndian.PutUint64(to, low|high<<32)
		to, row = to[8:], row[16:]
	}
	for i := range to {
		to[i] = row[2*i]
	}
}

// evens packs bytes 0, 2, 4 and 6 of v into its low half.
func evens(v uint64) uint64 {
	v &= 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff
}

// A mode is what a camera agreed to.
type mode struct {
	format
	width, height, stride int
}

// grey reads one frame's bytes into g, reusing its memory.
func (m *mode) grey(g *image.Gray, data []byte) error {
	if m.luma == nil {
		return m.jpeg(g, data)
	}
	// The last row need not be padded.
	if need := m.stride*(m.height-1) + m.width*m.bytes; len(data) < need {
		return fmt.Errorf("a frame of %d bytes, %s at %dx%d needs %d", len(data), m.code, m.width, m.height, need)
	}
	shape(g, m.width, m.height)
	for y := range m.height {
		row := data[y*m.stride:]
		m.luma(g.Pix[y*g.Stride:y*g.Stride+m.width], row[:m.width*m.bytes])
	}
	return nil
}

// shape makes g an unpadded picture of this size.
func shape(g *image.Gray, width, height int) {
	if n := width * height; cap(g.Pix) < n {
		g.Pix = make([]byte, n)
	}
	g.Pix, g.Stride, g.Rect = g.Pix[:width*height], width, image.Rect(0, 0, width, height)
}

// jpeg takes a compressed frame apart, which is the slowest way to a picture
// and therefore the last choice.
func (m *mode) jpeg(g *image.Gray, data []byte) error {
	if end := bytes.LastIndex(data, []byte{0xFF, 0xD9}); end >= 0 {
		data = data[:end+2] // the buffer goes on behind the picture
	}
	data = withTables(data)
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return err
	}
	if max(size.Width, size.Height) > maxSide {
		return fmt.Errorf("a frame of %dx%d, where %dx%d was agreed", size.Width, size.Height, m.width, m.height)
	}
	decoded, err := scanner.DecodePicture(data)
	if err != nil {
		return err
	}
	*g = *decoded
	return nil
}
