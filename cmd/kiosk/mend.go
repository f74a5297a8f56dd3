package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"badgekiosk/display"
	"badgekiosk/scanner"
	"badgekiosk/verify/reason"
)

// again is the wait before a part that failed is tried once more.
const again = 2 * time.Second

// A health is told how a part does: nil when it works again.
type health func(reason.Code, error)

// pause waits for again, or for ctx to end.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(again):
	}
}

// settled is how long a camera that was opened anew must do without an error
// to count as mended. A hand scanner says nothing for hours.
const settled = time.Second

// A mendedCamera is a camera that is opened anew, as often as it takes, when
// it has failed. Its only error is ctx's.
type mendedCamera struct {
	open  func() (scanner.Camera, error)
	tell  health // from any goroutine
	now   scanner.Camera
	ill   atomic.Bool
	moved atomic.Int64 // when it last gave a frame or was tried, Unix time
	still bool         // it gives nothing for hours: a hand scanner
}

// moves tells whether the camera gave a frame lately, or was tried.
func (m *mendedCamera) moves(now time.Time) bool {
	return m.still || now.Sub(time.Unix(m.moved.Load(), 0)) < seeing
}

// Next gives the next frame that any camera gives.
func (m *mendedCamera) Next(ctx context.Context, f *scanner.Frame) error {
	for {
		err := m.next(ctx, f)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		m.moved.Store(time.Now().Unix())
		if err == nil {
			return nil
		}
		if m.ill.CompareAndSwap(false, true) {
			m.tell(reason.HCam, err)
		}
		pause(ctx)
	}
}

func (m *mendedCamera) next(ctx context.Context, f *scanner.Frame) (err error) {
	m.moved.Store(time.Now().Unix())
	if m.now == nil {
		if m.now, err = m.open(); err != nil {
			m.now = nil
			return err
		}
	}
	if m.ill.Load() {
		defer time.AfterFunc(settled, m.well).Stop()
	}
	if err = m.now.Next(ctx, f); err != nil {
		return errors.Join(err, m.Close())
	}
	m.well()
	return nil
}

func (m *mendedCamera) well() {
	if m.ill.CompareAndSwap(true, false) {
		m.tell(reason.HCam, nil)
	}
}

// Close lets go of the camera.
func (m *mendedCamera) Close() error {
	if m.now == nil {
		return nil
	}
	c := m.now
	m.now = nil
	return c.Close()
}

// A mendedGlass is a panel that is connected anew, as often as it takes, when
// it has failed. Meanwhile the kiosk goes on without: lights and tones still
// tell. It serves one goroutine.
type mendedGlass struct {
	open func() (display.Panel, error)
	draw *display.Renderer
	tell health

	now  *display.Governor // nil while there is no panel
	last display.Screen    // what is to be on it
	back chan *display.Governor
}

// newMendedGlass connects the panel, or begins to try.
func newMendedGlass(ctx context.Context, draw *display.Renderer, open func() (display.Panel, error), tell health) *mendedGlass {
	m := &mendedGlass{open: open, draw: draw, tell: tell, back: make(chan *display.Governor, 1)}
	p, err := open()
	if err == nil {
		m.now = display.Govern(p, draw)
		return m
	}
	m.fail(ctx, err)
	return m
}

// fail goes on without the panel, and tries to have it back.
func (m *mendedGlass) fail(ctx context.Context, err error) {
	if m.now != nil {
		err = errors.Join(err, m.now.Close())
		m.now = nil
	}
	m.tell(reason.HPanel, err)
	go func() {
		for {
			pause(ctx)
			if ctx.Err() != nil {
				return
			}
			p, err := m.open()
			if err != nil {
				continue
			}
			m.back <- display.Govern(p, m.draw)
			return
		}
	}()
}

// Put shows s, now or when the panel is back. Its only error is ctx's.
func (m *mendedGlass) Put(ctx context.Context, s display.Screen) error {
	m.last = s
	if m.now == nil {
		return ctx.Err()
	}
	if err := m.now.Put(ctx, s); err != nil && ctx.Err() == nil {
		m.fail(ctx, err)
	}
	return ctx.Err()
}

// Wake gets the panel ready. Its only error is ctx's.
func (m *mendedGlass) Wake(ctx context.Context) error {
	if m.now == nil {
		return ctx.Err()
	}
	if err := m.now.Wake(ctx); err != nil && ctx.Err() == nil {
		m.fail(ctx, err)
	}
	return ctx.Err()
}

// Renew puts the panel that is back to use, or drives a picture anew that
// has stood for a day.
func (m *mendedGlass) Renew(ctx context.Context) error {
	select {
	case m.now = <-m.back:
		m.tell(reason.HPanel, nil)
		return m.Put(ctx, m.last)
	default:
	}
	if m.now == nil {
		return ctx.Err()
	}
	if err := m.now.Renew(ctx); err != nil && ctx.Err() == nil {
		m.fail(ctx, err)
	}
	return ctx.Err()
}

// Due is when Renew is to be called.
func (m *mendedGlass) Due() time.Time {
	if m.now == nil {
		return time.Now().Add(again)
	}
	return m.now.Due()
}

// Holds tells whether the panel has room for all of a screen; a panel that is
// not there has.
func (m *mendedGlass) Holds(s display.Screen) bool { return m.now == nil || m.now.Holds(s) }

// Close wipes the glass.
func (m *mendedGlass) Close() error {
	if m.now == nil {
		select {
		case m.now = <-m.back:
		default:
			return nil
		}
	}
	return m.now.Close()
}
