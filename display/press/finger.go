package press

import (
	"encoding/binary"
	"time"
	"unsafe"
)

// Hold is how long a finger stays on the glass to mean Menu.
const Hold = time.Second

// Events of the kernel's input devices. Source: Linux,
// include/uapi/linux/input-event-codes.h, and
// Documentation/input/multi-touch-protocol.rst.
const (
	evSyn, evKey, evAbs = 0, 1, 3

	synReport, synDropped = 0, 3

	btnToolFinger, btnTouch = 0x145, 0x14a

	absX, absY     = 0x00, 0x01
	absMTSlot      = 0x2f
	absMTPositionX = 0x35
	absMTPositionY = 0x36
	absMTTracking  = 0x39

	timeSize  = 2 * unsafe.Sizeof(uintptr(0)) // struct timeval
	eventSize = int(timeSize) + 8
)

// An axis is where a finger can be: from least to most.
type axis struct{ least, most int32 }

// part is where on the axis v is, from 0 to 1.
func (a axis) part(v int32) float64 {
	if a.most <= a.least {
		return 0.5
	}
	return min(1, max(0, float64(int64(v)-int64(a.least))/float64(int64(a.most)-int64(a.least))))
}

// A finger is the first finger on one touch screen. Others that join it are
// not heeded.
type finger struct {
	x, y axis
	turn int
	send func(Press)

	at    [2]int32 // where it is or was: the kernel tells only changes
	slot  int32    // that the next events are about
	mine  int32    // slot of the first finger, -1 none
	touch bool     // as devices for one finger say it

	down   bool
	since  time.Time
	button Button // what it means if it goes now
	held   bool   // it was told as Menu already
}

func newFinger(x, y axis, turn int, send func(Press)) *finger {
	return &finger{x: x, y: y, turn: turn, send: send, mine: -1}
}

// take reads whole events; half a one at the end is dropped.
func (f *finger) take(events []byte, now time.Time) {
	for ; len(events) >= eventSize; events = events[eventSize:] {
		e := events[timeSize:]
		code, value := binary.NativeEndian.Uint16(e[2:]), int32(binary.NativeEndian.Uint32(e[4:]))
		switch binary.NativeEndian.Uint16(e) {
		case evAbs:
			f.move(code, value)
		case evKey:
			if code == btnTouch {
				f.touch = value != 0
			}
		case evSyn:
			switch code {
			case synReport:
				f.report(now)
			case synDropped: // events were lost: the finger may be anywhere
				f.touch, f.mine = false, -1
				f.report(now)
			}
		}
	}
}

func (f *finger) move(code uint16, value int32) {
	switch code {
	case absMTSlot:
		f.slot = value
	case absMTTracking:
		switch {
		case value >= 0 && f.mine < 0:
			f.mine = max(0, f.slot)
		case value < 0 && f.mine == max(0, f.slot):
			f.mine = -1
		}
	case absMTPositionX, absMTPositionY:
		if f.mine == max(0, f.slot) {
			f.at[code-absMTPositionX] = value
		}
	case absX, absY:
		if f.mine < 0 {
			f.at[code-absX] = value
		}
	}
}

// report is the end of what belongs together.
func (f *finger) report(now time.Time) {
	down := f.touch || f.mine >= 0
	switch {
	case down && !f.down:
		f.down, f.since, f.held, f.button = true, now, false, f.zone()
	case !down && f.down:
		f.tick(now)
		f.down = false
		if !f.held {
			f.send(Press{f.button, true, f.since})
		}
		f.send(Press{f.button, false, now})
	}
}

// tick tells a finger that has stayed.
func (f *finger) tick(now time.Time) {
	if f.down && !f.held && now.Sub(f.since) >= Hold {
		f.held, f.button = true, Menu
		f.send(Press{Menu, true, now})
	}
}

// zone is what the finger means by where it is, as the person sees the glass.
func (f *finger) zone() Button {
	x, y := f.x.part(f.at[0]), f.y.part(f.at[1])
	switch f.turn {
	case 90: // what was made as the top is at the right
		x = 1 - y
	case 180:
		x = 1 - x
	case 270:
		x = y
	}
	if x < 0.5 {
		return Back
	}
	return Next
}
