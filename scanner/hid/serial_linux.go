package hid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.bug.st/serial"

	"badgekiosk/scanner"
)

// How codes are told apart that come over a serial line. A code may hold line
// ends of its own: only one that nothing follows ends it.
const (
	lineSilence = 60 * time.Millisecond
	// glance is how often a scanner that says nothing is asked whether it may
	// go on: a read cannot be ended otherwise.
	glance = 200 * time.Millisecond
	// usualBaud is what scanners on a serial line are set to; one by USB
	// (CDC-ACM) takes any.
	usualBaud = 9600
)

// A port is a serial line.
type port interface {
	Read(p []byte) (int, error) // 0 and no error is silence
	SetReadTimeout(time.Duration) error
	Close() error
}

// A Serial is a hand scanner on a serial line, or one by USB that poses as
// one. It is a [scanner.Camera] whose frames hold text and no picture.
type Serial struct {
	port port
	name string
	buf  []byte
	line line
}

var _ scanner.Camera = (*Serial)(nil)

// IsSerial tells a serial line's path from a keyboard's.
func IsSerial(path string) bool {
	return strings.HasPrefix(filepath.Base(path), "tty") || strings.HasPrefix(path, "/dev/serial/")
}

// serials are the serial lines that may be scanners: those whose names say so
// first, then all that came by USB.
func serials() []string {
	named, _ := filepath.Glob("/dev/serial/by-id/*") // the patterns are well-formed
	usb, _ := filepath.Glob("/dev/tty[AU][CS][MB]*") // ttyACM, ttyUSB
	return append(slices.DeleteFunc(named, func(p string) bool { return !soundsLikeScanner(filepath.Base(p)) }), usb...)
}

// OpenSerial takes the serial line at path for this program alone. baud is
// what the scanner is set to, 8 bits without parity; 0 is the usual.
func OpenSerial(path string, baud int) (*Serial, error) {
	if baud == 0 {
		baud = usualBaud
	}
	p, err := serial.Open(path, &serial.Mode{BaudRate: baud, DataBits: 8})
	if err != nil {
		return nil, fmt.Errorf("hand scanner %s at %d baud: %w", path, baud, err)
	}
	return newSerial(p, path), nil
}

func newSerial(p port, name string) *Serial {
	return &Serial{port: p, name: name, buf: make([]byte, 4<<10)}
}

// Next implements [scanner.Camera]: it waits for the next code.
func (s *Serial) Next(ctx context.Context, f *scanner.Frame) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait := s.line.patience()
		if err := s.port.SetReadTimeout(wait); err != nil {
			return fmt.Errorf("%w (%s: %w)", ErrGone, s.name, err)
		}
		n, err := s.port.Read(s.buf)
		s.line.add(s.buf[:n])
		clear(s.buf[:n])
		if err != nil {
			return fmt.Errorf("%w (%s: %w)", ErrGone, s.name, err)
		}
		if n > 0 {
			continue
		}
		if text := s.line.end(); text != nil {
			*f = scanner.Frame{Text: text, At: time.Now()}
			return nil
		}
	}
}

// Close lets go of the line and wipes what came.
func (s *Serial) Close() error {
	clear(s.line.text)
	var busy *serial.PortError
	if err := s.port.Close(); err != nil && !errors.As(err, &busy) {
		return err // one that is gone cannot be closed
	}
	return nil
}

// A line puts together what came since the last silence.
type line struct {
	text []byte
	over bool // it is too long, and thrown away up to its end
}

func (l *line) add(b []byte) {
	if len(l.text)+len(b) > MaxText+2 || l.over {
		clear(l.text)
		l.text, l.over = l.text[:0], true
		return
	}
	l.text = append(l.text, b...)
}

// patience is how long a silence ends what came so far.
func (l *line) patience() time.Duration {
	switch {
	case len(l.text) == 0 && !l.over:
		return glance
	case bytes.HasSuffix(l.text, []byte("\n")), bytes.HasSuffix(l.text, []byte("\r")):
		return lineSilence
	}
	return Silence
}

// end is the code that a silence has ended, without its line end; nil if
// there is none.
func (l *line) end() []byte {
	text := bytes.Clone(bytes.TrimRight(l.text, "\r\n"))
	text = bytes.TrimLeft(text, "\r\n")
	over := l.over || len(text) > MaxText
	clear(l.text)
	l.text, l.over = l.text[:0], false
	if over || len(text) == 0 {
		return nil
	}
	return text
}
