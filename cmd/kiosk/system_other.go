//go:build !linux

package main

import (
	"errors"

	"badgekiosk/provision"
)

// Cards of our own run Linux; elsewhere there are no slots.
func openSlotDisk(uintptr) (provision.SlotDisk, error) {
	return nil, errors.New("there are slots on a card of the kiosk's own alone")
}

func lowerPowers() error { return nil }
