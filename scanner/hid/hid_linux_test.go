package hid

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
)

// typed are the events of a scanner set up for l that types text.
func typed(t testing.TB, l *Layout, text string) (events []byte) {
	event := func(code uint16, down uint32) {
		e := make([]byte, eventSize)
		binary.NativeEndian.PutUint16(e[timeSize:], evKey)
		binary.NativeEndian.PutUint16(e[timeSize+2:], code)
		binary.NativeEndian.PutUint32(e[timeSize+4:], down)
		events = append(events, e...)
		events = append(events, make([]byte, eventSize)...) // EV_SYN
	}
	press := func(code uint16) { event(code, 1); event(code, 0) }
	with := func(modifier, code uint16) { event(modifier, 1); press(code); event(modifier, 0) }
	find := func(in map[uint16]rune, c rune) (uint16, bool) {
		for code, r := range in {
			if r == c {
				return code, true
			}
		}
		return 0, false
	}
	for _, c := range text {
		if code, ok := find(l.plain, c); ok {
			press(code)
		} else if code, ok := find(l.shift, c); ok {
			with(keyLeftShift, code)
		} else if code, ok := find(l.altgr, c); ok {
			with(keyRightAlt, code)
		} else if c == '\n' {
			press(keyEnter)
		} else if code, ok := find(l.plain, ']'); ok && c == 0x1d {
			with(keyLeftCtrl, code)
		} else {
			t.Fatalf("no key for %q", c)
		}
	}
	return events
}

const token = "eyJhbGciOiJFZERTQSJ9.e30.A-_~9"

