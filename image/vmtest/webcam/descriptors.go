package webcam

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// What the camera calls itself. The vendor's number is of pid.codes, the
// product's is one of theirs for tests.
const (
	vendor  = 0x1209
	product = 0x0001
	maker   = "Test"
	name    = "Test camera"
)

// Its interfaces, the endpoint of the video, and its lens.
const (
	controlling = 0
	streaming   = 1
	videoIn     = 0x81
	maxPacket   = 64 // bytes, of a bulk endpoint at full speed
	lens        = 1
)

// Units of time: the interval's is 100 ns, the clock's is a tick of 48 MHz.
const (
	intervals = uint32(Interval / 100)
	ticks     = 48_000_000
)

// yuy2 is the format's GUID. Source: USB Video Payload Uncompressed 1.1,
// section 2.2.
const yuy2 = "YUY2\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

// block is a descriptor: its own length, and then the fields. Numbers are one
// byte unless their type says more.
func block(fields ...any) []byte {
	b := []byte{0}
	for _, f := range fields {
		switch v := f.(type) {
		case int:
			b = append(b, byte(v))
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, v)
		case string:
			b = append(b, v...)
		}
	}
	b[0] = byte(len(b))
	return b
}

// descriptor is the one of a kind and number.
func (c *Camera) descriptor(kind, number byte) ([]byte, bool) {
	const device, configuration, words = 1, 2, 3
	switch {
	case kind == device:
		return block(device, uint16(0x0200), 0xef, 2, 1, 64, uint16(vendor), uint16(product), uint16(0x0100), 1, 2, 0, 1), true
	case kind == configuration && number == 0:
		return c.configuration(), true
	case kind == words && number == 0:
		return block(words, uint16(0x0409)), true // English
	case kind == words && number <= 2:
		text := []any{words}
		for _, u := range utf16.Encode([]rune([]string{maker, name}[number-1])) {
			text = append(text, u)
		}
		return block(text...), true
	}
	return nil, false
}

// configuration is all that the camera has.
// Source: Video Devices 1.1, chapter 3; the lengths in heads are of what
// follows with them.
func (c *Camera) configuration() []byte {
	const (
		class      = 0x24 // a descriptor of the class's
		video      = 0x0e
		subControl = 1
		subStream  = 2
		bulk       = 2
	)
	eye := block(class, 2, lens, uint16(0x0201), 0, 0, uint16(0), uint16(0), uint16(0), 3, 0x2a, 0, 2)
	out := block(class, 3, 2, uint16(0x0101), 0, lens, 0)
	control := slices.Concat(
		block(4, controlling, 0, 0, video, subControl, 0, 0),
		block(class, 1, uint16(0x0110), uint16(13+len(eye)+len(out)), uint32(ticks), 1, streaming),
		eye, out)
	perSecond := uint32(c.frameBytes()) * 8 * (10_000_000 / intervals)
	format := block(class, 4, 1, 1, yuy2, 16, 1, 0, 0, 0, 0)
	frame := block(class, 5, 1, 0, uint16(c.size.X), uint16(c.size.Y), perSecond, perSecond, uint32(c.frameBytes()), intervals, 1, intervals)
	colour := block(class, 13, 1, 1, 4)
	stream := slices.Concat(
		block(4, streaming, 0, 1, video, subStream, 0, 0),
		block(class, 1, 1, uint16(14+len(format)+len(frame)+len(colour)), videoIn, 0, 2, 0, 0, 0, 1, 0),
		format, frame, colour,
		block(5, videoIn, bulk, uint16(maxPacket), 0))
	both := block(11, controlling, 2, video, 3, 0, 0)
	head := block(2, uint16(9+len(both)+len(control)+len(stream)), 2, 1, 0, 0x80, 50)
	return slices.Concat(head, both, control, stream)
}
