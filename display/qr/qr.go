// Package qr makes QR codes: as modules for a screen, and as PNG and SVG for
// a printed card.
//
// Source: ISO/IEC 18004:2015. Segments (numeric, alphanumeric, byte), error
// correction and masks come from github.com/skip2/go-qrcode.
package qr

import (
	"errors"
	"fmt"

	qrcode "github.com/skip2/go-qrcode"
)

// A Level says how much of a code may be damaged and still be read.
type Level int

// The levels of ISO/IEC 18004 table 8, with what share of the codewords may
// be wrong. A card that hangs on a key ring wants Medium; a code on a screen
// has no scratches and is easiest to read when its modules are large: Low.
const (
	Low      Level = iota // L, 7 %
	Medium                // M, 15 %
	Quartile              // Q, 25 %
	High                  // H, 30 %
)

var levels = map[Level]qrcode.RecoveryLevel{
	Low: qrcode.Low, Medium: qrcode.Medium, Quartile: qrcode.High, High: qrcode.Highest,
}

// Quiet is the width in modules of the white border that readers need around
// a code (ISO/IEC 18004, 5.3.8).
const Quiet = 4

// MaxData is the most bytes that any code holds: version 40, level L, digits
// only. Text and bytes hold fewer, see table 7.
const MaxData = 7089

// A Code is one QR code, without its quiet zone.
type Code struct {
	modules [][]bool // by row; true is black
	version int
}

// New encodes data in the smallest version that holds it at level.
// Stretches of digits and of capital letters take the shorter modes that the
// standard has for them, so a base45 text of n characters needs 5.5 n bits.
//
// It is an error if data is empty, too long for version 40, or level is none
// of the four.
func New(data []byte, level Level) (*Code, error) {
	recovery, ok := levels[level]
	switch {
	case !ok:
		return nil, fmt.Errorf("qr: no error correction level %d", int(level))
	case len(data) == 0:
		return nil, errors.New("qr: nothing to encode")
	case len(data) > MaxData:
		return nil, fmt.Errorf("qr: %d bytes, the largest code holds %d digits", len(data), MaxData)
	}
	q, err := qrcode.New(string(data), recovery)
	if err != nil {
		return nil, fmt.Errorf("qr: %d bytes at level %c: %w", len(data), "LMQH"[level], err)
	}
	q.DisableBorder = true
	return &Code{q.Bitmap(), q.VersionNumber}, nil
}

// Size is the number of modules along one side, without the quiet zone.
func (c *Code) Size() int { return len(c.modules) }

// Version is the code's version, 1 to 40: it has 17 + 4·version modules a side.
func (c *Code) Version() int { return c.version }

// Black tells whether the module in column x, row y is black. Outside the
// code everything is white, as the quiet zone is.
func (c *Code) Black(x, y int) bool {
	return x >= 0 && y >= 0 && x < len(c.modules) && y < len(c.modules) && c.modules[y][x]
}
