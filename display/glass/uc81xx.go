package glass

import "time"

// uc81xx is the UltraChip family in black and white: two memories, power that
// is switched on and off around each refresh.
//
// Sources: UC8179 datasheet rev. 0.6, command table; times as measured by
// users of the panels.
type uc81xx struct {
	*Panel
	new, old   []byte
	at         int  // bytes written to a memory
	windowed   bool // what follows is of the window alone
	xs, xe     int  // window in bytes
	ys, ye     int
	args       []byte
	settings   byte // panel setting
	booster    bool
	resolution bool
	polarity   bool // a set bit is paper
	copies     bool // new to old after a refresh
	cascade    byte
	forced     byte // temperature
	on         time.Time
	sleeping   bool
	awake      bool // was reset since power came
}

func newUC81xx(p *Panel) *uc81xx {
	u := &uc81xx{Panel: p}
	n := (p.model.size.X + 7) / 8 * p.model.size.Y
	u.new, u.old = make([]byte, n), make([]byte, n)
	for i := range u.new { // memory wakes up with noise
		u.new[i], u.old[i] = byte(i*37), byte(i*91)
	}
	u.defaults()
	return u
}

func (u *uc81xx) defaults() {
	u.settings, u.polarity, u.copies, u.cascade, u.forced = 0x0F, true, false, 0, 0
	u.booster, u.resolution, u.on, u.args = false, false, time.Time{}, nil
	u.windowed = false
}

func (u *uc81xx) asleep() bool       { return u.sleeping }
func (u *uc81xx) powered() time.Time { return u.on }

func (u *uc81xx) reset() {
	u.sleeping, u.awake = false, true
	u.defaults()
}

// ucCounts are the fewest and most bytes that follow a command.
var ucCounts = map[byte][2]int{
	0x00: {1, 1}, 0x01: {4, 5}, 0x02: {0, 0}, 0x04: {0, 0}, 0x06: {4, 4}, 0x07: {1, 1}, 0x12: {0, 0},
	0x15: {1, 1}, 0x50: {1, 2}, 0x60: {1, 1}, 0x61: {4, 4}, 0x65: {4, 4}, 0x82: {1, 1}, 0x90: {9, 9}, 0x91: {0, 0}, 0x92: {0, 0}, 0xE0: {1, 1}, 0xE3: {1, 1}, 0xE5: {1, 1},
}

func (u *uc81xx) finish() {
	op, n := u.clock.op, len(u.args)
	switch limits, known := ucCounts[op]; {
	case op == 0x10 || op == 0x13:
		if whole := u.whole(); u.at != whole {
			u.fault("%d bytes for a picture of %d", u.at, whole)
		}
	case known && (n < limits[0] || n > limits[1]):
		u.fault("%d bytes follow it, want %d to %d", n, limits[0], limits[1])
	case known && n > 0 && n < limits[1]:
		u.set(op, u.args)
	}
	u.args, u.at = u.args[:0], 0
}

func (u *uc81xx) command(op byte) {
	if _, known := ucCounts[op]; !known && op != 0x10 && op != 0x13 {
		u.fault("no such command is used with this panel")
	}
	if !u.awake {
		u.fault("command before any reset")
	}
	switch op {
	case 0x04:
		if !u.booster {
			u.fault("power on without booster settings: the picture fades")
		}
		u.on = time.Now()
		u.work(u.model.powerOn)
	case 0x02:
		u.on = time.Time{}
		u.work(u.model.powerOff)
	case 0x12:
		u.refresh()
	case 0x91:
		u.windowed = true
	case 0x92:
		u.windowed = false
	}
}

func (u *uc81xx) stride() int { return (u.model.size.X + 7) / 8 }

// whole is how many bytes a picture has.
func (u *uc81xx) whole() int {
	if !u.windowed {
		return len(u.new)
	}
	return (u.xe - u.xs + 1) * (u.ye - u.ys + 1)
}

// place is where in a memory the next byte goes.
func (u *uc81xx) place() int {
	if !u.windowed {
		return u.at
	}
	wide := u.xe - u.xs + 1
	return (u.ys+u.at/wide)*u.stride() + u.xs + u.at%wide
}

