package signal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"
)

// The kernel's interface to a sound card's knobs.
//
// Source: Linux, include/uapi/sound/asound.h.
const (
	ioctlList  = 3<<30 | uint(unsafe.Sizeof(knobList{}))<<16 | 0x5510
	ioctlInfo  = 3<<30 | uint(unsafe.Sizeof(knobInfo{}))<<16 | 0x5511
	ioctlRead  = 3<<30 | uint(unsafe.Sizeof(knobValue{}))<<16 | 0x5512
	ioctlWrite = 3<<30 | uint(unsafe.Sizeof(knobValue{}))<<16 | 0x5513

	knobSwitch, knobNumber = 1, 2
	knobWritable           = 1 << 1

	maxKnobs    = 256
	maxChannels = 128
)

// knobID is struct snd_ctl_elem_id.
type knobID struct {
	number, iface, device, sub uint32
	name                       [44]byte
	index                      uint32
}

// knobList is struct snd_ctl_elem_list.
type knobList struct {
	offset, space, used, count uint32
	ids                        *knobID
	_                          [50]byte
}

// knobInfo is struct snd_ctl_elem_info.
type knobInfo struct {
	id                         knobID
	kind, access, count, owner uint32
	least, most                int // of knobNumber
	_                          [128 - 2*unsafe.Sizeof(int(0)) + 64]byte
}

// knobValue is struct snd_ctl_elem_value: longs, in room for 64 64-bit
// numbers at least, at a place that can be divided by eight.
type knobValue struct {
	id     knobID
	_      [2]uint32
	values [maxChannels]int
	_      [128]byte
}

// loudness is what the knobs of a card are turned up to at least, in parts of
// a hundred. A card that nobody has turned up is often silent.
const loudness = 80

// turnUp turns the card up whose playing side is at path, so that clips can
// be heard.
func turnUp(path string) error {
	number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), "pcmC"), "D")
	f, err := os.OpenFile(filepath.Join(filepath.Dir(path), "controlC"+number), os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	c := card{f}
	return errors.Join(turnUpBy(c.control), f.Close())
}

func turnUpBy(control func(request uint, arg unsafe.Pointer) error) error {
	ids := make([]knobID, maxKnobs)
	list := knobList{space: maxKnobs, ids: &ids[0]}
	if err := control(ioctlList, unsafe.Pointer(&list)); err != nil {
		return err
	}
	var errs error
	for _, id := range ids[:min(list.used, maxKnobs)] {
		name, _, _ := bytes.Cut(id.name[:], []byte{0})
		if bytes.HasSuffix(name, []byte("Playback Volume")) || bytes.HasSuffix(name, []byte("Playback Switch")) {
			errs = errors.Join(errs, turn(id, control))
		}
	}
	return errs
}

// turn turns one knob up, or switches it on; one that is up already stays.
func turn(id knobID, control func(uint, unsafe.Pointer) error) error {
	info := knobInfo{id: id}
	if err := control(ioctlInfo, unsafe.Pointer(&info)); err != nil {
		return err
	}
	up := 1
	switch {
	case info.access&knobWritable == 0 || info.kind != knobSwitch && info.kind != knobNumber:
		return nil
	case info.kind == knobNumber:
		up = info.least + (info.most-info.least)/100*loudness + (info.most-info.least)%100*loudness/100
	}
	value := knobValue{id: info.id}
	if err := control(ioctlRead, unsafe.Pointer(&value)); err != nil {
		return err
	}
	changed := false
	for i := range min(info.count, maxChannels) {
		if value.values[i] < up {
			value.values[i], changed = up, true
		}
	}
	if !changed {
		return nil
	}
	return control(ioctlWrite, unsafe.Pointer(&value))
}
