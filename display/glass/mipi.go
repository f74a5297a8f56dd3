package glass

import (
	"image"
	"image/color"
	"time"
)

// mipi is an LCD controller of the MIPI display command set.
//
// Source: MIPI Alliance, Display Command Set 1.3; ILI9341, ILI9486, ST7789V
// and ST7796S datasheets.
type mipi struct {
	*Panel
	ram            []uint16 // as the glass is wired: model.memory wide
	args           []byte
	mode           byte
	format         byte
	inverted       bool
	awake, on      bool
	xs, xe, ys, ye int
	x, y           int
	half           []byte // of a pixel, or of a 16-bit command
	ready          time.Time
	wrote          int
}

func newMIPI(p *Panel) chip {
	m := &mipi{Panel: p, ram: make([]uint16, p.model.memory.X*p.model.memory.Y)}
	for i := range m.ram {
		m.ram[i] = uint16(uint32(i) * 2654435761 >> 7)
	}
	m.reset()
	m.ready = time.Time{}
	return m
}

func (m *mipi) asleep() bool { return false }

func (m *mipi) reset() {
	m.mode, m.format, m.inverted, m.awake, m.on, m.args, m.half = 0, 0x66, false, false, false, nil, nil
	m.xs, m.ys, m.xe, m.ye = 0, 0, m.model.memory.X-1, m.model.memory.Y-1
	m.ready = time.Now().Add(m.scaled(120 * time.Millisecond))
	m.show()
}

func (m *mipi) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) / m.speed) }

var mipiCounts = map[byte]int{
	0x01: 0, 0x10: 0, 0x11: 0, 0x13: 0, 0x20: 0, 0x21: 0, 0x28: 0, 0x29: 0, 0x2A: 4, 0x2B: 4, 0x36: 1, 0x3A: 1,
}

func (m *mipi) finish() {
	op := m.clock.op
	if op == 0x2C {
		if want := (m.xe - m.xs + 1) * (m.ye - m.ys + 1); m.wrote != want || len(m.half) > 0 {
			m.fault("%d pixels for a window of %d", m.wrote, want)
		}
	} else if n, known := mipiCounts[op]; known && len(m.args) != n {
		m.fault("%d bytes follow it, want %d", len(m.args), n)
	}
	m.args, m.half, m.wrote = m.args[:0], nil, 0
}

func (m *mipi) command(op byte) {
	if _, known := mipiCounts[op]; !known && op != 0x2C {
		m.fault("no such command is used with this panel")
	}
	if now := time.Now(); now.Before(m.ready) {
		m.fault("command %v too early", m.ready.Sub(now))
	}
	switch op {
	case 0x01:
		m.reset()
	case 0x10, 0x11:
		m.awake = op == 0x11
		m.ready = time.Now().Add(m.scaled(5 * time.Millisecond))
	case 0x20, 0x21:
		m.inverted = op == 0x21
	case 0x28, 0x29:
		m.on = op == 0x29
		if m.on && !m.awake {
			m.fault("display on while asleep")
		}
		m.show()
	case 0x2C:
		m.x, m.y = m.xs, m.ys
		if m.format != 0x55 {
			m.fault("pixels in format %02X", m.format)
		}
	}
}

func (m *mipi) data(p []byte) {
	if m.clock.op == 0x2C {
		m.pixels(p)
		return
	}
	if m.model.wide {
		p = m.unwiden(p)
	}
	m.args = append(m.args, p...)
	if n := mipiCounts[m.clock.op]; n > 0 && len(m.args) == n {
		m.set(m.args)
	}
}

// unwiden takes the bytes out of words of 16 bits.
func (m *mipi) unwiden(p []byte) (out []byte) {
	if len(p)%2 != 0 {
		m.fault("%d bytes into 16-bit registers", len(p))
		return nil
	}
	for i := 0; i < len(p); i += 2 {
		if p[i] != 0 {
			m.fault("upper half %02X of a 16-bit word", p[i])
		}
		out = append(out, p[i+1])
	}
	return out
}

