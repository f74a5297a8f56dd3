// Package scanner turns light into bytes: a [Camera] gives frames, a
// [Reader] finds the codes in each, a Joiner puts codes together to one
// [Payload].
package scanner

import (
	"context"
	"image"
	"io"
	"time"
)

// A Frame is one grey picture, or the text that a hand scanner typed.
type Frame struct {
	// Gray is the picture's luma, one byte a pixel. Readers never write to it.
	image.Gray
	// At is when the shutter opened.
	At time.Time
	// Text, when not nil, is a whole code read by other hardware (a hand
	// scanner, pasted text); the picture is then empty.
	Text []byte
}

// A Camera gives frames, always the newest: what nobody read in time is lost.
type Camera interface {
	// Next fills f with the next frame, reusing its memory, and returns when
	// it has one or ctx ends. io.EOF is the end of a recording.
	Next(ctx context.Context, f *Frame) error
	io.Closer
}

// A Symbol is one QR code found in a frame (ISO/IEC 18004).
type Symbol struct {
	// Text is the contents as UTF-8, after ECI and Shift-JIS; empty if they
	// are not text.
	Text string
	// Declared tells that the symbol itself says what characters its bytes
	// are, by ECI or a mode of its own (kanji, hanzi); else Text is a guess.
	Declared bool
	// Bytes are the data segments' bytes as encoded, before any character set.
	Bytes []byte
	// Corners are the outer corners in frame pixels, clockwise as the symbol
	// is printed, from the corner of the top left finder.
	Corners [4]image.Point
	// Version is 1 to 40.
	Version int
	// Append is the symbol's place in a structured append sequence; Total is
	// zero if it stands alone.
	Append Append
}

// Data is what the symbol says, for a [Payload]: its text in UTF-8 where it
// is text, else its bytes.
func (s *Symbol) Data() []byte {
	if s.Text != "" {
		return []byte(s.Text)
	}
	return s.Bytes
}

// Append is a symbol's place in a structured append sequence (ISO/IEC 18004, 8).
type Append struct {
	Index, Total int
	Parity       byte
}

// A Reader finds codes in a frame, the best one first.
type Reader interface {
	Read(f *Frame) []Symbol
}

// A Payload is one complete message, from one code or from many.
type Payload struct {
	Data        []byte
	Symbols     int       // how many codes it took
	First, Last time.Time // when the first and the completing frame were taken
}
