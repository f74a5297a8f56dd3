package hid

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"badgekiosk/scanner"
)

// Silence ends a code that came without Enter.
const Silence = 300 * time.Millisecond

// Event types and requests. Source: linux/input.h.
const (
	evSyn = 0
	evKey = 1
	// synDropped says that the kernel had no room for keys while nobody read:
	// while a slow panel is drawn, a scanner types more than it keeps.
	synDropped = 3
	eviocgrab  = 0x40044590
	timeSize   = 2 * unsafe.Sizeof(uintptr(0)) // struct timeval on 32- and 64-bit boards
	eventSize  = int(timeSize) + 8
)

// A Scanner is a hand scanner that types. It is a [scanner.Camera] whose
// frames hold text and no picture.
type Scanner struct {
	file   *os.File
	typist typist
	events []byte
	ready  [][]byte // codes typed and not handed out
}

var _ scanner.Camera = (*Scanner)(nil)

// ErrGone says that the hand scanner was unplugged.
var ErrGone = errors.New("the hand scanner is gone; check its cable")

// Find returns what may be a hand scanner, likeliest first: keyboards whose
// names say so, serial lines, and keyboards of any name on the USB, as many
// scanners call themselves no more than "HID Keyboard".
func Find() []string {
	named, others := keyboards("/sys/class/input")
	return append(append(named, serials()...), others...)
}

// keyboards looks in the folder where the kernel lists what gives input: who
// makes names in /dev/input/by-id is not on every board.
//
// Source: Linux, Documentation/input/input.rst.
func keyboards(list string) (named, others []string) {
	all, _ := filepath.Glob(list + "/event*") // the pattern is well-formed
	for _, event := range all {
		at, err := filepath.EvalSymlinks(event)
		if err != nil || !strings.Contains(at, "/usb") {
			continue
		}
		keys, err := os.ReadFile(event + "/device/capabilities/key")
		if err != nil || !types(string(keys)) {
			continue
		}
		path := "/dev/input/" + filepath.Base(event)
		if name, err := os.ReadFile(event + "/device/name"); err == nil && soundsLikeScanner(string(name)) {
			named = append(named, path)
		} else {
			others = append(others, path)
		}
	}
	return named, others
}

// coded are the keys that whoever types a code has, as bits: the figures, the
// upper row of letters, Enter and A. Source: input-event-codes.h.
const coded = 0x3FF<<2 | 0x3FF<<16 | 1<<keyEnter | 1<<30

// types tells whether a device with these keys can type: words of the
// kernel's size, the last of which has the first keys.
func types(keys string) bool {
	words := strings.Fields(keys)
	if len(words) == 0 {
		return false
	}
	n, err := strconv.ParseUint(words[len(words)-1], 16, 64)
	return err == nil && n&coded == coded
}

// soundsLikeScanner tells by a device's name whether it is a hand scanner.
func soundsLikeScanner(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"scan", "barcode", "honeywell", "zebra", "symbol", "datalogic", "newland", "netum"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

// Open takes the keyboard at path for this program alone. layout is the
// country that the scanner is set up for: us, de, fr, es.
func Open(path, layout string) (*Scanner, error) {
	l, err := ParseLayout(layout)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("hand scanner: %w", err)
	}
	if err := grab(f); err != nil {
		return nil, errors.Join(fmt.Errorf("hand scanner %s: another program holds it: %w", path, err), f.Close())
	}
	return newScanner(f, l), nil
}

func newScanner(f *os.File, l *Layout) *Scanner {
	return &Scanner{file: f, typist: typist{layout: l}, events: make([]byte, 64*eventSize)}
}

// grab keeps the keys from every other program.
func grab(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var e unix.Errno
	err = conn.Control(func(fd uintptr) {
		_, _, e = unix.Syscall(unix.SYS_IOCTL, fd, eviocgrab, 1)
	})
	runtime.KeepAlive(f)
	if err == nil && e != 0 {
		err = e
	}
	return err
}

// Next implements [scanner.Camera]: it waits for the next code.
func (s *Scanner) Next(ctx context.Context, f *scanner.Frame) error {
	stop := context.AfterFunc(ctx, func() { s.file.SetReadDeadline(time.Now()) })
	defer stop()
	for len(s.ready) == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.read(ctx); err != nil {
			return err
		}
	}
	*f = scanner.Frame{Text: s.ready[0], At: time.Now()}
	s.ready = s.ready[1:]
	return nil
}

// read waits for keys, or for the silence that ends a code.
func (s *Scanner) read(ctx context.Context) error {
	deadline := time.Time{}
	if s.typist.busy() {
		deadline = time.Now().Add(Silence)
	}
	if err := s.file.SetReadDeadline(deadline); err != nil {
		return fmt.Errorf("%w (%w)", ErrGone, err)
	}
	if err := ctx.Err(); err != nil {
		return err // its end came before this deadline, which put its own off
	}
	n, err := s.file.Read(s.events)
	s.take(s.events[:n-n%eventSize])
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		if text, done := s.typist.end(); done {
			s.ready = append(s.ready, text)
		}
	case err != nil:
		return fmt.Errorf("%w (%w)", ErrGone, err)
	}
	return nil
}

// take reads whole events.
func (s *Scanner) take(events []byte) {
	for ; len(events) >= eventSize; events = events[eventSize:] {
		e := events[timeSize:]
		kind, code := binary.NativeEndian.Uint16(e), binary.NativeEndian.Uint16(e[2:])
		value := binary.NativeEndian.Uint32(e[4:])
		if kind == evSyn && code == synDropped {
			s.typist.lose()
		}
		if kind != evKey || value > 1 {
			continue // other events, and keys that repeat because they are held
		}
		if text, done := s.typist.key(code, value == 1); done {
			s.ready = append(s.ready, text)
		}
	}
}

// Close gives the keyboard back and wipes what was typed.
func (s *Scanner) Close() error {
	clear(s.typist.text)
	for _, t := range s.ready {
		clear(t)
	}
	clear(s.events)
	return s.file.Close()
}
