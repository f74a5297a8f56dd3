package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"badgekiosk/verify/reason"
)

// portsLook is how often a kiosk looks whether a USB device was turned away.
// Whoever guards the ports judges a new one well within it.
const portsLook = 3 * time.Second

// errTurnedAway says that a device is not used. Which it is, the guard says.
var errTurnedAway = errors.New("a USB device was turned away")

// turnedAway is how many USB devices are plugged in that the guard did not let
// in: on a card the first process, elsewhere udev by the rules of kiosk
// install.
//
// Source: Linux, Documentation/usb/authorization.rst.
func turnedAway(root string) (n int) {
	found, _ := filepath.Glob(filepath.Join(root, "sys/bus/usb/devices/[0-9]*-*/authorized")) // the pattern is well formed
	for _, name := range found {
		if strings.Contains(filepath.Base(filepath.Dir(name)), ":") {
			continue // an interface: its device is let in
		}
		if data, err := os.ReadFile(name); err == nil && strings.TrimSpace(string(data)) == "0" {
			n++
		}
	}
	return n
}

// ports says once of each device that was turned away that it was, on the
// glass too unless somebody reads there; and that all are gone.
func (a *appliance) ports(ctx context.Context) {
	before, told := 0, 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(portsLook):
		}
		n := a.turnedAway()
		settled, changed := n == before, n != told
		if before = n; !settled || !changed {
			continue // a new one is not judged yet, or nothing is new
		}
		more := n > told
		told = n
		a.post(ctx, func() { a.tellPorts(n, more) })
	}
}

func (a *appliance) tellPorts(n int, more bool) {
	if n == 0 {
		a.feel(reason.HUSB, nil)
		return
	}
	a.feel(reason.HUSB, errTurnedAway)
	if more && a.kiosk.now.rests {
		a.kiosk.put(brief(notTaken(a.kiosk.speech())))
	}
}
