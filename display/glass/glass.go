// Package glass emulates panels below their drivers: SPI bytes and pin levels
// in, and out comes what a person would see, with what the driver did wrong.
//
// It follows the controllers' datasheets and what is known of the panels, and
// knows nothing of our drivers: a driver is right when the glass shows its
// picture and [Panel.Faults] is empty. Time is the clock's, so that a test
// under testing/synctest waits for nothing and a demonstration sees every
// flash.
package glass

import (
	"fmt"
	"image"
	"image/color"
	"sync"
	"time"
)

// A Panel is one emulated panel with its controller. It is a [spi.Port]; DC,
// Reset and Busy are its wires. It may be used from several goroutines.
type Panel struct {
	DC, Reset *Out
	Busy      *In

	model    model
	speed    float64
	mu       sync.Mutex
	chip     chip
	clock    clock
	shown    *image.Paletted // what the glass comes to rest at, as its controller counts
	ghosts   []uint8         // partial refreshes of each pixel since the last full one
	frames   []Frame         // past and planned, oldest first
	more     chan struct{}   // closed when frames are added
	faults   []Fault
	broken   breakage
	partials int // since the last full refresh
	driven   time.Time
}

// A chip is a controller. Its methods are called one at a time.
type chip interface {
	command(op byte)
	data(p []byte)
	reset()       // the rising edge of RST
	finish()      // ends the command before: no more data will come for it
	asleep() bool // only RST wakes it
}

// A Frame is what the glass shows from At on.
type Frame struct {
	At      time.Time
	Picture *image.Paletted // as a person sees it
	Last    bool            // the glass is at rest
}

// A Fault is something that a driver must not do.
type Fault struct {
	At   time.Time
	Op   byte // the command that was being sent
	Text string
}

// String is the fault on one line.
func (f Fault) String() string { return fmt.Sprintf("command %02X: %s", f.Op, f.Text) }

// Options change how a panel behaves.
type Options struct {
	// Speed divides every time that the panel takes; 0 is 1.
	Speed float64
	// Inks are the palette of an LCD's pictures. Colours that it lacks are
	// added as they show.
	Inks color.Palette
}

// New returns the panel of that name, as [Names] spells it: without power
// until its reset wire has been pulsed, showing the grey that it left the
// factory with.
func New(name string, o Options) (*Panel, error) {
	m, ok := models[name]
	if !ok {
		return nil, fmt.Errorf("glass: no panel is called %q", name)
	}
	p := &Panel{model: m, speed: o.Speed, more: make(chan struct{})}
	if p.speed <= 0 {
		p.speed = 1
	}
	if m.inks == nil {
		m.inks = blackAndWhite
		if o.Inks != nil {
			m.inks = o.Inks
		}
	}
	p.model = m
	p.shown = image.NewPaletted(image.Rectangle{Max: m.size}, m.inks)
	for i := range p.shown.Pix {
		p.shown.Pix[i] = uint8((i*7 + i/m.size.X*3) / 5 % 2)
	}
	p.ghosts = make([]uint8, len(p.shown.Pix))
	p.DC, p.Reset, p.Busy = &Out{panel: p, name: "DC"}, &Out{panel: p, name: "RST"}, &In{panel: p}
	p.chip = m.build(p)
	return p, nil
}

// Size is how large the glass is, as a person sees it.
func (p *Panel) Size() image.Point { return p.model.seen(p.model.size) }

// Picture is what a person sees now. Ink 0 is paper; the palette is the
// panel's. A flash in progress shows.
func (p *Panel) Picture() *image.Paletted {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for i := len(p.frames) - 1; i >= 0; i-- {
		if !p.frames[i].At.After(now) {
			return clone(p.frames[i].Picture)
		}
	}
	return clone(p.model.turned(p.shown))
}

// Driven is when the last refresh began: soon after, a person sees it.
func (p *Panel) Driven() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.driven
}

// Frames are the last pictures that the glass has shown, flashes included,
// oldest first. Those of a refresh under way may lie ahead.
func (p *Panel) Frames() []Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Frame(nil), p.frames...)
}

// Faults are what the driver did wrong, in order.
func (p *Panel) Faults() []Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.chip.(interface{ powered() time.Time }); ok {
		if since := c.powered(); !since.IsZero() && time.Since(since) > pumpLimit {
			p.fault("charge pump on for %v", time.Since(since).Round(time.Second))
		}
	}
	return append([]Fault(nil), p.faults...)
}

// pumpLimit is how long the high voltage may stay on: beyond, the picture
// fades and the glass wears.
const pumpLimit = 30 * time.Second

// Ghost is the largest number of partial refreshes that any pixel has had
// since the last full one.
func (p *Panel) Ghost() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.ghosts {
		n = max(n, int(g))
	}
	return n
}

// maxFaults bounds the list; a driver that far off is told enough.
const maxFaults = 200

func (p *Panel) fault(format string, args ...any) {
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, Fault{time.Now(), p.clock.op, fmt.Sprintf(format, args...)})
	}
}

// A clock is what the controller is doing, and until when.
type clock struct {
	op     byte
	begun  bool // op's data may still come
	until  time.Time
	unseen bool // nobody has looked at BUSY since
}

// work makes the controller busy for d. A panel that is faster than a real one
// could be done before a busy computer looks: it is busy until then.
func (p *Panel) work(d time.Duration) {
	p.clock.until = time.Now().Add(time.Duration(float64(d) / p.speed))
	p.clock.unseen = p.speed > 1
}

func (p *Panel) busy() bool { return time.Now().Before(p.clock.until) }

func clone(img *image.Paletted) *image.Paletted {
	out := *img
	out.Pix = append([]uint8(nil), img.Pix...)
	return &out
}

var blackAndWhite = color.Palette{color.White, color.Black}