// open sets the window.
func (u *uc81xx) open(a []byte) {
	word := func(i int) int { return int(a[i])<<8 | int(a[i+1]) }
	left, right, top, bottom := word(0), word(2), word(4), word(6)
	switch {
	case left%8 != 0 || right%8 != 7:
		u.fault("window of pixels %d to %d is not whole bytes", left, right)
	case right < left || right/8 >= u.stride():
		u.fault("window of pixels %d to %d in lines of %d", left, right, u.model.size.X)
		return
	case bottom < top || bottom >= u.model.size.Y:
		u.fault("window of lines %d to %d of %d", top, bottom, u.model.size.Y)
		return
	}
	u.xs, u.xe, u.ys, u.ye = left/8, right/8, top, bottom
}

func (u *uc81xx) data(p []byte) {
	ram := u.new
	switch u.clock.op {
	case 0x10:
		ram = u.old
	case 0x13:
	default:
		u.args = append(u.args, p...)
		if limits := ucCounts[u.clock.op]; len(u.args) == limits[1] {
			u.set(u.clock.op, u.args)
		}
		return
	}
	for _, b := range p {
		if u.at < u.whole() {
			ram[u.place()] = b
		}
		u.at++
	}
}

func (u *uc81xx) set(op byte, a []byte) {
	switch op {
	case 0x00:
		if u.settings = a[0]; u.settings&0x10 == 0 {
			u.fault("panel setting %02X is for glass with a third colour", a[0])
		}
	case 0x06:
		u.booster = true
	case 0x07:
		if u.sleeping = a[0] == 0xA5; u.sleeping && !u.on.IsZero() {
			u.fault("deep sleep with the charge pump on")
		}
	case 0x50:
		u.polarity, u.copies = a[0]&1 != 0, a[0]&8 != 0
	case 0x61:
		u.resolution = true
		if w, h := int(a[0])<<8|int(a[1]), int(a[2])<<8|int(a[3]); w != u.model.size.X || h != u.model.size.Y {
			u.fault("resolution of %dx%d, the glass has %v", w, h, u.model.size)
		}
	case 0x90:
		u.open(a)
	case 0xE0:
		u.cascade = a[0]
	case 0xE5:
		u.forced = a[0]
	}
}

// Forced temperatures that select a waveform from the panel's memory.
const (
	ucFast    = 0x5A
	ucPartial = 0x6E
)

func (u *uc81xx) refresh() {
	if u.on.IsZero() {
		u.fault("refresh without power")
		u.work(time.Millisecond)
		return
	}
	if !u.resolution {
		u.fault("refresh before the resolution was set")
	}
	w, d := full, u.model.full
	if u.cascade&2 != 0 {
		switch u.forced {
		case ucFast:
			w, d = fast, u.model.fast
		case ucPartial:
			w, d = partial, u.model.partial
		}
	}
	if d == 0 {
		u.fault("this panel's memory has no such waveform")
		w, d = full, u.model.full
	}
	if w == partial {
		u.outOfStep()
	}
	if u.windowed {
		u.fault("refresh of a window: the rest of the glass keeps its ghosts")
	}
	u.drive(w, d, func(i int) (uint8, bool) {
		n := u.bit(u.new, i)
		return n, w != partial || n != u.bit(u.old, i)
	})
	if u.copies {
		copy(u.old, u.new)
	}
	u.tired(w)
}

func (u *uc81xx) bit(ram []byte, i int) uint8 {
	x, y := i%u.model.size.X, i/u.model.size.X
	b := ram[y*u.stride()+x/8] >> (7 - x%8) & 1
	if u.polarity {
		return b ^ 1
	}
	return b
}

// outOfStep finds pixels that will not be driven although they show
// something else than the new picture.
func (u *uc81xx) outOfStep() {
	n := 0
	for i, shown := range u.shown.Pix {
		if want := u.bit(u.new, i); want == u.bit(u.old, i) && want != shown {
			n++
		}
	}
	if n > 0 {
		u.fault("%d pixels keep a wrong value: the old picture is not what the glass shows", n)
	}
}
