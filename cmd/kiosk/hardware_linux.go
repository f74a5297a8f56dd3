package main

import (
	"errors"
	"fmt"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/conn/v3/spi/spireg"
	_ "periph.io/x/host/v3/gpioioctl" // pins by /dev/gpiochip*, never by /dev/mem
	_ "periph.io/x/host/v3/sysfs"     // buses by /dev/spidev*

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/kms"
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
	for _, p := range []struct {
		name string
		line int
		set  func(gpio.PinIO)
	}{
		{"dc", c.DC, func(p gpio.PinIO) { w.DC = p }},
		{"reset", c.Reset, func(p gpio.PinIO) { w.Reset = p }},
		{"busy", c.Busy, func(p gpio.PinIO) { w.Busy = p }},
		{"light", c.Light, func(p gpio.PinIO) { w.Light = p }},
	} {
		if p.line == 0 {
			continue
		}
		pin := gpioreg.ByName(fmt.Sprintf("GPIO%d", p.line))
		if pin == nil {
			return nil, errors.Join(fmt.Errorf("%w (%s: there is no GPIO%d)", display.ErrPin, p.name, p.line), port.Close())
		}
		p.set(pin)
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
