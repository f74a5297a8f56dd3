package glass

import (
	"context"
	"time"
)

// Watch calls see for each picture that the glass shows from now on, at the
// moment it shows, flashes included, until ctx ends.
func (p *Panel) Watch(ctx context.Context, see func(Frame)) {
	last := time.Now()
	for {
		next, more := p.next(last)
		var due <-chan time.Time
		if next != nil {
			due = time.After(time.Until(next.At))
		}
		select {
		case <-ctx.Done():
			return
		case <-more: // planned anew: look again
		case <-due:
			last = next.At
			if p.still(*next) {
				see(*next)
			}
		}
	}
}

// next is the first frame after last, if one is planned, and the signal that
// there may be another.
func (p *Panel) next(last time.Time) (*Frame, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.frames {
		if p.frames[i].At.After(last) {
			f := p.frames[i]
			return &f, p.more
		}
	}
	return nil, p.more
}

// still tells whether f has not been called off by a loss of power.
func (p *Panel) still(f Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.frames {
		if g.At.Equal(f.At) && g.Picture == f.Picture {
			return true
		}
	}
	return false
}
