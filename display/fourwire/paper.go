package fourwire

import (
	"bytes"
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

// Limit is how long to wait for a refresh: twice its time and a second.
func (g Glass) Limit(how display.Refresh) time.Duration {
	took := [...]time.Duration{display.Full: g.Full, display.Fast: g.Fast, display.Partial: g.Partial}[how]
	if took == 0 {
		took = g.Full
	}
	return 2*took + time.Second
}

// A Chip is what a family of controllers adds to what all share.
type Chip struct {
	// Setup are the commands, each with its bytes, that follow a reset.
	Setup [][]byte
	// Settle is how long a reset takes.
	Settle time.Duration
	// Pack makes a picture into the bytes that the controller takes, the same
	// number for every line.
	Pack func(*image.Paletted) []byte
	// Draw puts packed bytes on the glass. was is what the controller holds
	// and the glass shows, nil when that is unknown: how is Full then.
	Draw func(ctx context.Context, now, was []byte, how display.Refresh) error
	// Sleep is the command, with its byte, from which only a reset wakes.
	Sleep [2]byte
}

// A Paper is a panel of e-paper on a Bus. Drivers embed it.
type Paper struct {
	bus   *Bus
	glass Glass
	chip  Chip
	shown []byte // packed; nil when what the glass shows is unknown
}

var _ display.Panel = (*Paper)(nil)

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

// Known tells whether the controller is set up and holds what the glass shows.
func (p *Paper) Known() bool { return p.shown != nil }

// Forget makes the next Show begin with a reset.
func (p *Paper) Forget() { p.shown = nil }

// Show implements [display.Panel]. The first picture, and the first after an
// error, is always a full refresh after a reset. The errors are those of
// package display, wrapped, or that of ctx.
func (p *Paper) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != p.Format().Size || len(img.Palette) != len(p.glass.Inks) {
		return fmt.Errorf("%s: %v with %d inks: %w", p.bus.chip, img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	now, was := p.chip.Pack(display.Rotate(img, -p.glass.Turn&3)), p.shown
	if was == nil {
		how = display.Full
		if err := p.start(ctx); err != nil {
			return err
		}
	}
	p.shown = nil // until the glass has come to rest
	if err := p.chip.Draw(ctx, now, was, how); err != nil {
		return err
	}
	p.shown = now
	return nil
}

// Limits of a start.
const (
	resetLow   = 2 * time.Millisecond // longer takes the power from boards with a "clever" reset
	setupLimit = 2 * time.Second
)

func (p *Paper) start(ctx context.Context) error {
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
	p.Forget()
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

// windowCost is about how many bytes the bus could send in the time that
// opening a window takes.
const windowCost = 300

// Changes are windows outside which two packed pictures of stride bytes a line
// are alike, in bytes along X and lines along Y: as few as are worth their
// while.
// Where was is nil or all is to be sent anew, there is one window of all.
func Changes(now, was []byte, stride int, all bool) []image.Rectangle {
	if was == nil || all {
		return []image.Rectangle{image.Rect(0, 0, stride, len(now)/stride)}
	}
	var out []image.Rectangle
	for y := range len(now) / stride {
		row := differing(now[y*stride:][:stride], was[y*stride:][:stride], y)
		if row.Empty() {
			continue
		}
		if n := len(out) - 1; n >= 0 {
			both := out[n].Union(row)
			if area(both)-area(out[n]) <= area(row)+windowCost {
				out[n] = both
				continue
			}
		}
		out = append(out, row)
	}
	return out
}

// differing is where line y differs.
func differing(now, was []byte, y int) image.Rectangle {
	if bytes.Equal(now, was) {
		return image.Rectangle{}
	}
	left, right := 0, len(now)
	for now[left] == was[left] {
		left++
	}
	for now[right-1] == was[right-1] {
		right--
	}
	return image.Rect(left, y, right, y+1)
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// Window is what of a picture of stride bytes a line lies in r.
func Window(picture []byte, stride int, r image.Rectangle) []byte {
	if r.Dx() == stride {
		return picture[r.Min.Y*stride : r.Max.Y*stride]
	}
	out := make([]byte, 0, area(r))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		out = append(out, picture[y*stride+r.Min.X:y*stride+r.Max.X]...)
	}
	return out
}
