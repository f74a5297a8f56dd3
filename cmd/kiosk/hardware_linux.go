package main

import (
	"errors"
	"fmt"
	"os"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/conn/v3/spi/spireg"
	_ "periph.io/x/host/v3/gpioioctl" // pins by /dev/gpiochip*, never by /dev/mem
	_ "periph.io/x/host/v3/sysfs"     // buses by /dev/spidev*

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/kms"
	"badgekiosk/display/press"
	lights "badgekiosk/display/signal"
	"badgekiosk/provision"
	"badgekiosk/scanner"
	"badgekiosk/scanner/hid"
	"badgekiosk/scanner/rpicam"
	"badgekiosk/scanner/v4l2"
)

// openPanel connects the panel of a configuration.
func openPanel(c panelConfig) (display.Panel, error) {
	kind, err := panelNamed(c.Name)
	if err != nil {
		return nil, err
	}
	if kind.connect == nil {
		return kms.Open(c.Device)
	}
	if _, err := driverreg.Init(); err != nil {
		return nil, fmt.Errorf("buses and pins: %w", err)
	}
	port, err := spireg.Open(c.SPI)
	if err != nil {
		return nil, fmt.Errorf("%w (%s: %w)", display.ErrBus, c.SPI, err)
	}
	w := fourwire.Wires{Port: port}
	err = lines("panel", display.ErrPin, map[string]wired{
		"dc": {c.DC, func(p gpio.PinIO) { w.DC = p }}, "reset": {c.Reset, func(p gpio.PinIO) { w.Reset = p }},
		"busy": {c.Busy, func(p gpio.PinIO) { w.Busy = p }}, "light": {c.Light, func(p gpio.PinIO) { w.Light = p }},
	})
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	panel, err := kind.connect(w)
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	return panel, nil
}

// openCamera starts what sees, or hears, the badges.
func openCamera(c cameraConfig) (scanner.Camera, error) {
	switch c.Kind {
	case "ribbon":
		return rpicam.Open(c.Width, c.Height)
	case "hand":
		return firstOf(c.Device, hid.Find(), "no hand scanner is plugged in", func(path string) (scanner.Camera, error) {
			if hid.IsSerial(path) {
				return hid.OpenSerial(path, c.Baud)
			}
			return hid.Open(path, c.Layout)
		})
	}
	return firstOf(c.Device, v4l2.Find(), "no camera is plugged in", func(path string) (scanner.Camera, error) {
		return v4l2.Open(path, c.Width, c.Height)
	})
}

// firstOf opens the device that is named, or the first of those found that
// opens.
func firstOf(named string, found []string, none string, open func(string) (scanner.Camera, error)) (scanner.Camera, error) {
	if named != "" {
		return open(named)
	}
	all := errors.New(none)
	for i, path := range found {
		camera, err := open(path)
		if err == nil {
			return camera, nil
		}
		if i == 0 {
			all = err
		} else {
			all = errors.Join(all, err)
		}
	}
	return nil, all
}

// A wired is a GPIO line, by its number, and what it is for. Line 0 is none.
type wired struct {
	line int
	use  func(gpio.PinIO)
}

// lines finds the pins of a part's wires.
func lines(part string, kind error, wires map[string]wired) error {
	for name, w := range wires {
		if w.line == 0 {
			continue
		}
		pin := gpioreg.ByName(fmt.Sprintf("GPIO%d", w.line))
		if pin == nil {
			return fmt.Errorf("%w (%s.%s: there is no GPIO%d)", kind, part, name, w.line)
		}
		w.use(pin)
	}
	return nil
}

// errLine says that a line beside the panel's is not there.
var errLine = errors.New("a GPIO line is missing; look at its number in kiosk.json")

// openButtons listens to the buttons and to touch.
func openButtons(c buttonConfig) (*press.Presses, error) {
	if _, err := driverreg.Init(); err != nil {
		return nil, fmt.Errorf("buses and pins: %w", err)
	}
	w := press.Wiring{Touch: c.Touch, Turn: c.Turn}
	err := lines("buttons", errLine, map[string]wired{
		"next": {c.Next, func(p gpio.PinIO) { w.Next = p }}, "back": {c.Back, func(p gpio.PinIO) { w.Back = p }},
		"menu": {c.Menu, func(p gpio.PinIO) { w.Menu = p }},
	})
	if err != nil {
		return nil, err
	}
	return press.Open(w)
}

// openSignals connects the lights, the buzzer and the voice.
func openSignals(c signalConfig) (*lights.Signals, error) {
	if _, err := driverreg.Init(); err != nil {
		return nil, fmt.Errorf("buses and pins: %w", err)
	}
	w := lights.Wiring{Inverted: c.Inverted, Tonal: c.Tonal}
	err := lines("signals", errLine, map[string]wired{
		"red": {c.Red, func(p gpio.PinIO) { w.Red = p }}, "green": {c.Green, func(p gpio.PinIO) { w.Green = p }},
		"blue": {c.Blue, func(p gpio.PinIO) { w.Blue = p }}, "buzzer": {c.Buzzer, func(p gpio.PinIO) { w.Buzzer = p }},
	})
	if err != nil {
		return nil, err
	}
	if c.Voice != "" {
		sound := lights.Sound{Clips: os.DirFS(c.Voice), Headphones: c.Headphones, Volume: c.Volume}
		w.Voice = lights.FirstVoice(lights.Clips(sound), lights.ESpeak(c.Headphones))
	}
	return lights.New(w), nil
}

// realBoard is the board that this program runs on.
func realBoard() board {
	fetch, _ := fetchApart() // without a program's path there is no kiosk either
	return board{system: systemHere, openPanel: openPanel, openCamera: openCamera, openButtons: openButtons, openSignals: openSignals,
		watchSticks: watchSticks, fetch: fetch, listen: listenStatus,
		turnedAway: func() int { return turnedAway("/") },
		clocks:     &clocks{ntp: provision.ReadNTP, rtc: provision.ReadRTC, setRTC: provision.WriteRTC}}
}
