package boot

import "time"

const (
	tick = time.Second

	// A kiosk that died is started again after again, twice as long each
	// time up to againMost, and soon again once it has lived for settled.
	again     = time.Second
	againMost = 30 * time.Second
	settled   = time.Minute

	// silence is how long a kiosk that has ever said that it gets on may
	// keep silent before it is killed. One that never said so is watched for
	// being alive.
	silence = 30 * time.Second

	// hopeless is how long no kiosk may be alive and well before the
	// watchdog goes hungry and the board starts anew.
	hopeless = 5 * time.Minute

	// farewell is how long the kiosk has to wipe its panel.
	farewell = 20 * time.Second
)

// A life is the kiosk's, from one start to the next.
type life struct {
	pid     int // 0 while none runs
	started time.Time
	spoke   time.Time // when it last said that it gets on; zero if it never did
	killed  bool
	next    time.Time // when to start another
	pause   time.Duration
	well    time.Time // when a kiosk was last alive and well
}

// supervise keeps the kiosk alive until it is told to stop, and says whether
// the board is to stay off.
func (f *first) supervise() (off bool) {
	l := life{pause: again, well: time.Now()}
	f.hand()
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if l.pid == 0 && !time.Now().Before(l.next) {
			f.begin(&l)
		}
		select {
		case e := <-f.events:
			switch {
			case e.stop:
				f.end(l.pid)
				return e.off
			case e.progress:
				l.spoke = time.Now()
			case e.plugged:
				f.hand()
			case e.network:
				f.wantNetwork()
			case e.wish != nil:
				f.grant(e.wish)
			case e.put:
				f.putSystem()
			case e.well:
				f.doesWell()
			case e.try && f.slots.whole:
				f.slots.try = true
				f.end(l.pid)
				return false
			case e.exited == f.slots.put && e.exited != 0:
				f.putEnded(e.status)
			case e.exited == f.fetcher.pid && e.exited != 0:
				f.fetcher = fetcher{}
			case e.exited == l.pid && l.pid != 0:
				f.ended(&l, e.status)
			} // any other process was an orphan, and is reaped
		case <-t.C:
			f.hand()
			f.plugIn()
			f.look(&l)
			if f.judgeTrial() {
				f.end(l.pid)
				return false
			}
		}
	}
}

// begin starts the kiosk.
func (f *first) begin(l *life) {
	pid, err := f.start([]string{"run", "--config", configFile})
	if err != nil {
		f.say("start: %v", err)
		f.ended(l, "not started")
		return
	}
	l.pid, l.started, l.spoke, l.killed = pid, time.Now(), time.Time{}, false
}

// ended notes that the kiosk died and when to start another.
func (f *first) ended(l *life, status string) {
	if l.pid != 0 && time.Since(l.started) >= settled {
		l.pause = again
	}
	f.say("kiosk run: %s; again in %s", status, l.pause)
	f.unplug()
	f.slots.well = time.Time{}
	l.pid, l.next = 0, time.Now().Add(l.pause)
	l.pause = min(2*l.pause, againMost)
}

// look kills a kiosk that hangs, and feeds the watchdog unless it is
// hopeless.
func (f *first) look(l *life) {
	now := time.Now()
	silent := !l.spoke.IsZero() && now.Sub(l.spoke) > silence
	if l.pid != 0 && silent && !l.killed {
		f.say("kiosk run has made no progress for %s: killed", silence)
		f.kill(l.pid, true)
		l.killed = true
	}
	// A kiosk that dies within a minute each time is not well either.
	if l.pid != 0 && !silent && (now.Sub(l.started) >= settled || !l.spoke.IsZero()) {
		l.well = now
	}
	if now.Sub(l.well) < hopeless {
		f.feed()
	}
}

// end asks the kiosk to stop, and waits for it.
func (f *first) end(pid int) {
	if pid == 0 {
		return
	}
	f.sayMemory()
	f.kill(pid, false)
	late := time.After(farewell)
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case e := <-f.events:
			if e.exited == pid {
				return
			}
		case <-t.C:
			f.feed()
		case <-late:
			f.kill(pid, true)
			return
		}
	}
}

// feed keeps the watchdog from starting the board anew.
func (f *first) feed() {
	if f.watchdog == nil {
		return
	}
	if _, err := f.watchdog.Write([]byte{0}); err != nil {
		f.say("watchdog: %v", err)
	}
}
