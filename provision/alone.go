package provision

import (
	"maps"
	"time"

	"badgekiosk/provision/bundle"
)

// LockWait is how long a store waits for another process that is writing to
// the same folder, such as kiosk bundle install beside kiosk run.
const LockWait = 30 * time.Second

// A locker is a disk that several processes may have at once. The lock is
// advisory, and gone with the process that holds it.
type locker interface {
	// lock waits at most this long; its error names who holds the folder.
	lock(wait time.Duration) (unlock func(), err error)
}

// alone keeps other processes out until release is called, and takes over what
// they wrote since the last time. The caller holds s.mu.
func (s *Store) alone() (release func(), err error) {
	l, ok := s.disk.(locker)
	if !ok || s.held {
		return func() {}, nil
	}
	unlock, err := l.lock(LockWait)
	if err != nil {
		return nil, err
	}
	s.held = true
	s.catchUp()
	return func() { s.held = false; unlock() }, nil
}

// catchUp reads what other processes wrote to the log. What this one could not
// write stays as well: of two floors the higher counts.
func (s *Store) catchUp() {
	data, err := s.disk.read(logName)
	if err != nil {
		return
	}
	theirs, whole := readLog(data)
	if s.logSize < 0 {
		s.state.raise(theirs)
		return
	}
	if s.state, s.logSize = theirs, whole; whole < len(data) {
		s.logSize = -1
	}
}

// raise makes every floor at least that of another state.
func (s *State) raise(other State) {
	for role, f := range other.Floors {
		if f.Version > s.Floors[role].Version {
			s.Floors = maps.Clone(s.Floors)
			s.add(Record{Floors: bundle.Floors{role: f}})
		}
	}
	if other.Time.After(s.Time) {
		s.Time = other.Time
	}
	s.Tries = max(s.Tries, other.Tries)
}

// catchUpBundle makes a newer bundle, which another process installed, the
// current one.
func (s *Store) catchUpBundle() {
	names, err := s.disk.list(bundlesDir)
	if err != nil {
		return
	}
	newest := sorted(names)
	if len(newest) == 0 || s.current != nil && newest[0] <= folderName(s.current) {
		return
	}
	if b, err := s.load(newest[0]); err == nil {
		s.current, s.factory = b, nil
	}
}

// Newer makes a newer bundle that another process installed the current one,
// and returns it; nil, as a rule, if there is none. It waits for nobody.
func (s *Store) Newer() *bundle.Bundle {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.current
	if s.catchUpBundle(); s.current == before {
		return nil
	}
	return s.current
}
