// Package journal keeps what happened to a kiosk: in memory, the last lines
// only, each made of numbers and of words of the program's own. There is no
// way to put a text in: nothing of a learner can be in a line, whatever went
// wrong while a badge was judged.
package journal

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"badgekiosk/verify/reason"
)

// An Event is something that happened.
type Event int

// The events. Fault and Healed are of the part that the code names.
const (
	Fault     Event = iota
	Healed          // what Fault told of is over
	Started         // the kiosk
	Ready           // it scans
	Stopped         // it was asked to
	Installed       // a bundle, of serial N
	Synced          // with the coalition's server
	ClockSet        // by hand
	Unlocked        // the menu, with the PIN
	Refused         // a wrong PIN
)

var eventWords = [...]string{"fault", "healed", "started", "ready", "stopped", "installed", "synced", "clock set", "unlocked", "refused"}

func (e Event) String() string {
	if e < 0 || int(e) >= len(eventWords) {
		return "event " + fmt.Sprint(int(e))
	}
	return eventWords[e]
}

// A Line is one thing that happened, and how often since.
type Line struct {
	First, Last time.Time
	Times       int
	Event       Event
	Code        reason.Code   // one of the list, or empty
	Cause       string        // words of the program's own
	Errno       syscall.Errno // what the system said
	N           int64
	Took        time.Duration
}

// String is the line as it is written: time, event, and what there is more.
func (l Line) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", l.First.UTC().Format(time.RFC3339), l.Event)
	if l.Code != "" {
		fmt.Fprintf(&b, " %s", l.Code)
	}
	if l.N != 0 {
		fmt.Fprintf(&b, " %d", l.N)
	}
	if l.Took != 0 {
		fmt.Fprintf(&b, " in %s", l.Took.Round(time.Millisecond))
	}
	if l.Cause != "" {
		fmt.Fprintf(&b, ": %s", l.Cause)
	}
	if l.Errno != 0 {
		fmt.Fprintf(&b, " (%s)", l.Errno.Error())
	}
	if l.Times > 1 {
		fmt.Fprintf(&b, ", %d times until %s", l.Times, l.Last.UTC().Format(time.RFC3339))
	}
	return b.String()
}

// A Journal keeps the newest lines. It serves any number of goroutines.
type Journal struct {
	causes []error

	mu    sync.Mutex
	keep  int
	lines []Line // oldest first
	out   io.Writer
}

// New keeps up to so many lines, and writes them to out too, unless it is
// nil. causes are the errors whose words may be told: constants of the
// drivers, as display.ErrBusyTimeout. Of any other error only the system's
// number is kept.
func New(keep int, out io.Writer, causes ...error) *Journal {
	return &Journal{keep: max(1, keep), out: out, causes: causes}
}

// Fault tells that a part needs help.
func (j *Journal) Fault(code reason.Code, err error) {
	j.add(Line{Event: Fault, Code: code}, err)
}

// Healed tells that it is well again. It is told once, and only after a fault.
func (j *Journal) Healed(code reason.Code) {
	j.mu.Lock()
	ill := false
	for _, l := range slices.Backward(j.lines) {
		if l.Code == code {
			ill = l.Event == Fault
			break
		}
	}
	j.mu.Unlock()
	if ill {
		j.add(Line{Event: Healed, Code: code}, nil)
	}
}

// Event tells of something else, with a number and a time it took where that
// says something.
func (j *Journal) Event(e Event, n int64, took time.Duration) {
	j.add(Line{Event: e, N: n, Took: took}, nil)
}

// again is for how long a fault that comes back is the same line.
const again = time.Hour

func (j *Journal) add(l Line, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, known := reason.Of(l.Code); !known {
		l.Code = ""
	}
	l.Cause, l.Errno = j.cause(err)
	l.First, l.Last, l.Times = time.Now(), time.Now(), 1
	if old := j.same(l); old != nil {
		old.Times++
		old.Last = l.Last
		j.write(*old)
		return
	}
	if len(j.lines) == j.keep {
		j.lines = slices.Delete(j.lines, 0, 1)
	}
	j.lines = append(j.lines, l)
	j.write(l)
}

// cause is what of an error may be kept.
func (j *Journal) cause(err error) (words string, number syscall.Errno) {
	errors.As(err, &number)
	for _, c := range j.causes {
		if errors.Is(err, c) {
			return c.Error(), number
		}
	}
	return "", number
}

// same is the line that l repeats: a fault for the same cause that was not
// healed in between.
func (j *Journal) same(l Line) *Line {
	if l.Event != Fault {
		return nil
	}
	for i, o := range slices.Backward(j.lines) {
		switch {
		case l.First.Sub(o.First) > again || o.Code == l.Code && o.Event != Fault:
			return nil
		case o.Event == Fault && o.Code == l.Code && o.Cause == l.Cause && o.Errno == l.Errno:
			return &j.lines[i]
		}
	}
	return nil
}

// write tells a line the first time and each time that it has come ten times
// as often.
func (j *Journal) write(l Line) {
	n := l.Times
	for n%10 == 0 {
		n /= 10
	}
	if j.out != nil && n == 1 {
		fmt.Fprintln(j.out, l) // where it goes may be full; the line is kept here
	}
}

// Lines are those kept, oldest first.
func (j *Journal) Lines() []Line {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.lines)
}

// Codes are the newest up to n lines whose codes are of the kiosk itself: H-
// and B-. The newest is first.
func (j *Journal) Codes(n int) (out []Line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, l := range slices.Backward(j.lines) {
		if e, _ := reason.Of(l.Code); l.Event == Fault && (e.Axis == reason.Hardware || e.Axis == reason.Bundle) && len(out) < n {
			out = append(out, l)
		}
	}
	return out
}
