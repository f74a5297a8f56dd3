package uc81xx

import (
	"image"
	"time"

	"badgekiosk/display/fourwire"
)

// A Profile is a panel that one can buy. One without waveforms for fast and
// partial refreshes in its memory has a Fast and a Partial of 0: every refresh
// is Full.
type Profile struct{ fourwire.Glass }

// Epd7in5V2 is Waveshare's 7.5 inch V2, 800x480, as sold since autumn 2023
// (GDEY075T7).
func Epd7in5V2() Profile {
	return Profile{fourwire.Glass{
		Size: image.Pt(800, 480), PPI: 124,
		Full: 3500 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 450 * time.Millisecond,
	}}
}

// Epd7in5V2Old is the same product as sold before (GDEW075T7). It has no
// waveform but the full one.
func Epd7in5V2Old() Profile {
	return Profile{fourwire.Glass{Size: image.Pt(800, 480), PPI: 124, Full: 4200 * time.Millisecond}}
}

// Epd5in83 is Waveshare's 5.83 inch V2 (UC8179, GDEQ0583T31), 648x480.
func Epd5in83() Profile {
	return Profile{fourwire.Glass{
		Size: image.Pt(648, 480), PPI: 139,
		Full: 3500 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 500 * time.Millisecond,
	}}
}

// quick tells whether there are waveforms besides the full one.
func (p Profile) quick() bool { return p.Partial != 0 }

// setup is what follows a reset.
func (p Profile) setup() [][]byte {
	w, h := p.Size.X, p.Size.Y
	return [][]byte{
		{powerSetting, 0x07, 0x07, 0x3F, 0x3F},
		{boosterStart, 0x17, 0x17, 0x28, 0x17}, // without it new panels fade to white
		{panelSetting, 0x1F},                   // black and white, waveform from the panel's memory
		{resolution, byte(w >> 8), byte(w), byte(h >> 8), byte(h)},
		{dualSPI, 0x00},
		{tcon, 0x22},
	}
}
