package boot

import "path/filepath"

// user is whom the kiosk runs as: someone who may do nothing but use the
// devices below and write the state. Only the first process is root.
const user = 1000

// devices are what a kiosk needs: cameras, hand scanners, the panel's bus and
// pins, screens.
func devices() []string {
	return []string{"video*", "media*", "input/event*", "ttyACM*", "ttyUSB*", "spidev*", "gpiochip*", "dri/card*"}
}

// hand gives the kiosk its devices, those too that were plugged in since.
func (f *first) hand() {
	for _, pattern := range devices() {
		found, _ := filepath.Glob(f.path("/dev/" + pattern)) // the pattern is well formed
		for _, name := range found {
			if err := f.give(name, 0o600); err != nil {
				f.say("%s: %v", name, err)
			}
		}
	}
}
