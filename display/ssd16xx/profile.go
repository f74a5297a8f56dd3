package ssd16xx

import (
	"image"
	"time"

	"periph.io/x/conn/v3/physic"

	"badgekiosk/display"
)

// A Profile is a panel that one can buy.
type Profile struct {
	Size  image.Point      // as the controller counts: sources by gates
	Turn  display.Turn     // from the controller's upright to how the panel is mounted
	PPI   int              // pixels an inch
	Clock physic.Frequency // 0 is 10 MHz
	// How long each refresh takes; waits allow twice that and a second.
	Full, Fast, Partial time.Duration

	gates          byte    // third byte of driver output: the order of the gates
	pixels         bool    // addresses along X count pixels, not bytes
	bottomUp       bool    // the first line of memory is the last of the glass
	control        [2]byte // update control 1: how the memories are taken
	controlPartial [2]byte
	hot            []byte // the temperature whose waveform is the fast one
	softStart      []byte // of the booster
}

// Epd2in13V4 is Waveshare's 2.13 inch V4 (SSD1680, GDEY0213B74), 250x122 as
// it lies on a Raspberry Pi Zero.
func Epd2in13V4() Profile {
	return Profile{
		Size: image.Pt(122, 250), Turn: display.Quarter, PPI: 131,
		Full: 1700 * time.Millisecond, Fast: time.Second, Partial: 500 * time.Millisecond,
		control: [2]byte{0x00, 0x80}, controlPartial: [2]byte{0x00, 0x80}, hot: []byte{0x64, 0x00},
	}
}

// Orders in which the memory is filled.
const (
	downwards = 0x03 // X and Y grow
	upwards   = 0x01 // X grows, Y falls
)

func (p Profile) entry() byte {
	if p.bottomUp {
		return upwards
	}
	return downwards
}

// window opens all of the memory and sets the counters to its first byte.
func (p Profile) window() [][]byte {
	top, bottom := 0, p.Size.Y-1
	if p.bottomUp {
		top, bottom = bottom, top
	}
	y := []byte{windowY, byte(top), byte(top >> 8), byte(bottom), byte(bottom >> 8)}
	start := []byte{counterY, byte(top), byte(top >> 8)}
	stride := (p.Size.X + 7) / 8
	if p.pixels {
		last := stride*8 - 1
		return [][]byte{{windowX, 0, 0, byte(last), byte(last >> 8)}, y, {counterX, 0, 0}, start}
	}
	return [][]byte{{windowX, 0, byte(stride - 1)}, y, {counterX, 0}, start}
}
