package signal

import (
	"bytes"
	"cmp"
	"math"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel's interface to a sound card's knobs.
//
// Source: Linux, include/uapi/sound/asound.h.
const (
	ioctlList  = 3<<30 | uint(unsafe.Sizeof(knobList{}))<<16 | 0x5510
	ioctlInfo  = 3<<30 | uint(unsafe.Sizeof(knobInfo{}))<<16 | 0x5511
	ioctlRead  = 3<<30 | uint(unsafe.Sizeof(knobValue{}))<<16 | 0x5512
	ioctlWrite = 3<<30 | uint(unsafe.Sizeof(knobValue{}))<<16 | 0x5513

	ioctlScale = 3<<30 | 8<<16 | 0x551a // of knobScale without its data

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

// knobScale is struct snd_ctl_tlv: what a knob's numbers are in decibels.
type knobScale struct {
	number, size uint32
	data         [16]uint32 // kind, bytes that follow, and those
}

// decibels are what a knob's least and most are, in hundredths; ok is false
// where the card does not say.
//
// Source: Linux, include/uapi/sound/tlv.h.
func (k *knobs) decibels(id knobID, steps int) (least, most int, ok bool) {
	const scale, minMax, minMaxMute = 1, 4, 5
	s := knobScale{number: id.number}
	s.size = uint32(unsafe.Sizeof(s.data))
	if err := k.control(ioctlScale, unsafe.Pointer(&s)); err != nil {
		return 0, 0, false
	}
	least, most = int(int32(s.data[2])), int(int32(s.data[3]))
	switch s.data[0] {
	case scale:
		most = least + int(s.data[3]&0xffff)*steps
	case minMax, minMaxMute:
	default:
		return 0, 0, false
	}
	return least, most, most > least
}

// heardAs is the place of a knob, of so many steps, at which it sounds as loud
// as level, in parts of a hundred of the most: half as loud is 18 dB less.
// Without decibels it is that part of the way.
//
// Source: alsa-utils, alsamixer/volume_mapping.c.
func (k *knobs) heardAs(id knobID, steps, level int) int {
	least, most, ok := k.decibels(id, steps)
	if !ok {
		return steps/100*level + steps%100*level/100
	}
	at := float64(most) + 6000*math.Log10(float64(level)/100)
	return int(math.Round(float64(steps) * max(0, at-float64(least)) / float64(most-least)))
}

// loudness is what the knobs of a card are turned up to at least, in parts of
// a hundred. A card that nobody has turned up is often silent.
const loudness = 80

// knobs are a card's: how loud it is, and what is plugged in. None can be
// reached of a nil *knobs.
type knobs struct {
	file
	control func(request uint, arg unsafe.Pointer) error
	all     []knobID
}

// openKnobs opens those of the card whose playing side is at path. A card
// without is as loud as it is, and says nothing of headphones.
func openKnobs(path string) *knobs {
	f, err := open(filepath.Join(filepath.Dir(path), "controlC"+cardOf(path)), unix.O_RDWR)
	if err != nil {
		return nil
	}
	k := &knobs{file: f, control: f.control}
	if err := k.list(); err != nil {
		_ = k.Close() // nothing was written to it
		return nil
	}
	return k
}

func (k *knobs) Close() error {
	if k == nil {
		return nil
	}
	return k.file.Close()
}

func (k *knobs) list() error {
	ids := make([]knobID, maxKnobs)
	list := knobList{space: maxKnobs, ids: &ids[0]}
	if err := k.control(ioctlList, unsafe.Pointer(&list)); err != nil {
		return err
	}
	k.all = ids[:min(list.used, maxKnobs)]
	return nil
}

func (id *knobID) String() string {
	name, _, _ := bytes.Cut(id.name[:], []byte{0})
	return string(name)
}

// turnUp turns the card up, to exactly volume if that is not 0. A knob that
// does not turn costs nobody a word.
func (k *knobs) turnUp(volume int) {
	if k == nil {
		return
	}
	for _, id := range k.all {
		if name := id.String(); strings.HasSuffix(name, "Playback Volume") || strings.HasSuffix(name, "Playback Switch") {
			_ = k.turn(id, volume) // it is as loud as it was
		}
	}
}

// turn turns one knob, or switches it on. Without a volume, one that is up
// already stays.
func (k *knobs) turn(id knobID, volume int) error {
	info := knobInfo{id: id}
	if err := k.control(ioctlInfo, unsafe.Pointer(&info)); err != nil {
		return err
	}
	up, level := 1, cmp.Or(volume, loudness)
	switch {
	case info.access&knobWritable == 0 || info.kind != knobSwitch && info.kind != knobNumber:
		return nil
	case info.kind == knobNumber:
		up = info.least + k.heardAs(id, info.most-info.least, level)
	}
	value := knobValue{id: info.id}
	if err := k.control(ioctlRead, unsafe.Pointer(&value)); err != nil {
		return err
	}
	changed := false
	for i := range min(info.count, maxChannels) {
		if value.values[i] < up || volume != 0 && value.values[i] != up {
			value.values[i], changed = up, true
		}
	}
	if !changed {
		return nil
	}
	return k.control(ioctlWrite, unsafe.Pointer(&value))
}

// worn tells whether headphones are plugged in, as far as the card knows: by
// the jack, "Headphone Jack", or, where it has none that is watched, by being
// a headset itself, as USB ones say by the names of their knobs.
func (k *knobs) worn() bool {
	if k == nil {
		return false
	}
	jack, headset := false, false
	for _, id := range k.all {
		name := id.String()
		headset = headset || strings.HasPrefix(name, "Headset ") && strings.Contains(name, "Playback")
		if !strings.HasSuffix(name, " Jack") || strings.Contains(name, "Phantom") || !strings.Contains(name, "Headphone") && !strings.Contains(name, "Headset") {
			continue // a phantom is a jack that nobody watches
		}
		jack = true
		value := knobValue{id: id}
		if err := k.control(ioctlRead, unsafe.Pointer(&value)); err == nil && value.values[0] != 0 {
			return true
		}
	}
	return headset && !jack
}
