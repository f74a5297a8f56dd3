package ssd16xx

import (
	"image"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
)

// A Profile is a panel that one can buy.
type Profile struct {
	fourwire.Glass // its size is in sources by gates

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
		Glass: fourwire.Glass{
			Size: image.Pt(122, 250), Turn: display.Quarter, PPI: 131,
			Full: 1700 * time.Millisecond, Fast: time.Second, Partial: 500 * time.Millisecond,
		},
		control: [2]byte{0x00, 0x80}, controlPartial: [2]byte{0x00, 0x80}, hot: []byte{0x64, 0x00},
	}
}

// The profiles below have the same sequences; no figure in them has been seen
// on a real panel by us.

// Epd1in54 is Waveshare's 1.54 inch V2 (SSD1681, GDEY0154D67), 200x200.
func Epd1in54() Profile {
	return Profile{
		Glass: fourwire.Glass{
			Size: image.Pt(200, 200), PPI: 184,
			Full: 2 * time.Second, Fast: 1200 * time.Millisecond, Partial: 500 * time.Millisecond,
		},
		hot: []byte{0x64, 0x00},
	}
}

// Epd2in7V2 is Waveshare's 2.7 inch V2 (SSD1680, GDEY027T91), 264x176 on its
// side.
func Epd2in7V2() Profile {
	return Profile{
		Glass: fourwire.Glass{
			Size: image.Pt(176, 264), Turn: display.Quarter, PPI: 117,
			Full: 1700 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 500 * time.Millisecond,
		},
		hot: []byte{0x64, 0x00},
	}
}

// Epd2in9V2 is Waveshare's 2.9 inch V2 (SSD1680, GDEY029T94), 296x128 on its
// side.
func Epd2in9V2() Profile {
	return Profile{
		Glass: fourwire.Glass{
			Size: image.Pt(128, 296), Turn: display.Quarter, PPI: 112,
			Full: 1750 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 400 * time.Millisecond,
		},
		control: [2]byte{0x00, 0x80}, controlPartial: [2]byte{0x00, 0x80}, hot: []byte{0x5A, 0x00},
	}
}

// Epd4in2V2 is Waveshare's 4.2 inch V2 (SSD1683, GDEY042T81), 400x300. Its
// full waveform looks at the second memory unless told to take it as empty.
func Epd4in2V2() Profile {
	return Profile{
		Glass: fourwire.Glass{
			Size: image.Pt(400, 300), PPI: 120,
			Full: 1200 * time.Millisecond, Fast: 900 * time.Millisecond, Partial: 400 * time.Millisecond,
		},
		control: [2]byte{0x40, 0x00}, hot: []byte{0x6E, 0x00},
	}
}

// Epd4in26 is Waveshare's 4.26 inch (SSD1677, GDEQ0426T82), 800x480. Its
// gates are wired from the bottom.
func Epd4in26() Profile {
	return Profile{
		Glass: fourwire.Glass{
			Size: image.Pt(800, 480), PPI: 219,
			Full: 1600 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 600 * time.Millisecond,
		},
		gates: 0x02, pixels: true, bottomUp: true, control: [2]byte{0x40, 0x00}, hot: []byte{0x5A, 0x00},
		softStart: []byte{0xAE, 0xC7, 0xC3, 0xC0, 0x80},
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

// window opens all of the memory, and sets the counters to its first byte.
func (p Profile) window() [][]byte {
	top, bottom := 0, p.Size.Y-1
	if p.bottomUp {
		top, bottom = bottom, top
	}
	x, left := []byte{windowX, 0, byte((p.Size.X - 1) / 8)}, []byte{counterX, 0}
	if p.pixels {
		last := (p.Size.X+7)/8*8 - 1
		x, left = []byte{windowX, 0, 0, byte(last), byte(last >> 8)}, []byte{counterX, 0, 0}
	}
	return [][]byte{
		x, {windowY, byte(top), byte(top >> 8), byte(bottom), byte(bottom >> 8)},
		left, {counterY, byte(top), byte(top >> 8)},
	}
}

// setup is what follows a reset.
func (p Profile) setup() [][]byte {
	last := p.Size.Y - 1
	out := [][]byte{
		{softReset},
		{driverOutput, byte(last), byte(last >> 8), p.gates},
		{sensor, 0x80}, // the one inside
		{entryMode, p.entry()},
	}
	if p.softStart != nil {
		out = append(out, append([]byte{softStart}, p.softStart...))
	}
	return out
}
