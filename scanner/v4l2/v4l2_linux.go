package v4l2

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"badgekiosk/scanner"
)

const (
	buffers = 4
	// Patience is how long a camera that streams may give nothing before it
	// counts as gone.
	Patience = 3 * time.Second
	// maxSide bounds what a camera may claim its pictures to be.
	maxSide = 4096
)

// A kernel is the few system calls on one open device, so that a test can
// stand in for a camera.
type kernel interface {
	ioctl(request uintptr, arg []byte) error
	mmap(offset int64, length int) ([]byte, error)
	munmap(b []byte) error
	// wait returns when there is a frame, or with EAGAIN after d.
	wait(d time.Duration) error
	close() error
}

// A Camera is an open camera that streams. It is a [scanner.Camera].
type Camera struct {
	k    kernel
	path string
	mode mode
	maps [][]byte
	buf  []byte // a v4l2_buffer
}

var _ scanner.Camera = (*Camera)(nil)

// Open starts the camera at path ("/dev/video0") in the mode nearest to width
// by height pixels that it has in the best format.
//
// The error says what the device is if it is no camera, and what it offers if
// it has no format that can be read.
func Open(path string, width, height int) (*Camera, error) {
	k, err := openDevice(path)
	if err != nil {
		return nil, fmt.Errorf("camera %s: %w", path, err)
	}
	c, err := start(k, path, width, height)
	if err != nil {
		return nil, errors.Join(err, k.close())
	}
	return c, nil
}

func start(k kernel, path string, width, height int) (*Camera, error) {
	c := &Camera{k: k, path: path, buf: make([]byte, abi.bufferSize)}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"is it a camera", c.capable},
		{"choosing a format", func() error { return c.choose(width, height) }},
		{"setting it for a screen close up", c.adjust},
		{"memory for frames", c.share},
		{"starting", func() error { return c.stream(streamon) }},
	} {
		if err := step.do(); err != nil {
			return nil, errors.Join(fmt.Errorf("camera %s: %s: %w", path, step.what, err), c.unmap())
		}
	}
	return c, nil
}

// Size is the pictures' width and height.
func (c *Camera) Size() (width, height int) { return c.mode.width, c.mode.height }

// capable asks whether the device takes pictures at all.
func (c *Camera) capable() error {
	b := make([]byte, capabilitySize)
	if err := c.k.ioctl(querycap, b); err != nil {
		return err
	}
	caps := native.Uint32(b[84:])
	if caps&capDeviceCaps != 0 {
		caps = native.Uint32(b[88:])
	}
	if caps&capVideoCapture == 0 || caps&capStreaming == 0 {
		return fmt.Errorf("%q takes no pictures", text(b[16:48]))
	}
	return nil
}

func text(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// choose agrees with the camera on the best format and the nearest size. What
// the kernel answers counts, not what it was asked.
func (c *Camera) choose(width, height int) error {
	offered := c.offered()
	for _, f := range formats {
		if !offered[fourCC(f.code)] {
			continue
		}
		m, err := c.try(f, width, height)
		if err != nil {
			return err
		}
		if m != nil {
			c.mode = *m
			return nil
		}
	}
	return fmt.Errorf("none of its %d formats can be read", len(offered))
}

func (c *Camera) offered() map[uint32]bool {
	offered := map[uint32]bool{}
	for i := range uint32(64) {
		b := make([]byte, fmtdescSize)
		native.PutUint32(b[atIndex:], i)
		native.PutUint32(b[atType:], captureType)
		if c.k.ioctl(enumFmt, b) != nil {
			break
		}
		offered[native.Uint32(b[44:])] = true
	}
	return offered
}

// try asks for a format. The mode is nil if the camera answers another one.
func (c *Camera) try(f format, width, height int) (*mode, error) {
	b := make([]byte, abi.formatSize)
	pix := b[abi.formatAt:]
	native.PutUint32(b, captureType)
	native.PutUint32(pix, uint32(width))
	native.PutUint32(pix[4:], uint32(height))
	native.PutUint32(pix[8:], fourCC(f.code))
	native.PutUint32(pix[12:], 1) // V4L2_FIELD_NONE: no interlacing
	if err := c.k.ioctl(setFmt, b); err != nil {
		return nil, err
	}
	m := &mode{format: f, width: int(native.Uint32(pix)), height: int(native.Uint32(pix[4:])), stride: int(native.Uint32(pix[16:]))}
	if native.Uint32(pix[8:]) != fourCC(f.code) {
		return nil, nil
	}
	if m.width < 1 || m.height < 1 || m.width > maxSide || m.height > maxSide {
		return nil, fmt.Errorf("pictures of %dx%d", m.width, m.height)
	}
	m.stride = max(m.stride, m.width*f.bytes)
	return m, nil
}

// Controls that suit a code on a phone's screen at reading distance. A camera
// that has one of them not is used as it is.
var controls = []struct {
	id    uint32
	value int32
}{
	{0x009a0901, 3}, // V4L2_CID_EXPOSURE_AUTO: aperture priority, that is automatic
	{0x009a0903, 0}, // V4L2_CID_EXPOSURE_AUTO_PRIORITY: keep the frame rate
	{0x009a090c, 1}, // V4L2_CID_FOCUS_AUTO
	{0x00980912, 1}, // V4L2_CID_AUTOGAIN
	{0x00980918, 3}, // V4L2_CID_POWER_LINE_FREQUENCY: automatic
}

func (c *Camera) adjust() error {
	for _, ctl := range controls {
		b := make([]byte, controlSize)
		native.PutUint32(b, ctl.id)
		native.PutUint32(b[4:], uint32(ctl.value))
		if err := c.k.ioctl(setCtrl, b); errors.Is(err, syscall.ENODEV) {
			return err
		}
	}
	return nil
}

func (c *Camera) share() error {
	b := make([]byte, reqbufsSize)
	native.PutUint32(b, buffers)
	native.PutUint32(b[4:], captureType)
	native.PutUint32(b[8:], memoryMmap)
	if err := c.k.ioctl(reqbufs, b); err != nil {
		return err
	}
	n := native.Uint32(b)
	if n == 0 || n > 32 {
		return fmt.Errorf("%d buffers", n)
	}
	for i := range n {
		c.address(i)
		if err := c.k.ioctl(querybuf, c.buf); err != nil {
			return err
		}
		m, err := c.k.mmap(int64(native.Uint32(c.buf[abi.offsetAt:])), int(native.Uint32(c.buf[abi.lenAt:])))
		if err != nil {
			return err
		}
		c.maps = append(c.maps, m)
		if err := c.give(i); err != nil {
			return err
		}
	}
	return nil
}

// address makes c.buf speak of buffer i.
func (c *Camera) address(i uint32) {
	clear(c.buf)
	native.PutUint32(c.buf[atIndex:], i)
	native.PutUint32(c.buf[atType:], captureType)
	native.PutUint32(c.buf[abi.sequenceAt+4:], memoryMmap)
}

// give hands buffer i to the camera to fill.
func (c *Camera) give(i uint32) error {
	c.address(i)
	return c.k.ioctl(qbuf, c.buf)
}

func (c *Camera) stream(onOrOff uintptr) error {
	b := make([]byte, 4)
	native.PutUint32(b, captureType)
	return c.k.ioctl(onOrOff, b)
}

// ErrGone says that the camera was unplugged, or gives nothing any more.
var ErrGone = errors.New("the camera is gone; check its cable")

// Next implements [scanner.Camera]. A camera that gives no frame for
// [Patience], or was pulled, is [ErrGone]: close it and open it again.
func (c *Camera) Next(ctx context.Context, f *scanner.Frame) error {
	deadline := time.Now().Add(Patience)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		i, n, err := c.newest()
		switch {
		case err == nil:
			f.Text = nil
			f.At = time.Now()
			readErr := c.mode.grey(&f.Gray, c.maps[i][:n])
			if err := c.give(i); err != nil {
				return c.gone(err)
			}
			if readErr == nil {
				return nil
			}
			err = syscall.EAGAIN // a broken frame: wait for a better one
			fallthrough
		case errors.Is(err, syscall.EAGAIN):
			if time.Now().After(deadline) {
				return c.gone(fmt.Errorf("no picture for %s", Patience))
			}
		default:
			return c.gone(err)
		}
	}
}

