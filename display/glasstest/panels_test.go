package glasstest

import "testing"

// TestDrive puts every e-paper driver through everything.
func TestDrive(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { Drive(t, name, connects[name]) })
	}
}
