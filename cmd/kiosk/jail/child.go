package jail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"badgekiosk/verify"
)

// A Command says how a judge is started: this same program, with other
// arguments.
type Command struct {
	Path string // empty for the program that runs
	Args []string
	// Patience is how long a judgement may take; 0 is [Patience].
	Patience time.Duration
}

// startTime is how long a judge may take to read what the kiosk believes.
const startTime = 60 * time.Second

// environment is all that a judge is told by it. The runtime asks for no
// other time zone, writes no memory to its traces, and does not look again
// how many processors it may use: each would need a file.
var environment = []string{"TZ=UTC", "GOTRACEBACK=none", "GODEBUG=containermaxprocs=0,updatemaxprocs=0", "PATH="}

// A child is a judge that runs.
type child struct {
	cmd     *exec.Cmd
	in, out *os.File
	hello   hello
	asked   atomic.Bool

	dead chan struct{} // closed when the process has ended, status then says how
	err  error
	kill sync.Once
}

// begin starts a judge and waits until it is ready or ctx ends.
func (c Command) begin(ctx context.Context) (*child, error) {
	path := c.Path
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		path = self
	}
	theirIn, ourIn, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ourOut, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirIn.Close(), ourIn.Close())
	}
	one := &child{cmd: exec.Command(path, c.Args...), in: ourIn, out: ourOut, dead: make(chan struct{})}
	// Standard error leads nowhere: what a judge that falls over says may
	// hold what it judged.
	one.cmd.Stdin, one.cmd.Stdout, one.cmd.Env = theirIn, theirOut, environment
	err = one.cmd.Start()
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		return nil, errors.Join(err, ourIn.Close(), ourOut.Close())
	}
	go func() {
		one.err = one.cmd.Wait()
		close(one.dead)
	}()
	return one, one.greet(ctx)
}

// greet hears whether the judge can judge.
func (c *child) greet(ctx context.Context) error {
	err := c.out.SetReadDeadline(time.Now().Add(startTime))
	stop := context.AfterFunc(ctx, func() { c.out.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	if err == nil {
		err = receiveValue(c.out, maxAnswer, &c.hello)
	}
	if err == nil && c.hello.Fault != "" {
		err = errors.New(c.hello.Fault)
	}
	if err != nil {
		return c.end(err)
	}
	return nil
}

// judge asks the child, which must answer until late. After an error it is
// dead.
func (c *child) judge(payload []byte, ask *verify.Ask, late time.Time) (r verify.Report, err error) {
	c.asked.Store(true)
	err = errors.Join(c.in.SetWriteDeadline(late), c.out.SetReadDeadline(late))
	if err == nil {
		err = sendValue(c.in, ask)
	}
	if err == nil {
		err = send(c.in, payload)
	}
	if err == nil {
		err = receiveValue(c.out, maxAnswer, &r)
	}
	if err == nil {
		err = sound(&r, 0)
	}
	if err != nil {
		return verify.Report{}, c.end(err)
	}
	return r, nil
}

// end kills the child, and says why and how it ended.
func (c *child) end(why error) error {
	c.kill.Do(func() {
		if errors.Is(why, io.EOF) || errors.Is(why, io.ErrUnexpectedEOF) {
			// It is ending by itself: how says more than being killed.
			select {
			case <-c.dead:
			case <-time.After(time.Second):
			}
		}
		_ = c.cmd.Process.Kill() // it may have ended
		<-c.dead
		c.in.Close()
		c.out.Close()
	})
	switch {
	case why == nil:
		return nil
	case errors.Is(why, os.ErrDeadlineExceeded):
		return errors.New("it did not answer in time and was stopped")
	case errors.Is(why, io.EOF) && c.err != nil:
		return fmt.Errorf("it ended: %w", c.err)
	}
	return why
}
