package display

import "errors"

// What can go wrong with a panel. Drivers wrap them with what they were
// doing; each says where to look. After any of them the next Show starts over
// with a reset and a full refresh.
var (
	// ErrBusyTimeout: BUSY said for too long that the panel is working.
	ErrBusyTimeout = errors.New("the panel stays busy: look at the BUSY and RST wires, the ribbon and the panel's power")
	// ErrNeverBusy: BUSY did not answer a command that takes time.
	ErrNeverBusy = errors.New("the panel does not answer: look at the BUSY, DC, CS, DIN and CLK wires, and whether it is plugged in")
	// ErrCutShort: a refresh ended long before its time.
	ErrCutShort = errors.New("the panel has stopped while it changed: look at its power, and whether the ribbon sits well")
	// ErrBus: the computer could not send.
	ErrBus = errors.New("the SPI bus does not send: look whether SPI is switched on and nothing else uses it")
	// ErrPin: a wire could not be set.
	ErrPin = errors.New("a GPIO line cannot be used: look whether something else holds it")
	// ErrNoScreen: the kernel finds no screen.
	ErrNoScreen = errors.New("no screen is connected: look at its cable and its power")
	// ErrPicture: the picture was not drawn for this panel.
	ErrPicture = errors.New("the picture does not have the panel's size and inks")
)
