package glass

import "time"

// ssd16xx is the Solomon Systech family: two memories, of which the second
// holds the old picture, and refreshes composed of bits.
//
// Sources: SSD1680 rev. 0.14, SSD1681, SSD1683 and SSD1677 datasheets,
// command table; times as measured by users of the panels.
type ssd16xx struct {
	*Panel
	stride       int // bytes of memory a line
	pixelX       bool
	new, old     []byte
	oldWritten   bool
	args         []byte
	entry        byte
	xs, xe       int // window in bytes
	ys, ye, x, y int
	control1     byte
	control2     byte
	gates        bool // driver output control was sent
	temperature  bool // a temperature was forced
	on           time.Time
	sleeping     bool
	wrote        int
}

func newSSD16xx(p *Panel, pixelX bool) *ssd16xx {
	s := &ssd16xx{Panel: p, stride: (p.model.size.X + 7) / 8, pixelX: pixelX}
	n := s.stride * p.model.size.Y
	s.new, s.old = make([]byte, n), make([]byte, n)
	for i := range s.new { // memory wakes up with noise
		s.new[i], s.old[i] = byte(i*37), byte(i*91)
	}
	s.defaults()
	return s
}

func (s *ssd16xx) defaults() {
	s.entry, s.xs, s.xe, s.ys, s.ye, s.x, s.y = 3, 0, s.stride-1, 0, s.model.size.Y-1, 0, 0
	s.control1, s.control2, s.gates, s.temperature = 0, 0xF7, false, false
	s.on, s.args = time.Time{}, nil
}

func (s *ssd16xx) asleep() bool       { return s.sleeping }
func (s *ssd16xx) powered() time.Time { return s.on }

func (s *ssd16xx) reset() {
	s.sleeping = false
	s.defaults()
}

// counts are the bytes that follow a command.
func (s *ssd16xx) counts(op byte) (n int, known bool) {
	switch op {
	case 0x12, 0x20, 0x24, 0x26:
		return 0, true
	case 0x10, 0x11, 0x18, 0x22, 0x3C:
		return 1, true
	case 0x1A, 0x21, 0x4F:
		return 2, true
	case 0x01:
		return 3, true
	case 0x45:
		return 4, true
	case 0x0C:
		return 5, true
	case 0x4E:
		if s.pixelX {
			return 2, true
		}
		return 1, true
	case 0x44:
		if s.pixelX {
			return 4, true
		}
		return 2, true
	}
	return 0, false
}

func (s *ssd16xx) finish() {
	op := s.clock.op
	if n, known := s.counts(op); known && op != 0x24 && op != 0x26 && len(s.args) != n {
		s.fault("%d bytes follow it, want %d", len(s.args), n)
	}
	whole := (s.xe - s.xs + 1) * (max(s.ye, s.ys) - min(s.ye, s.ys) + 1)
	if (op == 0x24 || op == 0x26) && s.wrote != whole {
		s.fault("%d bytes for a window of %d", s.wrote, whole)
	}
	s.args, s.wrote = s.args[:0], 0
}

func (s *ssd16xx) command(op byte) {
	if _, known := s.counts(op); !known {
		s.fault("no such command is used with this panel")
	}
	switch op {
	case 0x12:
		s.defaults()
		s.work(5 * time.Millisecond)
	case 0x20:
		s.refresh()
	}
}

func (s *ssd16xx) data(p []byte) {
	switch s.clock.op {
	case 0x24, 0x26:
		ram := s.new
		if s.clock.op == 0x26 {
			ram, s.oldWritten = s.old, true
		}
		for _, b := range p {
			s.put(ram, b)
		}
		s.wrote += len(p)
		return
	}
	s.args = append(s.args, p...)
	if n, _ := s.counts(s.clock.op); len(s.args) == n {
		s.set(s.args)
	}
}

