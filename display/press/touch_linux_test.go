package press

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"
)

// TestPlugged: a touch screen that is plugged in later is felt, one that is
// pulled out lets go, and it is felt again when it is back.
func TestPlugged(t *testing.T) {
	var mu sync.Mutex
	var wires []*os.File
	p := &Presses{out: make(chan Press, waiting)}
	p.C = p.out
	s := newScreens(0, p.send)
	s.list = func() []string { return []string{"/dev/input/event0", "/dev/input/event3"} }
	s.open = func(path string) (*os.File, axis, axis, [2]int32, error) {
		mu.Lock()
		defer mu.Unlock()
		if path != "/dev/input/event3" || len(wires) == 2 {
			return nil, axis{}, axis{}, [2]int32{}, errNoTouch
		}
		r, w, err := os.Pipe()
		wires = append(wires, w)
		return r, axis{0, 100}, axis{0, 100}, [2]int32{80, 0}, err
	}
	ctx := t.Context()
	touch := events(event(evKey, btnTouch, 1))
	wait := func(want string) {
		t.Helper()
		select {
		case one := <-p.C:
			if got := word(one); got != want {
				t.Fatalf("told %s, want %s", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("told nothing, want %s", want)
		}
	}
	for range 2 {
		s.meet(ctx, "/dev/input/event0")
		s.meet(ctx, "/dev/input/event3")
		s.meet(ctx, "/dev/input/event3") // it is read already
		mu.Lock()
		w := wires[len(wires)-1]
		mu.Unlock()
		if _, err := w.Write(touch); err != nil {
			t.Fatal(err)
		}
		wait("menu+") // the finger stays: told without a further event
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		wait("menu-") // unplugged
		s.done.Wait()
	}
	if len(wires) != 2 || len(s.held) != 0 {
		t.Errorf("opened %d times, %d still held", len(wires), len(s.held))
	}
}

// TestStops: watching ends, also with a screen that says nothing.
func TestStops(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := newScreens(0, func(Press) {})
	s.list = func() []string { return []string{"x"} }
	s.open = func(string) (*os.File, axis, axis, [2]int32, error) {
		return r, axis{}, axis{}, [2]int32{}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.watch(ctx); close(ended) }()
	time.Sleep(20 * time.Millisecond)
	cancel()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("watching does not end")
	}

	p, err := Open(Wiring{Touch: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestWhatIsATouchScreen tells it from pads, tablets and joysticks.
func TestWhatIsATouchScreen(t *testing.T) {
	of := func(codes ...int) *bits {
		b := new(bits)
		for _, c := range codes {
			b[c/8] |= 1 << (c % 8)
		}
		return b
	}
	for _, c := range []struct {
		what             string
		abs, keys, props *bits
		x                uint16
		ok               bool
	}{
		{"capacitive", of(absX, absY, absMTPositionX, absMTPositionY), of(btnTouch), of(propDirect), absMTPositionX, true},
		{"resistive", of(absX, absY), of(btnTouch), of(), absX, true},
		{"finger on glass", of(absX, absY), of(btnTouch, btnToolFinger), of(propDirect), absX, true},
		{"touch pad", of(absX, absY, absMTPositionX, absMTPositionY), of(btnTouch, btnToolFinger), of(), 0, false},
		{"joystick", of(absX, absY), of(0x120), of(), 0, false},
		{"keyboard", of(), of(30), of(), 0, false},
	} {
		if x, _, ok := axes(c.abs, c.keys, c.props); ok != c.ok || x != c.x {
			t.Errorf("%s: %#x, %t", c.what, x, ok)
		}
	}
	if _, _, _, _, err := openTouch(os.DevNull); err == nil {
		t.Error("/dev/null is a touch screen")
	}
}
