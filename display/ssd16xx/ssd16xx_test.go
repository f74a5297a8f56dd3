package ssd16xx

import (
	"testing"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glasstest"
)

func TestDrive(t *testing.T) {
	for name, p := range map[string]Profile{"epd-2in13-v4": Epd2in13V4()} {
		t.Run(name, func(t *testing.T) {
			glasstest.Drive(t, name, func(w fourwire.Wires) (display.Panel, error) { return New(w, p) })
		})
	}
}
