package display

import (
	"context"
	"image"
)

// Turned is p in a case that has it turned clockwise by t: what is shown on it
// is laid out for the sides as they then are.
func Turned(p Panel, t Turn) Panel {
	if t == Upright {
		return p
	}
	return turned{p, t}
}

type turned struct {
	Panel
	turn Turn
}

func (p turned) Format() Format {
	f := p.Panel.Format()
	f.Size = p.turn.Size(f.Size)
	return f
}

func (p turned) Show(ctx context.Context, img *image.Paletted, how Refresh) error {
	return p.Panel.Show(ctx, Rotate(img, -p.turn&3), how)
}

// Wake implements [Waker], where p does.
func (p turned) Wake(ctx context.Context) error {
	if w, ok := p.Panel.(Waker); ok {
		return w.Wake(ctx)
	}
	return nil
}

// Rest implements [Waker], where p does.
func (p turned) Rest(ctx context.Context) error {
	if w, ok := p.Panel.(Waker); ok {
		return w.Rest(ctx)
	}
	return nil
}
