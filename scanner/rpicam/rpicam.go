// Package rpicam is a Raspberry Pi's ribbon camera, by way of the program
// that Raspberry Pi OS has for it: rpicam-vid, before 2024 libcamera-vid. The
// program runs as a child and is started again when it dies.
//
// It writes raw YUV 4:2:0 pictures to its output, luma first. Its rows are
// padded to a multiple of 64 bytes and on a Pi 5 further still, so only
// widths that are multiples of 128 are asked for, which need none.
//
// Source: rpicam-apps, null_encoder.cpp and issue 151.
package rpicam

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"badgekiosk/scanner"
)

// Programs are the names the program goes by, newest first.
var Programs = []string{"rpicam-vid", "libcamera-vid"}

const (
	// Patience is how long the program may give no picture before it is
	// started again.
	Patience = 5 * time.Second
	// restart is the wait before the program is started again.
	restart   = time.Second
	framerate = 15
	widthStep = 128
	maxSide   = 4096
)

// ErrNone says that the program is not installed.
var ErrNone = errors.New("no rpicam-vid on this system; install the package rpicam-apps")

// A Camera is the program, running. It is a [scanner.Camera].
type Camera struct {
	program       string
	width, height int
	cancel        context.CancelFunc
	done          chan struct{}

	mu    sync.Mutex
	fresh *sync.Cond
	frame []byte // luma of the newest picture, nil once it was taken
	spare []byte
	at    time.Time
	fault error // why the program last ended
}

var _ scanner.Camera = (*Camera)(nil)

// Open starts the program for pictures of width by height pixels. The width
// is a multiple of 128: 640, 1280, 1920. The error is [ErrNone] where the
// program is not installed.
func Open(width, height int) (*Camera, error) {
	for _, name := range Programs {
		if path, err := exec.LookPath(name); err == nil {
			return open(path, width, height)
		}
	}
	return nil, ErrNone
}

func open(program string, width, height int) (*Camera, error) {
	if width < widthStep || width%widthStep != 0 || height < 2 || height%2 != 0 || width > maxSide || height > maxSide {
		return nil, fmt.Errorf("a camera of %dx%d: the width must be a multiple of %d, the height even, both at most %d", width, height, widthStep, maxSide)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &Camera{program: program, width: width, height: height, cancel: cancel, done: make(chan struct{})}
	c.fresh = sync.NewCond(&c.mu)
	go c.keep(ctx)
	return c, nil
}

// keep runs the program again and again until ctx ends.
func (c *Camera) keep(ctx context.Context) {
	defer close(c.done)
	for ctx.Err() == nil {
		err := c.run(ctx)
		c.mu.Lock()
		c.fault = err
		c.fresh.Broadcast()
		c.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(restart):
		}
	}
}

// run is one life of the program.
func (c *Camera) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.program, "--codec", "yuv420", "-t", "0", "-n", "--flush",
		"--width", strconv.Itoa(c.width), "--height", strconv.Itoa(c.height),
		"--framerate", strconv.Itoa(framerate), "--denoise", "cdn_off", "-o", "-")
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	watchdog := time.AfterFunc(Patience, cancel) // kills a program that hangs
	defer watchdog.Stop()
	err = c.read(out, watchdog)
	cancel()
	return errors.Join(err, cmd.Wait())
}

// read takes pictures off the program's output, keeping the newest.
func (c *Camera) read(out io.Reader, watchdog *time.Timer) error {
	luma, chroma := c.width*c.height, c.width*c.height/2
	in := bufio.NewReaderSize(out, 1<<20)
	var buf []byte
	for {
		if cap(buf) < luma {
			buf = make([]byte, luma)
		}
		buf = buf[:luma]
		if _, err := io.ReadFull(in, buf); err != nil {
			return fmt.Errorf("%s ended: %w", c.program, err)
		}
		if _, err := in.Discard(chroma); err != nil {
			return fmt.Errorf("%s ended: %w", c.program, err)
		}
		watchdog.Reset(Patience)
		c.mu.Lock()
		old := c.frame
		if old == nil {
			old = c.spare
			c.spare = nil
		}
		c.frame, c.at, c.fault = buf, time.Now(), nil
		buf = old
		c.fresh.Broadcast()
		c.mu.Unlock()
	}
}

// Next implements [scanner.Camera]. While the program is down the error says
// why; it is started again all the same, and a later call succeeds.
func (c *Camera) Next(ctx context.Context, f *scanner.Frame) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		c.fresh.Broadcast()
		c.mu.Unlock()
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.frame == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.fault; err != nil {
			c.fault = nil // told once
			return err
		}
		c.fresh.Wait()
	}
	c.spare = f.Pix // swapped, so that neither side copies
	f.Gray = image.Gray{Pix: c.frame, Stride: c.width, Rect: image.Rect(0, 0, c.width, c.height)}
	f.At, f.Text, c.frame = c.at, nil, nil
	return nil
}

// Wipe overwrites and drops the picture that nobody took.
func (c *Camera) Wipe() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.frame)
	clear(c.spare)
	if c.frame != nil {
		c.frame, c.spare = nil, c.frame
	}
}

// Close ends the program and wipes what it saw last.
func (c *Camera) Close() error {
	c.cancel()
	<-c.done
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.frame)
	clear(c.spare)
	return nil
}
