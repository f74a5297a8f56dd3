package mipi

import (
	"image"

	"periph.io/x/conn/v3/physic"
)

// A Profile is a panel that one can buy.
type Profile struct {
	Size  image.Point      // as a person sees it
	PPI   int              // pixels an inch
	Clock physic.Frequency // that the panel stands

	mode     byte        // address mode: how the glass is mounted and wired
	offset   image.Point // of the first pixel in the controller's memory
	inverted bool        // the glass shows the opposite of what it is sent
	wide     bool        // behind shift registers: commands of 16 bits
}

// Bits of the address mode.
const (
	mirrorY  = 0x80
	mirrorX  = 0x40
	exchange = 0x20 // rows for columns
	bgr      = 0x08 // the glass is wired blue, green, red
)

// ILI9341 is the usual 2.4 to 3.2 inch module, 240x320 upright.
func ILI9341() Profile {
	return Profile{Size: image.Pt(240, 320), PPI: 143, Clock: 40 * physic.MegaHertz, mode: mirrorX | bgr}
}

// ST7789 is the 1.3 inch square hat, 240x240 of the controller's 240x320.
func ST7789() Profile {
	return Profile{Size: image.Pt(240, 240), PPI: 261, Clock: 40 * physic.MegaHertz, inverted: true}
}

// ST7796 is the 3.5 inch module, 480x320 on its side.
func ST7796() Profile {
	return Profile{Size: image.Pt(480, 320), PPI: 165, Clock: 40 * physic.MegaHertz, mode: mirrorX | mirrorY | exchange | bgr}
}

// ILI9486 is the 3.5 inch hat for the Raspberry Pi, 480x320 on its side,
// behind shift registers.
func ILI9486() Profile {
	return Profile{Size: image.Pt(480, 320), PPI: 165, Clock: 16 * physic.MegaHertz, mode: mirrorX | mirrorY | exchange | bgr, wide: true}
}
