package press

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

// An event is one of the kernel's.
func event(kind, code uint16, value int32) []byte {
	e := make([]byte, eventSize)
	binary.NativeEndian.PutUint16(e[timeSize:], kind)
	binary.NativeEndian.PutUint16(e[timeSize+2:], code)
	binary.NativeEndian.PutUint32(e[timeSize+4:], uint32(value))
	return e
}

func events(all ...[]byte) (out []byte) {
	for _, e := range all {
		out = append(out, e...)
	}
	return append(out, event(evSyn, synReport, 0)...)
}

// A hand touches one screen.
type hand struct {
	*finger
	now  time.Time
	told []string
}

func newHand(x, y axis, turn int) *hand {
	h := &hand{now: time.Unix(0, 0)}
	h.finger = newFinger(x, y, turn, func(p Press) { h.told = append(h.told, word(p)) })
	return h
}

func (h *hand) feel(e []byte) { h.take(e, h.now) }

// rest lets time pass, as the reader does.
func (h *hand) rest(d time.Duration) { h.now = h.now.Add(d); h.tick(h.now) }

func (h *hand) expect(t *testing.T, what, want string) {
	t.Helper()
	if got := strings.Join(h.told, " "); got != want {
		t.Errorf("%s: told %q, want %q", what, got, want)
	}
	h.told = nil
}

// resistive is a screen that says the place of one finger.
func (h *hand) resistive(x, y int32) []byte {
	return events(event(evAbs, absX, x), event(evAbs, absY, y), event(evKey, btnTouch, 1))
}

var liftResistive = events(event(evKey, btnTouch, 0))

// TestZones: right is Next, left is Back, staying is Menu, and the picture's
// turning turns them along.
func TestZones(t *testing.T) {
	const left, top, right, bottom = 300, 300, 3900, 3900
	for _, c := range []struct {
		turn   int
		x, y   int32
		expect string
	}{
		{0, right, top, "next"}, {0, left, bottom, "back"},
		{90, left, top, "next"}, {90, right, bottom, "back"},
		{180, right, top, "back"}, {180, left, bottom, "next"},
		{270, left, bottom, "next"}, {270, right, top, "back"},
	} {
		h := newHand(axis{200, 4000}, axis{200, 4000}, c.turn)
		h.feel(h.resistive(c.x, c.y))
		h.expect(t, "a finger that came", "")
		h.rest(200 * time.Millisecond)
		h.feel(liftResistive)
		h.expect(t, "a tap", c.expect+"+ "+c.expect+"-")

		// the kernel tells only what changed: the same place says nothing
		h.feel(events(event(evKey, btnTouch, 1)))
		h.feel(liftResistive)
		h.expect(t, "the same place again", c.expect+"+ "+c.expect+"-")

		h.feel(events(event(evKey, btnTouch, 1)))
		h.rest(Hold)
		h.expect(t, "a finger that stays", "menu+")
		h.rest(Hold)
		h.feel(liftResistive)
		h.expect(t, "and goes", "menu-")
	}
}

// TestManyFingers: the first finger counts, as capacitive screens tell it.
func TestManyFingers(t *testing.T) {
	h := newHand(axis{0, 799}, axis{0, 479}, 0)
	slot := func(s, id int32) []byte {
		return append(event(evAbs, absMTSlot, s), event(evAbs, absMTTracking, id)...)
	}
	h.feel(events(slot(0, 7), event(evAbs, absMTPositionX, 700), event(evAbs, absMTPositionY, 10), event(evKey, btnTouch, 1)))
	h.feel(events(slot(1, 8), event(evAbs, absMTPositionX, 20)))
	h.rest(100 * time.Millisecond)
	h.feel(events(slot(1, -1)))
	h.expect(t, "a second finger", "")
	h.feel(events(slot(0, -1), event(evKey, btnTouch, 0)))
	h.expect(t, "the first one goes", "next+ next-")

	h.feel(events(slot(3, 9), event(evAbs, absMTPositionX, 20)))
	h.feel(append(event(evSyn, synDropped, 0), events()...))
	h.expect(t, "events were lost", "back+ back-")
	if (axis{5, 5}).part(7) != 0.5 || (axis{0, 10}).part(-3) != 0 || (axis{0, 10}).part(30) != 1 {
		t.Error("a place beyond the axis")
	}
}

// FuzzFinger: no events make it fall over, and whoever is told of a button
// down is told of it up.
func FuzzFinger(f *testing.F) {
	h := newHand(axis{}, axis{}, 0)
	f.Add(append(h.resistive(1, 2), liftResistive...), 0)
	f.Add(events(event(evAbs, absMTTracking, 3), event(evAbs, absMTPositionX, -5)), 90)
	f.Add(append(event(evAbs, absMTSlot, -9), event(evSyn, synDropped, 0)...), 270)
	f.Fuzz(func(t *testing.T, data []byte, turn int) {
		down := -1
		now := time.Unix(0, 0)
		f := newFinger(axis{-1 << 31, 1<<31 - 1}, axis{100, 0}, turn, func(p Press) {
			switch {
			case p.Down && down == -1:
				down = int(p.Button)
			case !p.Down && down == int(p.Button):
				down = -1
			default:
				t.Fatalf("told %s while %d is down", word(p), down)
			}
		})
		for len(data) > 0 {
			n := min(len(data), 7*eventSize)
			f.take(data[:n], now)
			data = data[n:]
			now = now.Add(300 * time.Millisecond)
			f.tick(now)
		}
		f.touch, f.mine = false, -1
		f.report(now)
		if down != -1 {
			t.Errorf("%s stays down", Button(down))
		}
	})
}
