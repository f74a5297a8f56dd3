package jail

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"badgekiosk/verify"
)

// A Judge judges in a process of its own, which is started anew whenever it
// dies. It serves any number of goroutines, one after the other.
type Judge struct {
	command Command
	stop    context.CancelFunc
	renew   chan struct{}
	done    sync.WaitGroup
	turn    sync.Mutex // one judgement at a time

	mu      sync.Mutex
	child   *child
	fault   error         // why there is none
	coming  bool          // but it is being started
	changed chan struct{} // closed when child or fault change
	layers  []Layer       // of the last judge that greeted
}

// How soon a judge that does not come up is tried again.
const (
	againFirst = 100 * time.Millisecond
	againMost  = 30 * time.Second
)

// Start begins to start a judge, and returns at once.
func Start(c Command) *Judge {
	ctx, stop := context.WithCancel(context.Background())
	j := &Judge{command: c, stop: stop, renew: make(chan struct{}, 1), changed: make(chan struct{}), coming: true}
	j.done.Go(func() { j.keep(ctx) })
	return j
}

// keep has a judge ready until ctx ends.
func (j *Judge) keep(ctx context.Context) {
	pause := againFirst
	for ctx.Err() == nil {
		one, err := j.command.begin(ctx)
		if err != nil {
			// The one before, if there is one, judges on meanwhile.
			j.note(err, false)
			pause = j.rest(ctx, pause)
			continue
		}
		j.put(one)
		select {
		case <-ctx.Done():
		case <-j.renew:
		case <-one.dead:
			j.note(errors.New("it died and is started again"), true)
			// A payload may have killed it, and the next badge waits; one that
			// dies by itself is no better the next time.
			if one.asked.Load() {
				pause = againFirst
			} else {
				pause = j.rest(ctx, pause)
			}
		}
	}
	j.note(errors.New("the kiosk is closing"), false)
	j.put(nil)
}

// rest waits before another try, and says how long to wait the next time.
func (j *Judge) rest(ctx context.Context, pause time.Duration) time.Duration {
	select {
	case <-ctx.Done():
	case <-j.renew:
	case <-time.After(pause):
	}
	return min(2*pause, againMost)
}

// note keeps why there is no judge, and whether one is on its way.
func (j *Judge) note(fault error, coming bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fault, j.coming = fault, coming
	j.tell()
}

// tell wakes those who wait for a change; mu is held.
func (j *Judge) tell() {
	close(j.changed)
	j.changed = make(chan struct{})
}

// put makes one the judge, and ends the one before as soon as it is not
// judging.
func (j *Judge) put(one *child) {
	j.mu.Lock()
	before := j.child
	j.child = one
	if one != nil {
		j.fault, j.layers, j.coming = nil, one.hello.Layers, true
	}
	j.tell()
	j.mu.Unlock()
	if before != nil {
		// Not here: whoever has the turn may be waiting for the next judge.
		j.done.Go(func() {
			j.turn.Lock()
			defer j.turn.Unlock()
			_ = before.end(nil)
		})
	}
}

// now is the judge there is at this moment, nil if none, whether one is on its
// way, what is closed when any of that changes, and why there is none.
func (j *Judge) now() (one *child, coming bool, changed chan struct{}, fault error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if one = j.child; one != nil {
		select {
		case <-one.dead:
			one = nil
		default:
		}
	}
	return one, j.coming, j.changed, j.fault
}

// ready is the judge, waited for until ctx ends while one is on its way.
func (j *Judge) ready(ctx context.Context) (*child, error) {
	for {
		one, coming, changed, fault := j.now()
		if one != nil || !coming {
			return one, fault
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if fault == nil {
				fault = errors.New("it is still being started")
			}
			return nil, fault
		}
	}
}

// Judge judges one payload within the command's patience. An error carries H-JUDGE: there
// is then no judgement, and the badge may be shown again. What fell over on
// one payload is not there for the next: another judge is.
func (j *Judge) Judge(payload []byte, ask verify.Ask) (verify.Report, error) {
	if len(payload) > MaxPayload {
		return verify.Report{}, refused("a payload of %d bytes is longer than %d", len(payload), MaxPayload)
	}
	j.turn.Lock()
	defer j.turn.Unlock()
	late := time.Now().Add(cmp.Or(j.command.Patience, Patience))
	ctx, cancel := context.WithDeadline(context.Background(), late)
	defer cancel()
	one, err := j.ready(ctx)
	if one == nil {
		return verify.Report{}, refused("no judge: %w", err)
	}
	r, err := one.judge(payload, &ask, late)
	if err != nil {
		return verify.Report{}, refused("the judge of this payload: %w", err)
	}
	return r, nil
}

// Renew starts a judge that reads anew what the kiosk believes: there is
// another bundle. The one before judges until the new one is ready.
func (j *Judge) Renew() {
	select {
	case j.renew <- struct{}{}:
	default: // it will be
	}
}

// Err is why the newest judge is not there, nil if it is or is being started
// for the first time.
func (j *Judge) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.fault
}

// Layers are the walls around the newest judge, nil before the first is
// ready.
func (j *Judge) Layers() []Layer {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.layers
}

// Wait returns when a judge is ready, one could not be started, or ctx ends;
// its error is why there is none.
func (j *Judge) Wait(ctx context.Context) error {
	one, err := j.ready(ctx)
	if one != nil {
		return nil
	}
	return err
}

// Close ends the judge.
func (j *Judge) Close() error {
	j.stop()
	j.done.Wait()
	return nil
}
