package provision

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"badgekiosk/provision/bundle"
)

// When a kiosk asks its host, unless it is told otherwise.
const (
	SyncEvery  = 24 * time.Hour
	syncFirst  = 5 * time.Minute // a school's kiosks start together; their questions are spread over this
	syncJitter = 10              // per cent, either way
	syncRetry  = 5 * time.Minute // after the first failure; doubles, up to the usual time
	syncSoon   = time.Minute     // between two questions that somebody asked for
	syncPlug   = 2 * time.Minute // between two looks whether a cable is in by now
)

// A SyncEvent tells how one question to the host ended.
type SyncEvent struct {
	Bundle *bundle.Bundle // what is in use now, if it is new
	Err    error          // [ErrInstalled] when nothing changed
	Next   time.Duration  // until the next question
}

// A Syncer asks a host for what changed, now and then.
type Syncer struct {
	// Fetch asks: [FetchBy], or in this process [Wish.Fetch].
	Fetch func(context.Context, Wish) (Fetched, error)
	// Store is whose bundle it is.
	Store *Store
	// Wish completes what the store asks for: URL, Proxy, At. Without a URL
	// nothing is asked; it may come with the next bundle.
	Wish func(*Wish)
	// Every is how long between two questions; 0 is SyncEvery.
	Every time.Duration

	now chan struct{}
}

// NewSyncer is a syncer that has not asked yet.
func NewSyncer(s *Store, fetch func(context.Context, Wish) (Fetched, error), wish func(*Wish)) *Syncer {
	return &Syncer{Fetch: fetch, Store: s, Wish: wish, now: make(chan struct{}, 1)}
}

// Now makes it ask soon: a cable was put in, somebody pressed a button. It
// never blocks.
func (y *Syncer) Now() {
	select {
	case y.now <- struct{}{}:
	default:
	}
}

// Run asks until ctx ends, and tells of each answer.
func (y *Syncer) Run(ctx context.Context, tell func(SyncEvent)) {
	wait, failures := rand.N(syncFirst), 0
	for {
		if !y.sleep(ctx, wait) {
			return
		}
		w := y.Store.Wish("")
		y.Wish(&w)
		if w.URL == "" {
			wait = y.next(0)
			continue
		}
		b, err := y.ask(ctx, w)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, ErrNoNetwork) { // nobody was asked, so nobody is spared
			wait = syncPlug
			continue
		}
		if err == nil || errors.Is(err, ErrInstalled) {
			failures = 0
		} else {
			failures++
		}
		wait = y.next(failures)
		tell(SyncEvent{b, err, wait})
	}
}

func (y *Syncer) ask(ctx context.Context, w Wish) (*bundle.Bundle, error) {
	select {
	case <-y.now: // this is the question that was asked for
	default:
	}
	f, err := y.Fetch(ctx, w)
	if err == nil {
		return y.Store.Take(f)
	}
	if errors.Is(err, ErrInstalled) && f.ETag != "" {
		y.Store.saw(f.ETag)
	}
	return nil, err
}

// sleep waits, shorter if somebody asks for it. It is false when ctx ends.
func (y *Syncer) sleep(ctx context.Context, wait time.Duration) bool {
	slept := time.Now()
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	case <-y.now:
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(min(rand.N(syncSoon), wait-time.Since(slept))):
		return true
	}
}

// next is the wait after so many failures in a row: a kiosk whose host is
// down neither gives up nor hammers.
func (y *Syncer) next(failures int) time.Duration {
	every := y.Every
	if every <= 0 {
		every = SyncEvery
	}
	if failures > 0 {
		back := min(every, syncRetry<<min(failures-1, 20))
		return back/2 + rand.N(back) // from half to one and a half of it
	}
	spread := every / 100 * syncJitter
	return every - spread + rand.N(2*spread+1)
}
