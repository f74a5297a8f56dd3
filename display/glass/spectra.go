package glass

import (
	"image/color"
	"time"
)

// spectra is the controller of six-colour glass: four bits a pixel, one slow
// refresh.
//
// Source: the vendor's program for the panel; there is no public datasheet.
type spectra struct {
	*Panel
	ram      []byte
	at       int
	args     []byte
	opened   bool // the key that opens the other commands was sent
	size     bool
	booster  bool
	on       time.Time
	sleeping bool
}

func newSpectra(p *Panel) chip {
	s := &spectra{Panel: p, ram: make([]byte, p.model.size.X*p.model.size.Y/2)}
	for i := range s.ram {
		s.ram[i] = byte(i * 37)
	}
	return s
}

func (s *spectra) asleep() bool       { return s.sleeping }
func (s *spectra) powered() time.Time { return s.on }

func (s *spectra) reset() {
	s.sleeping, s.opened, s.size, s.booster, s.on, s.args = false, false, false, false, time.Time{}, nil
}

// spectraCounts are how many bytes follow a command.
var spectraCounts = map[byte]int{
	0x00: 2, 0x01: 1, 0x02: 1, 0x03: 4, 0x04: 0, 0x05: 4, 0x06: 4, 0x07: 1, 0x08: 4, 0x12: 1,
	0x30: 1, 0x50: 1, 0x60: 2, 0x61: 4, 0x84: 1, 0xAA: 6, 0xE3: 1,
}

func (s *spectra) finish() {
	op := s.clock.op
	n, known := spectraCounts[op]
	switch {
	case op == 0x10 && s.at != len(s.ram):
		s.fault("%d bytes for a picture of %d", s.at, len(s.ram))
	case known && len(s.args) != n:
		s.fault("%d bytes follow it, want %d", len(s.args), n)
	}
	s.args, s.at = s.args[:0], 0
}

func (s *spectra) command(op byte) {
	if _, known := spectraCounts[op]; !known && op != 0x10 {
		s.fault("no such command is used with this panel")
	}
	if op != 0xAA && !s.opened {
		s.fault("command before the key AA")
	}
	if op == 0x04 {
		if !s.booster {
			s.fault("power on without booster settings")
		}
		s.on = time.Now()
		s.work(s.model.powerOn)
	}
}

func (s *spectra) data(p []byte) {
	if s.clock.op == 0x10 {
		if s.at < len(s.ram) {
			copy(s.ram[s.at:], p)
		}
		s.at += len(p)
		return
	}
	s.args = append(s.args, p...)
	if len(s.args) == spectraCounts[s.clock.op] {
		s.set(s.args)
	}
}

func (s *spectra) set(a []byte) {
	switch s.clock.op {
	case 0x02:
		s.on = time.Time{}
		s.work(s.model.powerOff)
	case 0x06:
		s.booster = true
	case 0x07:
		if s.sleeping = a[0] == 0xA5; s.sleeping && !s.on.IsZero() {
			s.fault("deep sleep with the charge pump on")
		}
	case 0x12:
		s.refresh()
	case 0x61:
		s.size = true
		if w, h := int(a[0])<<8|int(a[1]), int(a[2])<<8|int(a[3]); w != s.model.size.X || h != s.model.size.Y {
			s.fault("resolution of %dx%d, the glass has %v", w, h, s.model.size)
		}
	case 0xAA:
		s.opened = true
	}
}

func (s *spectra) refresh() {
	switch {
	case s.on.IsZero():
		s.fault("refresh without power")
		s.work(time.Millisecond)
		return
	case !s.size:
		s.fault("refresh before the resolution was set")
	}
	s.drive(colourful, s.model.full, func(i int) (uint8, bool) {
		ink := spectraInk[s.ram[i/2]>>(4-i%2*4)&7]
		return ink, ink != noInk
	})
	s.tired(full)
}

// noInk marks codes that have no particles; the pixel stays as it is.
const noInk = 0xFF

// spectraInk is the ink of each code.
var spectraInk = [8]uint8{1, 0, 2, 3, noInk, 4, 5, noInk}

// spectraInks are the colours as they look in daylight.
var spectraInks = color.Palette{
	color.White, color.Black, color.RGBA{0xEF, 0xDE, 0x44, 0xFF}, color.RGBA{0xB2, 0x13, 0x18, 0xFF},
	color.RGBA{0x21, 0x57, 0xBA, 0xFF}, color.RGBA{0x12, 0x5F, 0x20, 0xFF},
}
