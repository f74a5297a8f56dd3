package boot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// user is whom the kiosk runs as: someone who may use the devices below,
// write the state and set the battery clock, and nothing else. Only the first
// process is root.
const user = 1000

// devices are the kiosk's own: cameras, hand scanners, the panel's bus and
// pins, screens, what sound comes out of, and how loud.
func devices() []string {
	return []string{"video*", "media*", "input/event*", "ttyACM*", "ttyUSB*", "spidev*", "gpiochip*", "dri/card*", "snd/pcmC*D*p", "snd/controlC*"}
}

// lent are devices that the kiosk may only read. Battery clocks are set
// through a descriptor for reading, by who has the capability.
func (f *first) lent() []string {
	found, _ := filepath.Glob(f.path("/dev/rtc[0-9]*")) // the pattern is well formed
	for _, pattern := range []string{"sd[a-z]", "sd[a-z][a-z]"} {
		disks, _ := filepath.Glob(f.path("/dev/" + pattern)) // so is this
		found = append(found, slices.DeleteFunc(disks, func(name string) bool { return !f.stick(filepath.Base(name)) })...)
	}
	return found
}

// stick tells whether a disk is on the USB, and not what this board was
// started from.
func (f *first) stick(name string) bool {
	at, err := os.Readlink(f.path("/sys/block/" + name))
	return err == nil && strings.Contains(at, "/usb") && (f.disk == "" || !strings.HasPrefix(f.disk, "/dev/"+name))
}

// hand gives the kiosk its devices, those too that were plugged in since.
func (f *first) hand() {
	f.guardUSB()
	for _, pattern := range devices() {
		found, _ := filepath.Glob(f.path("/dev/" + pattern)) // the pattern is well formed
		for _, name := range found {
			if err := f.give(name, 0o600); err != nil {
				f.say("%s: %v", name, err)
			}
		}
	}
	for _, name := range f.lent() {
		if err := f.lend(name); err != nil {
			f.say("%s: %v", name, err)
		}
	}
}