func (s *ssd16xx) set(a []byte) {
	word := func(i int) int { return int(a[i]) | int(a[i+1])<<8 }
	switch s.clock.op {
	case 0x01:
		s.gates = true
		if g := word(0) + 1; g != s.model.size.Y {
			s.fault("%d gate lines, the glass has %d", g, s.model.size.Y)
		}
		if a[2] != s.model.gateOrder {
			s.fault("gate order %02X, the glass is wired as %02X", a[2], s.model.gateOrder)
		}
	case 0x10:
		s.sleeping = a[0]&3 != 0
		if !s.on.IsZero() {
			s.fault("deep sleep with the charge pump on")
		}
	case 0x11:
		s.entry = a[0] & 7
	case 0x1A:
		s.temperature = true
	case 0x21:
		s.control1 = a[0]
	case 0x22:
		s.control2 = a[0]
	case 0x44:
		s.xs, s.xe = int(a[0]), int(a[1%len(a)])
		if s.pixelX {
			s.xs, s.xe = word(0), word(2)
			if s.xs%8 != 0 || s.xe%8 != 7 {
				s.fault("window of pixels %d to %d is not whole bytes", s.xs, s.xe)
			}
			s.xs, s.xe = s.xs/8, s.xe/8
		}
		if s.xe < s.xs || s.xe >= s.stride {
			s.fault("window of bytes %d to %d in lines of %d", s.xs, s.xe, s.stride)
		}
	case 0x45:
		s.ys, s.ye = word(0), word(2)
		if max(s.ys, s.ye) >= s.model.size.Y {
			s.fault("window of lines %d to %d of %d", s.ys, s.ye, s.model.size.Y)
		}
	case 0x4E:
		s.x = int(a[0])
		if s.pixelX {
			s.x = word(0) / 8
		}
		if s.x < s.xs || s.x > s.xe {
			s.fault("X counter %d outside the window %d to %d", s.x, s.xs, s.xe)
		}
	case 0x4F:
		s.y = word(0)
		if s.y < min(s.ys, s.ye) || s.y > max(s.ys, s.ye) {
			s.fault("Y counter %d outside the window %d to %d", s.y, s.ys, s.ye)
		}
	}
}

// put stores a byte and moves the counters as the entry mode says.
func (s *ssd16xx) put(ram []byte, b byte) {
	if i := s.y*s.stride + s.x; s.x < s.stride && s.y >= 0 && i < len(ram) {
		ram[i] = b
	}
	if s.entry&4 == 0 {
		if s.stepX() {
			s.stepY()
		}
	} else if s.stepY() {
		s.stepX()
	}
}

func (s *ssd16xx) stepX() (wrapped bool) {
	if s.entry&1 != 0 {
		if s.x++; s.x > s.xe {
			s.x, wrapped = s.xs, true
		}
		return wrapped
	}
	if s.x--; s.x < s.xs {
		s.x, wrapped = s.xe, true
	}
	return wrapped
}

func (s *ssd16xx) stepY() (wrapped bool) {
	if s.entry&2 != 0 {
		if s.y++; s.y > s.ye {
			s.y, wrapped = s.ys, true
		}
		return wrapped
	}
	if s.y--; s.y < s.ye {
		s.y, wrapped = s.ys, true
	}
	return wrapped
}

// The bits of display update control 2.
const (
	clockOn, analogOn, loadTemperature, loadWaveform = 1 << 7, 1 << 6, 1 << 5, 1 << 4
	mode2, display, analogOff, clockOff              = 1 << 3, 1 << 2, 1 << 1, 1 << 0
)

func (s *ssd16xx) refresh() {
	c := s.control2
	if c&analogOn != 0 && s.on.IsZero() {
		s.on = time.Now()
	}
	switch {
	case c&display == 0:
		s.work(5 * time.Millisecond)
	case s.on.IsZero():
		s.fault("refresh with the analog part off")
		s.work(5 * time.Millisecond)
	default:
		s.display(c)
	}
	if c&analogOff != 0 {
		s.on = time.Time{}
	}
}

func (s *ssd16xx) display(c byte) {
	if !s.gates {
		s.fault("refresh before driver output control")
	}
	if c&loadWaveform == 0 && !s.temperature {
		s.fault("refresh without a waveform")
	}
	w, d := full, s.model.full
	switch {
	case c&mode2 != 0:
		w, d = partial, s.model.partial
		if !s.oldWritten {
			s.fault("partial refresh, and the old picture was never written")
		}
		s.outOfStep()
	case s.temperature && c&loadTemperature == 0:
		w, d = fast, s.model.fast
	}
	if d == 0 {
		s.fault("this panel has no such waveform")
		d = s.model.full
	}
	s.drive(w, d, func(i int) (uint8, bool) {
		n := s.bit(s.new, i, s.control1&0x0F)
		return n, w != partial || n != s.bit(s.old, i, s.control1>>4)
	})
	s.tired(w)
}

// bit is a pixel of a memory: 0 is paper, whose bit is 1. A memory may be
// taken as empty or inverted.
func (s *ssd16xx) bit(ram []byte, i int, option byte) uint8 {
	x, y := i%s.model.size.X, i/s.model.size.X
	if s.model.gatesReversed {
		y = s.model.size.Y - 1 - y
	}
	b := ^ram[y*s.stride+x/8] >> (7 - x%8) & 1
	switch option {
	case 4:
		return 1
	case 8:
		return b ^ 1
	}
	return b
}

// outOfStep finds pixels that will not be driven although they show
// something else than the new picture.
func (s *ssd16xx) outOfStep() {
	n := 0
	for i, shown := range s.shown.Pix {
		want := s.bit(s.new, i, s.control1&0x0F)
		if want == s.bit(s.old, i, s.control1>>4) && want != shown {
			n++
		}
	}
	if n > 0 {
		s.fault("%d pixels keep a wrong value: the old picture is not what the glass shows", n)
	}
}
