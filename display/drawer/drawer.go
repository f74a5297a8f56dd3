// Package drawer shows pictures on the panels that periph.io/x/devices has
// drivers for. Those drivers wait for their panel without a limit; here a
// wait ends with the context.
//
// Of periph's panels one is large enough for our screens and has no driver of
// ours: Pimoroni's Inky wHAT, which a kiosk's configuration names "inky-what".
// There is no emulation of it, so no picture of its glass can be drawn ahead.
package drawer

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"

	periph "periph.io/x/conn/v3/display"

	"badgekiosk/display"
)

// Panel is a periph display as a [display.Panel].
type Panel struct {
	dev    periph.Drawer
	format display.Format
	busy   chan struct{} // holds a token while the driver draws
	shown  []uint8
}

var _ display.Panel = (*Panel)(nil)

// New wraps dev, whose pixels are ppi to the inch. A display of two colours, or
// of three, gets black and white, any other all of display.Colours.
func New(dev periph.Drawer, ppi int) *Panel {
	f := display.Format{Size: dev.Bounds().Size(), PPI: ppi, Inks: display.Colours()}
	if few(dev.ColorModel()) {
		f.Inks = display.BlackAndWhite()
	}
	return &Panel{dev: dev, format: f, busy: make(chan struct{}, 1)}
}

// few tells whether a colour model has no more than black, white and one colour.
func few(m color.Model) bool {
	seen := map[[3]uint32]bool{}
	for r := range 4 {
		for g := range 4 {
			for b := range 4 {
				r, g, b, _ := m.Convert(color.RGBA{uint8(r * 85), uint8(g * 85), uint8(b * 85), 255}).RGBA()
				seen[[3]uint32{r, g, b}] = true
			}
		}
	}
	return len(seen) <= 3
}

// Format implements [display.Panel].
func (p *Panel) Format() display.Format { return p.format }

// Show implements [display.Panel]. How to refresh is the driver's choice. A
// picture that is there already is not drawn again.
//
// It is display.ErrBusyTimeout, wrapped, if ctx ends before the driver
// returns; until it does, every other Show ends so as well. A driver's own
// error is display.ErrBus, wrapped.
func (p *Panel) Show(ctx context.Context, img *image.Paletted, how display.Refresh) error {
	if img.Rect.Size() != p.format.Size || len(img.Palette) != len(p.format.Inks) {
		return fmt.Errorf("drawer: %v with %d inks: %w", img.Rect.Size(), len(img.Palette), display.ErrPicture)
	}
	if how != display.Full && p.shown != nil && bytes.Equal(p.shown, img.Pix) {
		return nil
	}
	own := *img // the driver may still look at it when we have given up
	own.Pix = bytes.Clone(img.Pix)
	p.shown = nil
	if err := p.do(ctx, func() error { return p.dev.Draw(p.dev.Bounds(), &own, own.Rect.Min) }); err != nil {
		return err
	}
	p.shown = own.Pix
	return nil
}

// do runs a call of the driver, one at a time.
func (p *Panel) do(ctx context.Context, call func() error) error {
	select {
	case p.busy <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("drawer: %w (%w)", display.ErrBusyTimeout, ctx.Err())
	}
	done := make(chan error, 1)
	go func() {
		done <- call()
		<-p.busy
	}()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("drawer: %v: %w: %w", p.dev, display.ErrBus, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("drawer: %w (%w)", display.ErrBusyTimeout, ctx.Err())
	}
}

// Close implements [display.Panel]: it shows paper and halts the driver. It
// waits for the driver for as long as that takes.
func (p *Panel) Close() error {
	ctx := context.Background()
	if err := p.Show(ctx, image.NewPaletted(image.Rectangle{Max: p.format.Size}, p.format.Inks), display.Full); err != nil {
		return err
	}
	return p.do(ctx, p.dev.Halt)
}
