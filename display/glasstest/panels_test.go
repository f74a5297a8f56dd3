package glasstest

import (
	"strings"
	"testing"
)

// TestDrive puts every driver through everything.
func TestDrive(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "lcd-") {
				DriveLCD(t, name, connects[name])
			} else {
				Drive(t, name, connects[name])
			}
		})
	}
}
