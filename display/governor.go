package display

import (
	"bytes"
	"context"
	"image"
	"time"
)

// Limits of e-paper: beyond, ghosts stay and the glass wears.
const (
	MaxPartials  = 10              // partial refreshes between two full ones
	MaxFullAfter = 24 * time.Hour  // between two full refreshes
	MaxAwake     = 5 * time.Second // between Wake and the picture that it was for
)

// A Governor puts screens on a panel, each by the gentlest refresh that is
// quick enough and leaves nothing behind. A result appears by a partial
// refresh, half a second after the verdict; when a name leaves the glass, at
// the start, after a fault, after MaxPartials and once a day, the refresh is
// full. A screen that is there already costs none. It is not safe for
// concurrent use.
type Governor struct {
	panel    Panel
	draw     *Renderer
	quick    bool // glass without ghosts: nothing has to be full
	shown    *image.Paletted
	personal bool // shown names somebody
	partials int
	full     time.Time // of the last full refresh
	holds    func(Screen) bool
	woken    time.Time // when the panel was, zero if it is at rest
}

// Govern returns the Governor of p, which draws with r.
func Govern(p Panel, r *Renderer) *Governor {
	return &Governor{panel: p, draw: r, quick: len(p.Format().Inks) > fewInks}
}

// Holds tells whether the glass has room for all of s. Texts that it was asked
// about it remembers until the next Put.
func (g *Governor) Holds(s Screen) bool {
	if g.holds == nil {
		g.holds = g.draw.Fitting(g.panel.Format())
	}
	return g.holds(s)
}

// Put shows s. After an error of the panel, the next Put is a full refresh.
func (g *Governor) Put(ctx context.Context, s Screen) error {
	g.holds = nil
	return g.put(ctx, g.draw.Render(s, g.panel.Format()), s.Personal)
}

func (g *Governor) put(ctx context.Context, img *image.Paletted, personal bool) error {
	how := g.plan(personal)
	if how != Full && bytes.Equal(img.Pix, g.shown.Pix) {
		return nil
	}
	g.woken = time.Time{} // Show ends it
	g.shown = nil         // until the panel says otherwise
	g.personal = g.personal || personal
	if err := g.panel.Show(ctx, img, how); err != nil {
		return err
	}
	g.shown, g.personal = img, personal
	g.partials++
	if how == Full {
		g.partials, g.full = 0, time.Now()
	}
	return nil
}

// plan chooses the refresh for what comes next.
func (g *Governor) plan(personal bool) Refresh {
	switch {
	case g.shown == nil:
		return Full
	case g.quick:
		return Partial
	case g.personal, g.partials >= MaxPartials, time.Since(g.full) >= MaxFullAfter:
		return Full
	}
	return Partial
}

// Wake gets the panel ready, without waiting for it, when a code has been
// seen and a result is to be expected.
func (g *Governor) Wake(ctx context.Context) error {
	w, ok := g.panel.(Waker)
	if !ok || !g.woken.IsZero() || g.shown == nil {
		return nil
	}
	g.woken = time.Now()
	return w.Wake(ctx)
}

// Due is when Renew is to be called, if nothing else is put on the glass.
func (g *Governor) Due() time.Time {
	if !g.woken.IsZero() {
		return g.woken.Add(MaxAwake)
	}
	if g.quick || g.shown == nil {
		return time.Now().Add(MaxFullAfter)
	}
	return g.full.Add(MaxFullAfter)
}

// Renew drives every pixel of what is shown anew, or lets a panel rest that
// was woken in vain, if that is due.
func (g *Governor) Renew(ctx context.Context) error {
	if !g.woken.IsZero() && !time.Now().Before(g.Due()) {
		g.woken = time.Time{}
		return g.panel.(Waker).Rest(ctx)
	}
	if g.shown == nil || g.quick || time.Now().Before(g.Due()) {
		return nil
	}
	return g.put(ctx, g.shown, g.personal)
}

// Close wipes the glass by a full refresh, and leaves the panel without
// power.
func (g *Governor) Close() error {
	g.shown = nil
	return g.panel.Close()
}
