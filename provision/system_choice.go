package provision

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"badgekiosk/provision/stick"
)

// A Slot is one of the two places for a system on a card; 0 is neither.
type Slot byte

// The slots.
const (
	SlotA Slot = 'a'
	SlotB Slot = 'b'
)

// Other is the slot beside s.
func (s Slot) Other() Slot {
	switch s {
	case SlotA:
		return SlotB
	case SlotB:
		return SlotA
	}
	return 0
}

// Part is the part of the card that the slot is, 0 for neither.
func (s Slot) Part() int {
	if s != SlotA && s != SlotB {
		return 0
	}
	return int(s-SlotA) + firstSlot
}

// String is the slot's letter.
func (s Slot) String() string {
	if s.Part() == 0 {
		return "?"
	}
	return string(s)
}

// firstSlot is the part of the card that slot A is.
const firstSlot = 2

// RunningSlot is the slot that was started, as the firmware told the kernel
// by its arguments ("kiosk.slot=a") and in the device tree's
// /chosen/bootloader/partition, which may be nil. Where neither says so, or
// they contradict each other, it is 0.
//
// Source: Raspberry Pi documentation, "Device trees, overlays, and
// parameters", "Firmware parameters".
func RunningSlot(arguments string, partition []byte) (s Slot) {
	for _, word := range strings.Fields(arguments) {
		if letter, ok := strings.CutPrefix(word, "kiosk.slot="); ok && len(letter) == 1 {
			s = Slot(letter[0])
		}
	}
	if s.Part() == 0 {
		s = 0
	}
	if len(partition) != 4 {
		return s
	}
	by := Slot(0)
	for _, one := range []Slot{SlotA, SlotB} {
		if binary.BigEndian.Uint32(partition) == uint32(one.Part()) {
			by = one
		}
	}
	if s != 0 && by != 0 && s != by {
		return 0
	}
	return max(s, by)
}

// choiceFile tells the firmware which slot to start, on the card's first
// part.
const choiceFile = "autoboot.txt"

// choiceKey stands before the number of a part, once for every start and once
// for one that is tried.
const choiceKey = "boot_partition="

// A Choice is which slot a card starts, and which it tries once when it is
// asked to. It stands in one sector of the card, as two digits.
//
// Source: Raspberry Pi documentation, "autoboot.txt".
type Choice struct {
	Usual, Tried Slot
	at           int64 // of its sector on the part
	sector       [slotSector]byte
	digits       [2]int // where in the sector they are: of Usual, of Tried
}

// ReadChoice reads the choice on part, the card's first. The error names what
// is not as we write it: then the card is left alone.
func ReadChoice(part io.ReaderAt) (c Choice, err error) {
	volumes, err := stick.Volumes(part)
	if err != nil {
		return c, err
	}
	at, size, err := stick.Place(volumes[0], choiceFile)
	if err != nil {
		return c, err
	}
	if size > slotSector || at%slotSector != 0 {
		return c, fmt.Errorf("%s has %d bytes at %d: it must be in one sector of %d", choiceFile, size, at, slotSector)
	}
	c.at = at
	if _, err := part.ReadAt(c.sector[:], at); err != nil {
		return c, err
	}
	return c, c.parse(c.sector[:size])
}

// parse finds the two digits.
func (c *Choice) parse(text []byte) error {
	section, found := "", 0
	for at := 0; at < len(text); {
		line, _, _ := bytes.Cut(text[at:], []byte("\n"))
		switch number, is := bytes.CutPrefix(line, []byte(choiceKey)); {
		case bytes.HasPrefix(line, []byte("[")):
			section = string(line)
		case is:
			want := []string{"[all]", "[tryboot]"}
			if found > 1 || section != want[found] || len(number) != 1 {
				return fmt.Errorf("%s has %q under %q", choiceFile, line, section)
			}
			c.digits[found] = at + len(choiceKey)
			found++
		}
		at += len(line) + 1
	}
	if found != len(c.digits) || !bytes.Contains(text, []byte("tryboot_a_b=1\n")) {
		return fmt.Errorf("%s is not one that names two slots: %q", choiceFile, text)
	}
	c.Usual, c.Tried = slotOf(text[c.digits[0]]), slotOf(text[c.digits[1]])
	if c.Usual == 0 || c.Tried == 0 {
		return fmt.Errorf("%s names parts %q and %q, which are no slots", choiceFile, text[c.digits[0]], text[c.digits[1]])
	}
	return nil
}

func slotOf(digit byte) Slot {
	for _, s := range []Slot{SlotA, SlotB} {
		if digit == byte('0'+s.Part()) {
			return s
		}
	}
	return 0
}

// Start makes usual the slot that the card starts from now on, and the other
// the one that it tries when it is asked to. It writes one sector, in its
// place, of which two bytes change: whichever of them are on the card when the
// power goes, the firmware is led to one of the two slots.
//
// The error is that of a card that does not take it, or that reads back
// another.
func (c *Choice) Start(part SlotDisk, usual Slot) error {
	if usual.Part() == 0 {
		return fmt.Errorf("slot %s: there are A and B", usual)
	}
	next := *c
	next.Usual, next.Tried = usual, usual.Other()
	for i, s := range []Slot{next.Usual, next.Tried} {
		next.sector[next.digits[i]] = byte('0' + s.Part())
	}
	if next.sector == c.sector {
		return nil
	}
	if _, err := part.WriteAt(next.sector[:], next.at); err != nil {
		return onCard(err)
	}
	if err := part.Sync(); err != nil {
		return onCard(err)
	}
	if err := part.Forget(); err != nil {
		return onCard(err)
	}
	again, err := ReadChoice(part)
	if err != nil {
		return onCard(err)
	}
	if again != next {
		return onCard(fmt.Errorf("it was to start slot %s, and starts %s", usual, again.Usual))
	}
	*c = next
	return nil
}
