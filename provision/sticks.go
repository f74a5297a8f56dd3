package provision

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// How sticks are watched.
const (
	stickPoll     = 500 * time.Millisecond // between two looks for sticks
	stickPatience = 90 * time.Second       // for reading one: 64 MB take 13 s from a slow one
	childPatience = 10 * time.Second       // for one that was killed: a busy computer is seconds late to hear it
	maxChildSays  = 2 << 10                // bytes of what a reader that fails may say
)

// A StickStep is how far a stick has come.
type StickStep int

// The steps, in their order. A stick that is pulled early goes to StickGone
// from any of them.
const (
	StickIn     StickStep = iota // it is there and being read: leave it in
	StickCopied                  // it may be pulled
	StickJudged                  // Outcome says what came of it
	StickGone                    // it has been pulled
)

// String is the step's name, for logs.
func (s StickStep) String() string { return [...]string{"in", "copied", "judged", "gone"}[s] }

// A StickEvent tells that a stick came one step further.
type StickEvent struct {
	Step    StickStep
	Name    string         // the kernel's for the device: "sda"
	Copied  stick.Contents // with StickCopied and StickJudged
	Outcome Outcome        // with StickJudged
}

// Sticks watches for USB sticks, reads each that is put in and judges what it
// holds. It installs nothing.
type Sticks struct {
	// Read copies what a stick holds; [ReadBy] does so in a process of its
	// own.
	Read func(ctx context.Context, s Stick) (stick.Contents, error)
	// Judge is the store's, as it is then.
	Judge func(stick.Contents) Outcome

	system string // the folder with sys and proc; "" is /
}

// Watch reports on the channel until ctx ends, and then closes it. Sticks that
// are in already are new to it.
//
// A stick that cannot be read goes from StickIn to StickJudged, with
// Outcome.Err saying why.
func (w *Sticks) Watch(ctx context.Context) <-chan StickEvent {
	events := make(chan StickEvent)
	go func() {
		defer close(events)
		tell := func(e StickEvent) {
			select {
			case events <- e:
			case <-ctx.Done():
			}
		}
		seen := map[string]bool{} // by what tells one stick from the next
		for ctx.Err() == nil {
			seen = w.look(ctx, seen, tell)
			select {
			case <-ctx.Done():
			case <-time.After(stickPoll):
			}
		}
	}()
	return events
}

// look tells of sticks that have gone and reads those that have come.
func (w *Sticks) look(ctx context.Context, seen map[string]bool, tell func(StickEvent)) map[string]bool {
	now, there := findSticks(w.system), map[string]bool{}
	for _, s := range now {
		there[s.identity] = true
	}
	for id := range seen {
		if !there[id] {
			name, _, _ := strings.Cut(id, " ")
			tell(StickEvent{Step: StickGone, Name: name})
		}
	}
	for _, s := range now {
		if !seen[s.identity] {
			w.read(ctx, s, tell)
		}
	}
	return there
}

// read takes one stick through its steps.
func (w *Sticks) read(ctx context.Context, s Stick, tell func(StickEvent)) {
	tell(StickEvent{Step: StickIn, Name: s.Name})
	soon, cancel := context.WithTimeout(ctx, stickPatience)
	defer cancel()
	c, err := w.Read(soon, s)
	if err != nil {
		tell(StickEvent{Step: StickJudged, Name: s.Name, Outcome: Outcome{Err: err}})
		return
	}
	tell(StickEvent{Step: StickCopied, Name: s.Name, Copied: c})
	tell(StickEvent{Step: StickJudged, Name: s.Name, Copied: c, Outcome: w.Judge(c)})
}

// ReadBy reads sticks with a program that is started for each, is given the
// device and the folders it is mounted at as its last arguments, and writes
// what [stick.Send] writes. It is killed when ctx ends: a bad stick can cost
// no more than it.
func ReadBy(program string, args ...string) func(context.Context, Stick) (stick.Contents, error) {
	return func(ctx context.Context, s Stick) (stick.Contents, error) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		cmd := exec.CommandContext(ctx, program, append(append(args[:len(args):len(args)], s.Device), s.Mounted...)...)
		cmd.Env = []string{} // it needs none
		cmd.WaitDelay = childPatience
		said := &limited{left: maxChildSays}
		cmd.Stderr = said
		out, err := cmd.StdoutPipe()
		if err != nil {
			return stick.Contents{}, err
		}
		if err := cmd.Start(); err != nil {
			return stick.Contents{}, reason.Errorf(reason.HStick, "the stick's reader: %w", err)
		}
		unhook := context.AfterFunc(ctx, func() { _ = out.Close() }) // a child that hangs in the kernel holds its end
		c, err := stick.Receive(out)
		unhook()
		late := ctx.Err()
		stop()
		says := ended(cmd, said)
		switch {
		case err != nil && late != nil:
			return stick.Contents{}, reason.Errorf(reason.HStick, "the stick did not answer in time: %w", late)
		case err != nil && says != "":
			return stick.Contents{}, reason.Errorf(reason.HStick, "%w; its reader said: %s", errors.Unwrap(err), says)
		}
		return c, err
	}
}

// ended waits for a killed child, not for ever: one that hangs in the kernel
// goes when the stick does. It returns what the child said.
func ended(cmd *exec.Cmd, said *limited) string {
	gone := make(chan string, 1)
	go func() {
		_ = cmd.Wait() // killed, as a rule
		gone <- said.b.String()
	}()
	select {
	case says := <-gone:
		return says
	case <-time.After(childPatience):
		return ""
	}
}

// limited keeps the first bytes of what is written to it.
type limited struct {
	b    bytes.Buffer
	left int
}

// Write implements [io.Writer].
func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.left -= n
	l.b.Write(p[:n])
	return len(p), nil
}

// FindSticks are the USB disks that are in, by name. A disk that this system
// runs from, or uses, is none.
func FindSticks() []Stick { return findSticks("") }

// StickSystem reads the image in one file of a stick's, by a program as
// [ReadBy] does, which gets --system NAME too. Closing it, or the end of ctx,
// ends the program.
func StickSystem(ctx context.Context, s Stick, name, program string, args ...string) (io.ReadCloser, error) {
	ctx, stop := context.WithCancel(ctx)
	args = append(args[:len(args):len(args)], "--system", name, s.Device)
	cmd := exec.CommandContext(ctx, program, append(args, s.Mounted...)...)
	cmd.Env = []string{}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		stop()
		return nil, reason.Errorf(reason.HStick, "the stick's reader: %w", err)
	}
	return &childFile{Reader: out, cmd: cmd, stop: stop}, nil
}

// A childFile is what a child writes.
type childFile struct {
	io.Reader
	cmd  *exec.Cmd
	stop context.CancelFunc
	end  error // of a child that has ended
}

// Read implements [io.Reader]: a child that fails is not the end of the file.
func (f *childFile) Read(b []byte) (int, error) {
	if f.end != nil {
		return 0, f.end
	}
	n, err := f.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		if failed := f.cmd.Wait(); failed != nil {
			err = reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", failed)
		}
		f.end = err
	}
	return n, err
}

// Close implements [io.Closer].
func (f *childFile) Close() error {
	f.stop()
	if f.cmd.ProcessState == nil {
		go func() { _ = f.cmd.Wait() }() // killed
	}
	return nil
}