func (c *Camera) gone(err error) error { return fmt.Errorf("%w (%s: %w)", ErrGone, c.path, err) }

// poll is how long one wait for a frame lasts, so that a cancelled context is
// noticed.
const poll = 100 * time.Millisecond

// newest takes the last of the frames that are ready and gives the others
// back. Frames that the kernel marks as broken are not taken.
func (c *Camera) newest() (index uint32, size int, err error) {
	if err := c.k.wait(poll); err != nil {
		return 0, 0, err
	}
	have := false
	for {
		i, n, err := c.take()
		if errors.Is(err, syscall.EAGAIN) && have {
			return index, size, nil
		}
		if err != nil {
			return 0, 0, err
		}
		if native.Uint32(c.buf[atFlags:])&flagError != 0 {
			if err := c.give(i); err != nil {
				return 0, 0, err
			}
			continue
		}
		if have {
			if err := c.give(index); err != nil {
				return 0, 0, err
			}
		}
		have, index, size = true, i, n
	}
}

// take takes the next frame that is ready, or is EAGAIN.
func (c *Camera) take() (index uint32, size int, err error) {
	clear(c.buf)
	native.PutUint32(c.buf[atType:], captureType)
	native.PutUint32(c.buf[abi.sequenceAt+4:], memoryMmap)
	if err := c.k.ioctl(dqbuf, c.buf); err != nil {
		return 0, 0, err
	}
	i, n := native.Uint32(c.buf[atIndex:]), int(native.Uint32(c.buf[atBytesused:]))
	if int(i) >= len(c.maps) {
		return 0, 0, fmt.Errorf("the kernel names buffer %d of %d", i, len(c.maps))
	}
	return i, min(n, len(c.maps[i])), nil
}

// Wipe overwrites the pictures that the kernel's buffers still show, and drops
// those that nobody took. It serves the goroutine that calls Next.
func (c *Camera) Wipe() {
	ready := make([]uint32, 0, len(c.maps))
	for range c.maps {
		i, _, err := c.take()
		if err != nil {
			break // there is no other, or Next will say what is wrong
		}
		ready = append(ready, i)
	}
	for _, m := range c.maps {
		clear(m)
	}
	for _, i := range ready {
		if c.give(i) != nil {
			return // it was pulled; Next will say so
		}
	}
}

func (c *Camera) unmap() (err error) {
	for _, m := range c.maps {
		clear(m) // nothing of what was seen stays
		err = errors.Join(err, c.k.munmap(m))
	}
	c.maps = nil
	return err
}

// Close stops the camera and wipes what it saw.
func (c *Camera) Close() error {
	err := c.stream(streamoff)
	if errors.Is(err, syscall.ENODEV) {
		err = nil // it was pulled
	}
	return errors.Join(err, c.unmap(), c.k.close())
}
