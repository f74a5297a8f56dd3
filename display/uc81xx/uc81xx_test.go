package uc81xx

import (
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glasstest"
)

func TestDrive(t *testing.T) {
	for name, p := range map[string]Profile{"epd-7in5-v2": Epd7in5V2(), "epd-7in5-v2-old": Epd7in5V2Old()} {
		t.Run(name, func(t *testing.T) {
			glasstest.Drive(t, name, func(w fourwire.Wires) (display.Panel, error) { return New(w, p) })
		})
	}
}
