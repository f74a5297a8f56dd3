package main

import (
	"fmt"
	"os"
	"syscall"

	"badgekiosk/provision"
)

// openSlotDisk is the part of a card that another process left open.
func openSlotDisk(descriptor uintptr) (provision.SlotDisk, error) {
	f := os.NewFile(descriptor, "slot")
	if f == nil {
		return nil, fmt.Errorf("no slot is open as descriptor %d", descriptor)
	}
	return provision.SlotFile{File: f}, nil
}

// Source: prctl(2), PR_CAP_AMBIENT; capabilities(7): without an ambient set a
// program that is started next has no capability.
const (
	prAmbient = 47
	clearAll  = 4
)

// lowerPowers has whatever this process starts from now on, such as who reads
// a stick, start without the capability that this one was given.
func lowerPowers() error {
	if _, _, errno := syscall.AllThreadsSyscall6(syscall.SYS_PRCTL, prAmbient, clearAll, 0, 0, 0, 0); errno != 0 {
		return fmt.Errorf("giving up a capability: %w", errno)
	}
	return nil
}

// systemHere is what the first process of this board says of its slots.
func systemHere() (provision.Slots, provision.Put) { return provision.ReadSlots("/") }
