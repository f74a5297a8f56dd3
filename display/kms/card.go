package kms

import (
	"errors"
	"fmt"
	"image"

	"badgekiosk/display"
)

// A card is the part of a DRM device's calls that showing a picture needs.
// Numbers are the kernel's object identifiers.
type card interface {
	resources() (crtcs, connectors []uint32, err error)
	connector(id uint32) (connector, error)
	encoderCRTCs(encoder uint32) (current uint32, possible uint32, err error)
	crtc(id uint32) (crtcState, error)
	createDumb(size image.Point) (dumb, error)
	addFB(d dumb, size image.Point) (fb uint32, err error)
	mapDumb(d dumb) ([]byte, error)
	setCRTC(s crtcState) error
	dirty(fb uint32, r image.Rectangle) error
	removeFB(fb uint32)
	destroyDumb(d dumb, mem []byte)
	close() error
}

// A connector is a socket that a screen is, or is not, plugged into.
type connector struct {
	id        uint32
	connected bool
	modes     []mode // the preferred one first
	mm        image.Point
	encoders  []uint32
}

// A mode is how a screen is driven; only its size is looked at.
type mode struct {
	size image.Point
	raw  [68]byte // struct drm_mode_modeinfo
}

// A crtcState is what one picture source shows and where.
type crtcState struct {
	id, fb     uint32
	connectors []uint32
	mode       *mode // nil is off
}

// A dumb is memory that the card can show.
type dumb struct {
	handle, pitch uint32
	bytes         int
}

// A screen shows a dumb buffer on the first connected connector.
type screen struct {
	card   card
	buf    dumb
	mem    []byte
	fb     uint32
	before crtcState // as it was found
	lazy   bool      // the card shows changes only when told of them
}

// errNoDirty is what a card answers that shows memory as it is.
var errNoDirty = errors.New("the card needs no telling")

// openScreen takes over the first connected screen of c.
func openScreen(c card) (*screen, image.Point, image.Point, error) {
	crtcs, connectors, err := c.resources()
	if err != nil {
		return nil, image.Point{}, image.Point{}, err
	}
	for _, id := range connectors {
		k, err := c.connector(id)
		if err != nil || !k.connected || len(k.modes) == 0 {
			continue
		}
		crtc, ok := crtcFor(c, k, crtcs)
		if !ok {
			continue
		}
		s := &screen{card: c}
		if err := s.start(crtc, k); err != nil {
			return nil, image.Point{}, image.Point{}, err
		}
		return s, k.modes[0].size, k.mm, nil
	}
	return nil, image.Point{}, image.Point{}, display.ErrNoScreen
}

// crtcFor is a picture source that can feed k.
func crtcFor(c card, k connector, crtcs []uint32) (uint32, bool) {
	for _, e := range k.encoders {
		current, possible, err := c.encoderCRTCs(e)
		if err != nil {
			continue
		}
		if current != 0 {
			return current, true
		}
		for i, id := range crtcs {
			if possible&(1<<i) != 0 {
				return id, true
			}
		}
	}
	return 0, false
}

func (s *screen) start(crtc uint32, k connector) (err error) {
	size := k.modes[0].size
	s.before, _ = s.card.crtc(crtc) // a screen that was off is left off
	s.before.id, s.before.connectors = crtc, []uint32{k.id}
	if s.buf, err = s.card.createDumb(size); err != nil {
		return fmt.Errorf("memory for a picture: %w", err)
	}
	if s.fb, err = s.card.addFB(s.buf, size); err == nil {
		s.mem, err = s.card.mapDumb(s.buf)
	}
	if err == nil {
		err = s.card.setCRTC(crtcState{crtc, s.fb, []uint32{k.id}, &k.modes[0]})
	}
	if err != nil {
		s.release()
		return fmt.Errorf("taking over the screen: %w", err)
	}
	s.lazy = true
	return nil
}

func (s *screen) frame() ([]byte, int, int) { return s.mem, int(s.buf.pitch), 4 }

func (s *screen) flush(r image.Rectangle) error {
	if !s.lazy {
		return nil
	}
	err := s.card.dirty(s.fb, r)
	if errors.Is(err, errNoDirty) {
		s.lazy = false
		return nil
	}
	return err
}

func (s *screen) release() {
	if s.fb != 0 {
		s.card.removeFB(s.fb)
	}
	s.card.destroyDumb(s.buf, s.mem)
}

func (s *screen) close() error {
	if s.before.mode != nil {
		_ = s.card.setCRTC(s.before) // whoever showed it may be gone
	}
	s.release()
	return s.card.close()
}

// openCard takes over the first connected screen of c.
func openCard(c card) (*Dev, error) {
	s, size, mm, err := openScreen(c)
	if err != nil {
		return nil, err
	}
	d, err := newDev(s, size, mm)
	if err != nil {
		_ = s.close()
	}
	return d, err
}
