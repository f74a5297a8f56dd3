package uc81xx

import (
	"image"
	"time"

	"periph.io/x/conn/v3/physic"

	"badgekiosk/display"
)

// A Profile is a panel that one can buy.
type Profile struct {
	Size  image.Point      // as the controller counts
	Turn  display.Turn     // from the controller's upright to how the panel is mounted
	PPI   int              // pixels an inch
	Clock physic.Frequency // 0 is 10 MHz
	// How long each refresh takes; waits allow twice that and a second.
	Full, Fast, Partial time.Duration

	quick bool // has waveforms for fast and partial refreshes in its memory
}

// Epd7in5V2 is Waveshare's 7.5 inch V2, 800x480, as sold since autumn 2023
// (GDEY075T7).
func Epd7in5V2() Profile {
	return Profile{
		Size: image.Pt(800, 480), PPI: 124, quick: true,
		Full: 3500 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 450 * time.Millisecond,
	}
}

// Epd7in5V2Old is the same product as sold before (GDEW075T7). It has no
// waveform but the full one: every refresh is Full.
func Epd7in5V2Old() Profile {
	return Profile{Size: image.Pt(800, 480), PPI: 124, Full: 4200 * time.Millisecond}
}

// Epd5in83 is Waveshare's 5.83 inch V2 (UC8179, GDEQ0583T31), 648x480.
func Epd5in83() Profile {
	return Profile{
		Size: image.Pt(648, 480), PPI: 139, quick: true,
		Full: 3500 * time.Millisecond, Fast: 1200 * time.Millisecond, Partial: 500 * time.Millisecond,
	}
}
