package usb

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Descriptors, by their type, and how long each is at least.
// Source: USB 2.0, table 9-5, 9.6.1, 9.6.5.
const (
	deviceType, deviceSize       = 1, 18
	interfaceType, interfaceSize = 4, 9
)

// MaxDescriptors is the most bytes of descriptors that are looked at: those
// of eight configurations, which no device has.
const MaxDescriptors = 512 << 10

// maxInterfaces is how many different ones a device may have.
const maxInterfaces = 64

// Parse reads a device's descriptors as Linux shows them in the file of that
// name, before the device is used: the device's own, then each of its
// configurations. What does not end where it says is an error: such a device
// is not understood, so it is not taken.
func Parse(all []byte) (d Device, err error) {
	if len(all) < deviceSize || all[0] != deviceSize || all[1] != deviceType {
		return d, fmt.Errorf("%d bytes, which do not begin with a device's descriptor", len(all))
	}
	if len(all) > MaxDescriptors {
		return d, fmt.Errorf("%d bytes of descriptors, more than %d", len(all), MaxDescriptors)
	}
	d = Device{Class: all[4], Vendor: binary.LittleEndian.Uint16(all[8:]), Product: binary.LittleEndian.Uint16(all[10:])}
	for rest := all[deviceSize:]; len(rest) > 0; {
		size := int(rest[0])
		if size < 2 || size > len(rest) {
			return Device{}, fmt.Errorf("a descriptor of %d bytes, %d before the end", size, len(rest))
		}
		if rest[1] == interfaceType {
			if size < interfaceSize {
				return Device{}, fmt.Errorf("an interface's descriptor of %d bytes, want %d", size, interfaceSize)
			}
			if i := (Interface{rest[5], rest[6], rest[7]}); !slices.Contains(d.Interfaces, i) {
				d.Interfaces = append(d.Interfaces, i)
			}
			if len(d.Interfaces) > maxInterfaces {
				return Device{}, fmt.Errorf("more than %d kinds of interfaces", maxInterfaces)
			}
		}
		rest = rest[size:]
	}
	return d, nil
}
