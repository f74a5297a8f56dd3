// Package usb says which USB devices a kiosk takes: cameras, hand scanners,
// touch screens, loudspeakers, sticks and hubs. What an office plugs in by
// mistake, and what somebody plugs in on purpose, such as a stick that also
// types, is turned away as a whole before any driver has seen it.
//
// Sources: USB-IF, Defined Class Codes; Universal Serial Bus Specification
// 2.0, chapter 9; Linux, Documentation/usb/authorization.rst.
package usb

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// A Kind is what an interface of a device is for. The zero Kind is nothing
// that a kiosk knows.
type Kind int

// The kinds, in the order in which they are written.
const (
	Other Kind = iota
	Hub
	Storage
	Wired    // a board's own Ethernet
	Ethernet // an adapter
	Camera
	Sound
	Keyboard // what a hand scanner is, to a computer
	Serial   // or this
	Touch    // a touch screen, a scanner of the class for shops, buttons
	Pointer
	Data // belongs to a Serial or Ethernet beside it
	kinds
)

func (k Kind) String() string {
	return [kinds]string{"other", "hub", "storage", "wired", "ethernet", "camera", "sound", "keyboard", "serial", "touch", "pointer", "data"}[k]
}

// An Interface is one of a device's, by its codes for class, subclass and
// protocol. It is written as six hexadecimal digits.
type Interface struct{ Class, Subclass, Protocol byte }

func (i Interface) String() string {
	return fmt.Sprintf("%02x%02x%02x", i.Class, i.Subclass, i.Protocol)
}

// classes are the kinds by an interface's codes. The first that fits counts.
var classes = []struct {
	codes string // for path.Match and for udev
	kind  Kind
}{
	{"09????", Hub},
	{"08????", Storage},
	{"0e????", Camera},
	{"0101??", Sound}, // control
	{"0102??", Sound}, // and what is heard
	{"030101", Keyboard},
	{"0300??", Touch},
	{"03????", Pointer},
	{"02020[0-6]", Serial},
	{"0206??", Ethernet}, // ECM
	{"020d??", Ethernet}, // NCM
	{"0a????", Data},
}

// chips are devices whose interfaces have no class, by vendor and product.
var chips = []struct {
	vendor   uint16
	products string // for path.Match and for udev
	kind     Kind
}{
	{0x0424, "ec00", Wired},         // Pi 3 B
	{0x0424, "7800", Wired},         // Pi 3 B+
	{0x0bda, "815[2356]", Ethernet}, // Realtek
	{0x0b95, "772[0ab]", Ethernet},  // ASIX
	{0x0403, "60??", Serial},        // FTDI
	{0x10c4, "ea60", Serial},        // Silicon Labs CP210x
	{0x1a86, "7523", Serial},        // WCH CH341
}

// A Device is what a device says of itself: whose it is, and every interface
// of all its configurations.
type Device struct {
	Vendor, Product uint16
	Class           byte
	Interfaces      []Interface
}

// Kind is that of one of the device's interfaces.
func (d Device) Kind(i Interface) Kind {
	for _, c := range chips {
		if ok, _ := path.Match(c.products, fmt.Sprintf("%04x", d.Product)); ok && c.vendor == d.Vendor { // the pattern is well formed
			return c.kind
		}
	}
	for _, c := range classes {
		if ok, _ := path.Match(c.codes, i.String()); ok { // so is this
			return c.kind
		}
	}
	return Other
}

// Errors of [Device.Admit].
var (
	ErrMixed  = errors.New("one device that is two things, of which no kiosk takes both")
	ErrClass  = errors.New("no kiosk has a use for it")
	ErrNoSync = errors.New("the signed settings name no address to fetch bundles from, so this kiosk takes no network adapter")
)

// Admit is the kinds of a device's interfaces that may have a driver, or why
// the whole device is turned away. An adapter for Ethernet is taken only
// where a network is wanted.
func (d Device) Admit(network bool) ([]Kind, error) {
	var has set
	for _, i := range d.Interfaces {
		has |= one(d.Kind(i))
	}
	may, err := admit(has, network)
	if d.Class == hubClass && may != one(Hub) {
		err = ErrMixed // the driver for hubs goes by the device's class alone
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", has, err)
	}
	return may.kinds(), nil
}

const hubClass = 9

// admit decides by the set of what a device is.
//
// A camera or a loudspeaker often has buttons, which do nothing here. All
// else that is two things at once is no honest device for a kiosk, above all
// a stick, or a network, that types.
func admit(has set, network bool) (may set, err error) {
	known := has &^ (one(Other) | one(Data))
	for _, alone := range []Kind{Hub, Storage, Wired, Ethernet} {
		switch {
		case known&one(alone) == 0:
		case known != one(alone):
			return 0, ErrMixed
		case alone == Ethernet && !network:
			return 0, ErrNoSync
		default:
			return known | has&one(Data), nil
		}
	}
	seen := known & (one(Camera) | one(Sound))
	typed := known & (one(Keyboard) | one(Serial))
	switch {
	case seen != 0 && typed != 0:
		return 0, ErrMixed
	case seen != 0:
		return seen, nil
	case typed|known&one(Touch) != 0:
		return typed | known&one(Touch) | has&one(Data), nil
	}
	return 0, ErrClass
}

// A set is of kinds.
type set uint

func one(k Kind) set { return 1 << k }

func (s set) kinds() (all []Kind) {
	for k := range kinds {
		if s&one(k) != 0 {
			all = append(all, k)
		}
	}
	return all
}

func (s set) String() string {
	var names []string
	for _, k := range s.kinds() {
		names = append(names, k.String())
	}
	return strings.Join(names, " and ")
}

// Has tells whether kinds holds the kind of one of the device's interfaces.
func (d Device) Has(kinds []Kind, i Interface) bool { return slices.Contains(kinds, d.Kind(i)) }
