package signal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel's interface to a sound card's output.
//
// Source: Linux, include/uapi/sound/asound.h.
const (
	ioctlPrepare = 0x4140
	ioctlDrop    = 0x4143
	ioctlDrain   = 0x4144
	ioctlParams  = 3<<30 | uint(unsafe.Sizeof(hwParams{}))<<16 | 0x4111

	maskAccess, maskFormat, maskSubformat = 0, 1, 2 // of hwParams.masks
	accessInterleaved                     = 3
	formatS16LE                           = 2
	subformatStd                          = 0
	ranges0                               = 8 // the first of hwParams.ranges
	rangeChannels                         = 10 - ranges0
	rangeRate                             = 11 - ranges0
	rangeBufferTime                       = 16 - ranges0

	bufferLeast, bufferMost = 100_000, 500_000 // µs of sound that the card holds
)

// hwParams is struct snd_pcm_hw_params.
type hwParams struct {
	flags              uint32
	masks              [3 + 5]mask // the last five are reserved
	ranges             [12 + 9]interval
	asked, changed     uint32
	info, msbits       uint32
	rateNum, rateDenom uint32
	fifo               uintptr
	_                  [64]byte
}

type mask [8]uint32

type interval struct{ least, most, flags uint32 }

// params asks for sound of so many 16-bit channels at rate.
func params(rate, channels int) *hwParams {
	p := &hwParams{asked: ^uint32(0), info: ^uint32(0)}
	for i := range p.masks {
		for j := range p.masks[i] {
			p.masks[i][j] = ^uint32(0)
		}
	}
	for i := range p.ranges {
		p.ranges[i].most = ^uint32(0)
	}
	p.masks[maskAccess] = mask{1 << accessInterleaved}
	p.masks[maskFormat] = mask{1 << formatS16LE}
	p.masks[maskSubformat] = mask{1 << subformatStd}
	const integer = 1 << 2
	p.ranges[rangeChannels] = interval{uint32(channels), uint32(channels), integer}
	p.ranges[rangeRate] = interval{uint32(rate), uint32(rate), integer}
	p.ranges[rangeBufferTime] = interval{bufferLeast, bufferMost, 0}
	return p
}

// A card is the playing side of an ALSA device, and its knobs where they can
// be reached.
type card struct {
	file
	knobs *knobs
}

// A file is an open device, asked without waiting for it.
type file struct {
	fd   int
	name string
}

func open(name string, how int) (file, error) {
	// A device that another program holds must not make this one wait.
	fd, err := unix.Open(name, how|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return file{}, fmt.Errorf("%s: %w", name, err)
	}
	return file{fd, name}, nil
}

// ErrNoSound says that there is nothing to make sound with.
var ErrNoSound = errors.New("no sound card is found; plug in a USB one, or set dtparam=audio=on in config.txt")

const (
	outputs  = "/dev/snd/pcmC*D*p"
	theCards = "/proc/asound"
)

// FindSound names the sound card that clips are played on now. The error is
// [ErrNoSound], or says why the card cannot be opened.
func FindSound() (string, error) {
	all, _ := filepath.Glob(outputs) // the pattern is well-formed
	if len(all) == 0 {
		return "", ErrNoSound
	}
	best := bestFirst(all, theCards)[0]
	f, err := open(best, unix.O_WRONLY)
	if err != nil {
		return "", err
	}
	id, _ := os.ReadFile(filepath.Join(theCards, "card"+cardOf(best), "id")) // else by its file's name
	return cmp.Or(strings.TrimSpace(string(id)), best), f.Close()
}

// cardOf is the number of the card whose playing side is at path.
func cardOf(path string) string {
	number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), "pcmC"), "D")
	return number
}

// openSound opens the first output that nobody else holds, turned up.
func openSound(volume int) (sounder, error) {
	all, _ := filepath.Glob(outputs) // the pattern is well-formed
	err := ErrNoSound
	for _, path := range bestFirst(all, theCards) {
		f, e := open(path, unix.O_WRONLY)
		if e == nil {
			c := &card{f, openKnobs(path)}
			c.knobs.turnUp(volume)
			return c, nil
		}
		err = fmt.Errorf("sound: %w", e)
	}
	return nil, err
}

// bestFirst sorts outputs: a USB card was plugged in to be heard; HDMI often
// has no loudspeaker, and needs another format.
func bestFirst(paths []string, asound string) []string {
	rank := func(path string) int {
		dir := filepath.Join(asound, "card"+cardOf(path))
		if _, err := os.Stat(filepath.Join(dir, "usbid")); err == nil {
			return 0
		}
		if id, err := os.ReadFile(filepath.Join(dir, "id")); err == nil && strings.Contains(strings.ToLower(string(id)), "hdmi") {
			return 2
		}
		return 1
	}
	paths = slices.Clone(paths)
	slices.SortStableFunc(paths, func(a, b string) int { return rank(a) - rank(b) })
	return paths
}

// control asks one thing of a device.
func (f file) control(request uint, arg unsafe.Pointer) error {
	for {
		_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(f.fd), uintptr(request), uintptr(arg))
		if e == unix.EINTR {
			continue
		}
		if e != 0 {
			return fmt.Errorf("%s: request %#x: %w", f.name, request, e)
		}
		return nil
	}
}

func (f file) Close() error { return unix.Close(f.fd) }

func (c *card) Start(rate, channels int) error {
	p := params(rate, channels)
	err := c.control(ioctlParams, unsafe.Pointer(p))
	runtime.KeepAlive(p)
	if errors.Is(err, unix.EINVAL) {
		return fmt.Errorf("%w: %d Hz, %d channels", errUnfit, rate, channels)
	}
	if err != nil {
		return err
	}
	return c.control(ioctlPrepare, nil)
}

const (
	// stuck is how long a card may take no sound. It holds bufferMost at most.
	stuck = 2 * time.Second
	// look is the wait between two looks whether all has been heard.
	look = 20 * time.Millisecond
)

// Write plays frames. A card that ran dry is made ready again: the frames
// before were heard. One that was pulled out is an error, and so is one that
// takes nothing for [stuck].
func (c *card) Write(frames []byte) (done int, err error) {
	for done < len(frames) {
		n, err := unix.Write(c.fd, frames[done:])
		done += max(n, 0)
		switch {
		case err == nil, errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EPIPE):
			err = c.control(ioctlPrepare, nil)
		case errors.Is(err, unix.EAGAIN):
			err = c.room()
		}
		if err != nil {
			return done, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return done, nil
}

// room waits until the card takes more.
func (c *card) room() error {
	all := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(all, int(stuck/time.Millisecond))
	if err == nil && n == 0 {
		err = fmt.Errorf("takes no sound for %s: %w", stuck, os.ErrDeadlineExceeded)
	}
	if errors.Is(err, unix.EINTR) {
		return nil
	}
	return err
}

// Drain waits until what was written has been heard.
func (c *card) Drain(ctx context.Context) error {
	err := c.control(ioctlDrain, nil)
	if !errors.Is(err, unix.EAGAIN) {
		return err
	}
	all := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLOUT}}
	for end := time.Now().Add(stuck); time.Now().Before(end); {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), c.Drop())
		}
		// A card says nothing while it drains, and then that it has stopped.
		n, err := unix.Poll(all, int(look/time.Millisecond))
		if n > 0 || err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
	}
	return c.Drop()
}

func (c *card) Drop() error { return c.control(ioctlDrop, nil) }

// Worn tells whether the card says that headphones are plugged in.
func (c *card) Worn() bool { return c.knobs.worn() }

func (c *card) Close() error { return errors.Join(c.file.Close(), c.knobs.Close()) }
