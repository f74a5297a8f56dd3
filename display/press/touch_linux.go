package press

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// look is how often new touch screens are looked for.
const look = 2 * time.Second

// screens are the touch screens that are plugged in.
type screens struct {
	turn int
	send func(Press)
	list func() []string
	open func(path string) (file *os.File, x, y axis, at [2]int32, err error)

	mu   sync.Mutex
	held map[string]bool
	done sync.WaitGroup
}

func newScreens(turn int, send func(Press)) *screens {
	return &screens{turn: turn, send: send, list: inputs, open: openTouch, held: map[string]bool{}}
}

func inputs() []string {
	all, _ := filepath.Glob("/dev/input/event*") // the pattern is well-formed
	return all
}

// watch reads every touch screen there is, and those that come, until ctx
// ends.
func (s *screens) watch(ctx context.Context) {
	defer s.done.Wait()
	t := time.NewTicker(look)
	defer t.Stop()
	for {
		for _, path := range s.list() {
			s.meet(ctx, path)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// meet begins to read a device, unless it is read already or is no touch
// screen.
func (s *screens) meet(ctx context.Context, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[path] {
		return
	}
	file, x, y, at, err := s.open(path)
	if err != nil {
		return // it is something else, or it left again
	}
	f := newFinger(x, y, s.turn, s.send)
	f.at = at
	s.held[path] = true
	s.done.Go(func() {
		read(ctx, file, f)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.held, path)
	})
}

// read follows one finger until the screen is unplugged or ctx ends. A finger
// that was down is then up.
func read(ctx context.Context, file *os.File, f *finger) {
	defer file.Close()
	stop := context.AfterFunc(ctx, func() { file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	events := make([]byte, 64*eventSize)
	for ctx.Err() == nil {
		deadline := time.Time{}
		if f.down && !f.held {
			deadline = f.since.Add(Hold)
		}
		if file.SetReadDeadline(deadline) != nil || ctx.Err() != nil {
			break
		}
		n, err := file.Read(events)
		f.take(events[:n], time.Now())
		f.tick(time.Now())
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	f.touch, f.mine = false, -1
	f.report(time.Now())
}

// Requests of an input device. Source: Linux, include/uapi/linux/input.h.
const (
	eviocgprop = 2<<30 | 'E'<<8 | 0x09          // | size << 16
	eviocgbit  = 2<<30 | 'E'<<8 | 0x20          // | size << 16 | event type
	eviocgabs  = 2<<30 | 24<<16 | 'E'<<8 | 0x40 // | axis; struct input_absinfo has 24 bytes

	propDirect = 1 // the finger is on what it means
)

// errNoTouch says that an input device is no touch screen.
var errNoTouch = errors.New("no touch screen")

// openTouch opens an input device if it is a touch screen.
func openTouch(path string) (file *os.File, x, y axis, at [2]int32, err error) {
	file, err = os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, x, y, at, err
	}
	var abs, keys bits
	var props bits
	err = errors.Join(ask(file, eviocgbit|evAbs, abs[:]), ask(file, eviocgbit|evKey, keys[:]), ask(file, eviocgprop, props[:]))
	codeX, codeY, ok := axes(&abs, &keys, &props)
	if err == nil && !ok {
		err = errNoTouch
	}
	var ix, iy [6]int32 // value, minimum, maximum, fuzz, flat, resolution
	if err == nil {
		err = errors.Join(absInfo(file, codeX, &ix), absInfo(file, codeY, &iy))
	}
	if err != nil {
		return nil, x, y, at, errors.Join(err, file.Close())
	}
	return file, axis{ix[1], ix[2]}, axis{iy[1], iy[2]}, [2]int32{ix[0], iy[0]}, nil
}

// bits are the event codes that a device knows.
type bits [96]byte // KEY_MAX is 0x2ff

func (b *bits) has(i int) bool { return b[i/8]&(1<<(i%8)) != 0 }

// axes are those that a touch screen tells a finger's place by. A touch pad,
// a tablet and a joystick are none.
func axes(abs, keys, props *bits) (x, y uint16, ok bool) {
	pad := keys.has(btnToolFinger) && !props.has(propDirect)
	switch {
	case pad:
	case abs.has(absMTPositionX) && abs.has(absMTPositionY):
		return absMTPositionX, absMTPositionY, true
	case abs.has(absX) && abs.has(absY) && keys.has(btnTouch):
		return absX, absY, true
	}
	return 0, 0, false
}

func ask(f *os.File, request uint, into []byte) error {
	return control(f, request|uint(len(into))<<16, unsafe.Pointer(&into[0]))
}

func absInfo(f *os.File, code uint16, into *[6]int32) error {
	return control(f, eviocgabs|uint(code), unsafe.Pointer(into))
}

func control(f *os.File, request uint, into unsafe.Pointer) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var e unix.Errno
	err = conn.Control(func(fd uintptr) {
		_, _, e = unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(into))
	})
	runtime.KeepAlive(into)
	if err == nil && e != 0 {
		err = fmt.Errorf("%s: request %#x: %w", f.Name(), request, e)
	}
	return err
}