func TestTypes(t *testing.T) {
	for name := range layouts {
		l, err := ParseLayout(name)
		if err != nil {
			t.Fatal(err)
		}
		text := token
		if name == "es" || name == "fr" || name == "de" || name == "us" {
			text += `{"a":[1]}@#`
		}
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		s := newScanner(r, l)
		if _, err := w.Write(typed(t, l, text+"\n"+"second\n")); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{text, "second"} {
			var f scanner.Frame
			if err := s.Next(t.Context(), &f); err != nil {
				t.Fatal(err)
			}
			if string(f.Text) != want {
				t.Errorf("%s: typed %q, want %q", name, f.Text, want)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Next(t.Context(), new(scanner.Frame)); !errors.Is(err, ErrGone) {
			t.Errorf("an unplugged scanner: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSilence: a scanner set up without Enter is heard all the same, and the
// separator GS arrives.
func TestSilence(t *testing.T) {
	l, err := ParseLayout("us")
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := newScanner(r, l)
	defer s.Close()
	if _, err := w.Write(typed(t, l, "ab\x1dcd")); err != nil {
		t.Fatal(err)
	}
	var f scanner.Frame
	if err := s.Next(t.Context(), &f); err != nil || string(f.Text) != "ab\x1dcd" {
		t.Errorf("typed %q, %v", f.Text, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Next(ctx, &f); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("switched off: %v", err)
	}
}

// TestTooLong: a code that is too long is thrown away, and the next is read.
// TestDropped throws a code away of which the kernel dropped keys, whether it
// ends by Enter or by silence, and reads the next one as it is, though Shift
// was let go unheard.
func TestDropped(t *testing.T) {
	l, err := ParseLayout("us")
	if err != nil {
		t.Fatal(err)
	}
	dropped := make([]byte, eventSize)
	binary.NativeEndian.PutUint16(dropped[timeSize+2:], synDropped)
	shift := typed(t, l, "A")[:eventSize] // down, and never up
	for name, events := range map[string][]byte{
		"by Enter":   slices.Concat(typed(t, l, "abc"), shift, dropped, typed(t, l, "def\n")),
		"by silence": slices.Concat(typed(t, l, "abc\n"), dropped),
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		s := newScanner(r, l)
		if _, err := w.Write(events); err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(3 * Silence)
			_, _ = w.Write(typed(t, l, "next\n")) // what is not written is not read
		}()
		want := []string{"next"}
		if name == "by silence" {
			want = []string{"abc", "next"} // it was whole
		}
		for _, want := range want {
			var f scanner.Frame
			if err := s.Next(t.Context(), &f); err != nil || string(f.Text) != want {
				t.Errorf("%s: %q, %v, want %q", name, f.Text, err, want)
			}
		}
		if err := errors.Join(w.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestShiftLetGoUnheard: one release that was missed is made good by the next.
func TestShiftLetGoUnheard(t *testing.T) {
	l, err := ParseLayout("us")
	if err != nil {
		t.Fatal(err)
	}
	k := typist{layout: l}
	k.key(keyLeftShift, true) // and no release
	k.key(keyLeftShift, true)
	k.key(keyLeftShift, false)
	k.key(30, true)
	if text, _ := k.key(keyEnter, true); string(text) != "a" {
		t.Errorf("typed %q, want a", text)
	}
}

// TestNextEndsWithItsContext holds that Next ends with ctx whatever it is at:
// a deadline of its own does not put off that of ctx.
func TestNextEndsWithItsContext(t *testing.T) {
	for range 300 {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		s := newScanner(r, &Layout{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Next(ctx, new(scanner.Frame)) }()
		cancel()
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("still waiting for keys")
		}
		if err := errors.Join(w.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTooLong(t *testing.T) {
	l, err := ParseLayout("us")
	if err != nil {
		t.Fatal(err)
	}
	s := newScanner(nil, l)
	s.take(typed(t, l, strings.Repeat("x", MaxText+1)+"\nshort\n"))
	if len(s.ready) != 1 || string(s.ready[0]) != "short" {
		t.Errorf("%d codes were heard, want the short one", len(s.ready))
	}
}

func TestParseLayout(t *testing.T) {
	if _, err := ParseLayout("dvorak"); err == nil || !strings.Contains(err.Error(), "dvorak") {
		t.Errorf("an unknown layout: %v", err)
	}
}

// FuzzEvents: no events make it fall over, or hold more than it should.
func FuzzEvents(f *testing.F) {
	l, err := ParseLayout("de")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(typed(f, l, token+"\n"))
	f.Fuzz(func(t *testing.T, events []byte) {
		s := newScanner(nil, l)
		s.take(events)
		if len(s.typist.text) > MaxText+4 {
			t.Errorf("%d bytes are held", len(s.typist.text))
		}
	})
}

// TestFind: keyboards on the USB are found by what the kernel says of them,
// scanners first; a keyboard of the board's own, a mouse and a button are not.
func TestFind(t *testing.T) {
	sys := t.TempDir()
	for _, d := range []struct{ event, bus, name, keys string }{
		{"event0", "platform/soc/gpio-keys", "gpio-keys", "10000000"},
		{"event1", "usb1/1-1/1-1:1.0", "HID Keyboard", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"},
		{"event2", "usb1/1-2/1-2:1.0", "Logitech Mouse", "ff0000 0 0 0 0"},
		{"event3", "usb1/1-3/1-3:1.0", "Honeywell 1470g", "10007 ff800000 7ff febeffdf ffefffff ffffffff fffffffe"}, // a 32-bit kernel
		{"event4", "i8042/serio0", "AT Keyboard", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"},
		{"event5", "usb1/1-4/1-4:1.0", "USB Headset", "1 0 0 0 c000000000000 0"},
		{"event6", "usb1/1-5/1-5:1.0", "nothing", "ragged"},
	} {
		at := filepath.Join(sys, "devices", d.bus, "input", d.event)
		for name, data := range map[string]string{"device/name": d.name + "\n", "device/capabilities/key": d.keys + "\n"} {
			if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(at, name)), 0o700), os.WriteFile(filepath.Join(at, name), []byte(data), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(os.MkdirAll(sys+"/class", 0o700), os.Symlink(at, filepath.Join(sys, "class", d.event))); err != nil {
			t.Fatal(err)
		}
	}
	named, others := keyboards(sys + "/class")
	if !slices.Equal(named, []string{"/dev/input/event3"}) || !slices.Equal(others, []string{"/dev/input/event1"}) {
		t.Errorf("found %q, and then %q", named, others)
	}
	if named, others := keyboards(sys + "/nothing"); named != nil || others != nil {
		t.Errorf("found %q and %q in nothing", named, others)
	}
}
