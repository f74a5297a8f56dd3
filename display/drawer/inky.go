package drawer

import (
	"fmt"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/devices/v3/inky"

	"badgekiosk/display"
)

// Size and pitch of Pimoroni's Inky wHAT.
const (
	whatWidth, whatHeight = 400, 300
	whatPPI               = 119 // 4.2 inch
)

// InkyWHAT connects Pimoroni's Inky wHAT, a 4.2 inch e-paper with its own
// waveforms, by periph's driver of it. All of it changes for every picture,
// which takes many seconds: it is for posters. Nothing is sent before the first
// Show. The error is display.ErrPin, wrapped, if a wire is missing, or
// display.ErrBus.
//
// Source: periph.io/x/devices/v3/inky.
func InkyWHAT(port spi.Port, dc, reset gpio.PinOut, busy gpio.PinIn) (*Panel, error) {
	if dc == nil || reset == nil || busy == nil {
		return nil, fmt.Errorf("drawer: %w (an Inky wHAT needs dc, reset and busy)", display.ErrPin)
	}
	// The driver keeps its own size for the model only if it is told one.
	dev, err := inky.New(port, dc, reset, busy, &inky.Opts{
		Model: inky.WHAT, ModelColor: inky.Black, BorderColor: inky.White, Width: whatWidth, Height: whatHeight,
	})
	if err != nil {
		return nil, fmt.Errorf("drawer: %w: %w", display.ErrBus, err)
	}
	return New(dev, whatPPI), nil
}
