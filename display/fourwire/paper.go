package fourwire

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"time"

	"periph.io/x/conn/v3/physic"

	"badgekiosk/display"
)

// A Glass is what is known of a panel of e-paper one can buy.
type Glass struct {
	Size  image.Point      // pixels, as the controller counts
	Turn  display.Turn     // from the controller's upright to how the panel is mounted
	PPI   int              // pixels an inch
	Inks  color.Palette    // nil is black and white
	Clock physic.Frequency // 0 is 10 MHz
	// How long each refresh takes, 0 for one that the glass does not have.
	Full, Fast, Partial time.Duration
}

// takes is how long a refresh takes.
func (g Glass) takes(how display.Refresh) time.Duration {
	took := [...]time.Duration{display.Full: g.Full, display.Fast: g.Fast, display.Partial: g.Partial}[how]
	if took == 0 {
		took = g.Full
	}
	return took
}

// A Chip is what a family of controllers adds to what all share.
type Chip struct {
	// Setup are the commands, each with its bytes, that follow a reset.
	Setup [][]byte
	// Settle is how long a reset takes.
	Settle time.Duration
	// On and Off are the commands, each with its bytes, that raise the voltage
	// before a picture is sent and take it off the glass that has changed; nil
	// where refreshing does that.
	On, Off []byte
	// Pack makes a picture into the bytes that the controller takes.
	Pack func(*image.Paletted) []byte
	// Draw sends packed bytes, and all else that the picture needs, and has
	// the glass show them by [Paper.Refresh]. was is what the glass shows, nil
	// when that is unknown: how is Full then.
	Draw func(ctx context.Context, now, was []byte, how display.Refresh) error
	// Sleep is the command, with its byte, from which only a reset wakes.
	Sleep [2]byte
}

// A Paper is a panel of e-paper on a Bus. Drivers embed it.
//
// Each picture begins with a reset, and all that it needs is sent with it: a
// controller that has lost its power since the one before, which no wire tells
// of, shows the next one as it should.
type Paper struct {
	bus    *Bus
	glass  Glass
	chip   Chip
	begun  bool                      // reset and set up, the voltage up or rising
	shown  []byte                    // packed; nil when what the glass shows is unknown
	steady [display.Partial + 1]bool // refreshes that have been seen to take their time
}

var (
	_ display.Panel = (*Paper)(nil)
	_ display.Waker = (*Paper)(nil)
)

// NewPaper is the panel that hangs on bus. Nothing is sent before the first
// Show.
func NewPaper(bus *Bus, g Glass, c Chip) *Paper {
	if g.Inks == nil {
		g.Inks = display.BlackAndWhite()
	}
	return &Paper{bus: bus, glass: g, chip: c}
}

// Format implements [display.Panel].
func (p *Paper) Format() display.Format {
	return display.Format{Size: p.glass.Turn.Size(p.glass.Size), PPI: p.glass.PPI, Inks: p.glass.Inks}
}

// Show implements [display.Panel]. The first picture, and the first after an
// error, is always a full refresh. The errors are those of package display,
// wrapped, or that of ctx.
func (p *Paper) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != p.Format().Size || len(img.Palette) != len(p.glass.Inks) {
		return fmt.Errorf("%s: %v with %d inks: %w", p.bus.chip, img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	now, was := p.chip.Pack(display.Rotate(img, -p.glass.Turn&3)), p.shown
	if was == nil {
		how, p.begun = display.Full, false
	}
	p.shown = nil // until the glass has come to rest
	if !p.begun {
		if err := p.begin(ctx); err != nil {
			return err
		}
	}
	if err := p.risen(ctx); err != nil {
		return err
	}
	p.begun = false
	if err := p.chip.Draw(ctx, now, was, how); err != nil {
		return err
	}
	if err := p.off(ctx); err != nil {
		return err
	}
	p.shown = now
	return nil
}

// Wake implements [display.Waker].
func (p *Paper) Wake(ctx context.Context) error {
	if p.shown == nil || p.begun {
		return nil
	}
	err := p.begin(ctx)
	if err != nil {
		p.shown = nil
	}
	return err
}

// Rest implements [display.Waker].
func (p *Paper) Rest(ctx context.Context) error {
	if p.shown == nil || !p.begun {
		return nil
	}
	p.begun = false
	err := p.risen(ctx)
	if err == nil {
		err = p.off(ctx)
	}
	if err != nil {
		p.shown = nil
	}
	return err
}

// Limits of what comes before and after a refresh.
const (
	resetLow   = 2 * time.Millisecond // longer takes the power from boards with a "clever" reset
	setupLimit = 2 * time.Second
	powerLimit = 5 * time.Second
)

// begin resets the controller, tells it what glass it has, and begins to raise
// the voltage.
func (p *Paper) begin(ctx context.Context) error {
	if err := p.bus.Reset(ctx, resetLow, p.chip.Settle); err != nil {
		return err
	}
	if err := p.bus.Idle(ctx, "reset", setupLimit); err != nil {
		return err
	}
	for _, c := range p.chip.Setup {
		if err := p.bus.Command(c[0], c[1:]...); err != nil {
			return err
		}
		if err := p.bus.Idle(ctx, "setting up", setupLimit); err != nil {
			return err
		}
	}
	p.begun = true
	if p.chip.On == nil {
		return nil
	}
	return p.bus.Begin(ctx, p.chip.On[0], p.chip.On[1:]...)
}

// risen waits until the voltage is there: the controller takes nothing before.
func (p *Paper) risen(ctx context.Context) error {
	if p.chip.On == nil {
		return nil
	}
	return p.bus.Idle(ctx, "power on", powerLimit)
}

// off takes the voltage from the glass: left on, the picture fades.
func (p *Paper) off(ctx context.Context) error {
	if p.chip.Off == nil {
		return nil
	}
	return p.bus.Work(ctx, "power off", powerLimit, p.chip.Off[0], p.chip.Off[1:]...)
}

// Refresh sends the command that changes the glass, and waits for the end: for
// twice the refresh's time and a second at most. A panel that ends in less than
// a quarter of the time, having taken half of it at least before, has lost its
// power on the way.
func (p *Paper) Refresh(ctx context.Context, how display.Refresh, op byte, args ...byte) error {
	usual, began := p.glass.takes(how), time.Now()
	if err := p.bus.Refresh(ctx, 2*usual+time.Second, op, args...); err != nil {
		return err
	}
	took := time.Since(began)
	if p.steady[how] && took < usual/4 {
		return fmt.Errorf("%s: refresh: %w (%v instead of %v)", p.bus.chip, display.ErrCutShort, took, usual)
	}
	p.steady[how] = p.steady[how] || took >= usual/2
	return nil
}

// closeLimit is how long Close may take.
const closeLimit = time.Minute

// Close implements [display.Panel]: it leaves white paper in deep sleep, so
// that no name stays to be read.
func (p *Paper) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	f := p.Format()
	if err := p.Show(ctx, image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks), display.Full); err != nil {
		return err
	}
	p.shown = nil
	return p.bus.Command(p.chip.Sleep[0], p.chip.Sleep[1])
}

// White packs a picture at one bit a pixel, of which a set one is paper.
func White(img *image.Paletted) []byte {
	out := display.Pack(img)
	for i := range out {
		out[i] = ^out[i]
	}
	return out
}