func (m *mipi) set(a []byte) {
	word := func(i int) int { return int(a[i])<<8 | int(a[i+1]) }
	switch m.clock.op {
	case 0x2A:
		m.xs, m.xe = word(0), word(2)
	case 0x2B:
		m.ys, m.ye = word(0), word(2)
	case 0x36:
		m.mode = a[0]
	case 0x3A:
		m.format = a[0]
	}
	size := m.model.memory
	if m.mode&0x20 != 0 {
		size = image.Pt(size.Y, size.X)
	}
	if m.clock.op == 0x2A && (m.xs > m.xe || m.xe >= size.X) {
		m.fault("columns %d to %d of %d", m.xs, m.xe, size.X)
	}
	if m.clock.op == 0x2B && (m.ys > m.ye || m.ye >= size.Y) {
		m.fault("pages %d to %d of %d", m.ys, m.ye, size.Y)
	}
}

func (m *mipi) pixels(p []byte) {
	p = append(m.half, p...)
	for ; len(p) >= 2; p = p[2:] {
		m.put(uint16(p[0])<<8 | uint16(p[1]))
		m.wrote++
	}
	m.half = append([]byte(nil), p...)
	if m.wrote == (m.xe-m.xs+1)*(m.ye-m.ys+1) && m.on {
		m.show()
	}
}

// put stores a pixel where the address mode says, and moves on.
func (m *mipi) put(v uint16) {
	x, y := m.x, m.y
	if m.mode&0x20 != 0 {
		x, y = y, x
	}
	if m.mode&0x40 != 0 {
		x = m.model.memory.X - 1 - x
	}
	if m.mode&0x80 != 0 {
		y = m.model.memory.Y - 1 - y
	}
	if x >= 0 && y >= 0 && x < m.model.memory.X && y < m.model.memory.Y {
		m.ram[y*m.model.memory.X+x] = v
	}
	if m.x++; m.x > m.xe {
		m.x = m.xs
		if m.y++; m.y > m.ye {
			m.y = m.ys
		}
	}
}

// show is what the glass shows from now on: nothing while it is off.
func (m *mipi) show() {
	img := image.NewPaletted(image.Rectangle{Max: m.model.size}, m.model.inks[:len(m.model.inks):len(m.model.inks)])
	inks := map[uint16]uint8{}
	for i, c := range img.Palette {
		if k := quantise(c); inks[k] == 0 {
			inks[k] = uint8(i) + 1
		}
	}
	for i := range img.Pix {
		v := uint16(0)
		if m.on {
			v = m.seen(i%m.model.size.X, i/m.model.size.X)
		}
		if inks[v] == 0 {
			if len(img.Palette) == 255 {
				continue // more colours than any picture of ours has
			}
			img.Palette = append(img.Palette, expand(v))
			inks[v] = uint8(len(img.Palette))
		}
		img.Pix[i] = inks[v] - 1
	}
	m.plan(time.Now(), img, true)
}

// quantise is what 16 bits keep of a colour.
func quantise(c color.Color) uint16 {
	r, g, b, _ := c.RGBA()
	return uint16(r>>11<<11 | g>>10<<5 | b>>11)
}

// seen is the colour at x, y of the upright glass.
func (m *mipi) seen(x, y int) uint16 {
	if m.model.mirrored {
		x = m.model.memory.X - 1 - x
	}
	v := m.ram[y*m.model.memory.X+x]
	if m.inverted != m.model.inverted {
		v = ^v
	}
	if (m.mode&8 != 0) != m.model.bgr {
		v = v>>11 | v&0x07E0 | v<<11
	}
	return v
}

// expand is the colour of 5 bits of red, 6 of green, 5 of blue.
func expand(v uint16) color.Color {
	r, g, b := uint8(v>>11), uint8(v>>5&63), uint8(v&31)
	return color.RGBA{r<<3 | r>>2, g<<2 | g>>4, b<<3 | b>>2, 0xFF}
}
