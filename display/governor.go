package display

import (
	"bytes"
	"context"
	"errors"
	"image"
	"time"
)

// Limits of e-paper: beyond, ghosts stay and the glass wears.
const (
	MaxPartials  = 10              // partial refreshes between two full ones
	MaxFullAfter = 24 * time.Hour  // between two full refreshes
	MaxAwake     = 5 * time.Second // between Wake and the picture that it was for
)

// anewAfter is how often a picture on glass without ghosts is sent anew: a
// panel that has lost its power since does not tell, and is dark.
const anewAfter = time.Minute

// A Governor puts screens on a panel, each by the gentlest refresh that is
// quick enough and leaves nothing behind. A verdict appears by a partial
// refresh, half a second after it was found; a partial refresh leaves alone
// what was there, so the picture before had every pixel driven: what makes room
// for a verdict, or follows one, is fast. When a name leaves the glass, at the
// start, after a fault, after MaxPartials and once a day, the refresh is full.
// A screen that is there already costs none. It is not safe for concurrent use.
type Governor struct {
	panel    Panel
	draw     *Renderer
	quick    bool // glass without ghosts: nothing has to be full
	shown    *image.Paletted
	personal bool // shown names somebody
	verdict  bool // shown tells one
	partial  bool // shown was put by a partial refresh
	since    int  // pictures since the last full refresh
	full     time.Time
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
	img := g.draw.Render(s, g.panel.Format())
	if g.shown != nil && bytes.Equal(img.Pix, g.shown.Pix) {
		return nil // Renew repairs what the glass may have lost
	}
	how := g.plan(s)
	g.verdict = s.Mark != NoMark
	return g.show(ctx, img, how, s.Personal)
}

// show has the panel change. One that stopped on the way starts over at once.
func (g *Governor) show(ctx context.Context, img *image.Paletted, how Refresh, personal bool) error {
	g.woken = time.Time{} // Show ends it
	g.shown = nil         // until the panel says otherwise
	g.personal = g.personal || personal
	err := g.panel.Show(ctx, img, how)
	if errors.Is(err, ErrCutShort) {
		how = Full
		err = g.panel.Show(ctx, img, how)
	}
	if err != nil {
		return err
	}
	g.shown, g.personal, g.partial = img, personal, how == Partial
	g.since++
	if how == Full {
		g.since, g.full = 0, time.Now()
	}
	return nil
}

// plan chooses the refresh for what comes next.
func (g *Governor) plan(s Screen) Refresh {
	first := s.Mark != NoMark && s.Page <= 1 && !s.Leaving // what tells a verdict; its other pages are for reading on
	switch {
	case g.shown == nil:
		return Full
	case g.quick && s.Preview != nil:
		return Partial
	case g.quick:
		return Full
	case g.personal, g.since >= MaxPartials, time.Since(g.full) >= MaxFullAfter:
		return Full
	case first && g.partial, s.Mark == NoMark && g.verdict:
		return Fast
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
	switch {
	case !g.woken.IsZero():
		return g.woken.Add(MaxAwake)
	case g.shown == nil:
		return time.Now().Add(MaxFullAfter)
	case g.quick:
		return g.full.Add(anewAfter)
	}
	return g.full.Add(MaxFullAfter)
}

// Renew shows anew what is shown, or lets a panel rest that was woken in vain,
// if that is due.
func (g *Governor) Renew(ctx context.Context) error {
	switch {
	case g.shown == nil || time.Now().Before(g.Due()):
		return nil
	case !g.woken.IsZero():
		g.woken = time.Time{}
		return g.panel.(Waker).Rest(ctx)
	}
	return g.show(ctx, g.shown, Full, g.personal)
}

// Close wipes the glass by a full refresh, and leaves the panel without
// power.
func (g *Governor) Close() error {
	g.shown = nil
	return g.panel.Close()
}
