package hid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"badgekiosk/scanner"
)

// pty is a serial line: what is written to one end comes out of the other.
func pty(t *testing.T) (wire *os.File, path string) {
	t.Helper()
	wire, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wire.Close() })
	n, err := unix.IoctlGetInt(int(wire.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(wire.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return wire, fmt.Sprintf("/dev/pts/%d", n)
}

// TestSerial: whatever a scanner ends its codes with, each is one text, with
// the separators and line ends that it holds.
func TestSerial(t *testing.T) {
	wire, path := pty(t)
	s, err := OpenSerial(path, 115200)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	long := strings.Repeat("0123456789ABCDEF", 443) // 7,088, as many digits as a code holds
	for _, c := range []struct{ sent, want string }{
		{token + "\r", token},
		{token + "\n", token},
		{token + "\r\n", token},
		{token, token}, // ended by silence
		{"(01)0950\x1d10ABC\x1d\r", "(01)0950\x1d10ABC\x1d"},
		{"{\r\n  \"type\": 1\r\n}\r\n", "{\r\n  \"type\": 1\r\n}"},
		{"\x00\xff\xfe bytes \x7f\r", "\x00\xff\xfe bytes \x7f"},
		{"\x03\x04\x11\x13\x1a\x1c\r", "\x03\x04\x11\x13\x1a\x1c"}, // that a terminal would take for itself
		{long + "\r", long},
	} {
		go func() {
			for b := []byte(c.sent); len(b) > 0; { // as a USB packet has room
				n := min(len(b), 64)
				if _, err := wire.Write(b[:n]); err != nil {
					return
				}
				b = b[n:]
			}
		}()
		var f scanner.Frame
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := s.Next(ctx, &f)
		cancel()
		if err != nil || string(f.Text) != c.want {
			t.Errorf("sent %.40q (%d bytes), heard %.40q (%d bytes), %v", c.sent, len(c.sent), f.Text, len(f.Text), err)
		}
	}

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Next(ctx, new(scanner.Frame)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("switched off: %v", err)
	}
	wire.Close()
	if err := s.Next(t.Context(), new(scanner.Frame)); !errors.Is(err, ErrGone) {
		t.Errorf("unplugged: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed after it was unplugged: %v", err)
	}
	if _, err := OpenSerial("/dev/ttyACM99", 0); err == nil || !strings.Contains(err.Error(), "ttyACM99 at 9600") {
		t.Errorf("a line that is not there: %v", err)
	}
}

// A talk is a serial line that says its parts one by one; "" is silence.
type talk struct {
	parts []string
	waits []time.Duration
}

func (l *talk) Read(p []byte) (int, error) {
	if len(l.parts) == 0 {
		return 0, os.ErrClosed
	}
	n := copy(p, l.parts[0])
	l.parts = l.parts[1:]
	return n, nil
}
func (l *talk) SetReadTimeout(d time.Duration) error { l.waits = append(l.waits, d); return nil }
func (l *talk) Close() error                         { return nil }

// TestSerialTooLong: a code that is too long is thrown away up to its end,
// and the next is read.
func TestSerialTooLong(t *testing.T) {
	l := &talk{}
	for range MaxText/4096 + 1 {
		l.parts = append(l.parts, strings.Repeat("x", 4096))
	}
	l.parts = append(l.parts, "tail\r", "", "\r\n", "", "short\r", "")
	s := newSerial(l, "test")
	var f scanner.Frame
	if err := s.Next(t.Context(), &f); err != nil || string(f.Text) != "short" {
		t.Errorf("heard %.20q, %v", f.Text, err)
	}
	if l.waits[0] != glance || l.waits[1] != Silence || l.waits[len(l.waits)-1] != lineSilence {
		t.Errorf("waited %v", l.waits)
	}
	if bytes.Contains(s.buf, []byte("short")) || bytes.Contains(s.line.text[:cap(s.line.text)], []byte("short")) {
		t.Error("what was handed out is kept")
	}
}

// FuzzSerial: no bytes make it fall over, or hold more than it should, and
// what is heard is part of what was sent.
func FuzzSerial(f *testing.F) {
	f.Add([]byte(token+"\r\nnext\r"), 5)
	f.Add([]byte("\r\n\r\n"), 1)
	f.Fuzz(func(t *testing.T, sent []byte, cut int) {
		var l line
		var heard []byte
		cut = max(1, cut)
		for b := sent; len(b) > 0; {
			n := min(len(b), cut)
			l.add(b[:n])
			b = b[n:]
			if n%2 == 0 {
				heard = append(heard, l.end()...)
			}
			if len(l.text) > MaxText+2 {
				t.Fatalf("%d bytes are held", len(l.text))
			}
		}
		heard = append(heard, l.end()...)
		if len(heard) > len(sent) {
			t.Errorf("%d bytes were sent, %d heard", len(sent), len(heard))
		}
	})
}

func TestIsSerial(t *testing.T) {
	for path, want := range map[string]bool{"/dev/ttyACM0": true, "/dev/serial/by-id/usb-Honeywell-if00": true, "/dev/input/by-id/usb-Honeywell-event-kbd": false} {
		if IsSerial(path) != want {
			t.Errorf("%s: %t", path, !want)
		}
	}
	if !soundsLikeScanner("/dev/serial/by-id/usb-Datalogic_Gryphon-if00") || soundsLikeScanner("/dev/serial/by-id/usb-Arduino_Uno-if00") {
		t.Error("a scanner is not known by its name")
	}
}
