package provision

import (
	"time"
)

// The wait after wrong PINs: none after the first two, then it doubles with
// each. By the longest, the 10,000 PINs of four digits take over a year.
const (
	freeTries   = 2
	firstWait   = 10 * time.Second
	longestWait = time.Hour
)

// pinWait is the wait after n wrong PINs in a row.
func pinWait(n int) time.Duration {
	if n <= freeTries {
		return 0
	}
	return min(longestWait, firstWait<<min(n-freeTries-1, 20))
}

// PINWait is how long no PIN is taken yet, 0 when one is.
//
// The count of wrong ones is in the log and outlives the power; the wait then
// begins anew, for a kiosk does not know how long it was off. Pulling the plug
// never makes it shorter.
func (s *Store) PINWait() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pinWait()
}

func (s *Store) pinWait() time.Duration {
	return max(0, pinWait(s.state.Tries)-time.Since(s.tried))
}

// TryPIN tells whether pin is the one that hash, of the signed settings, was
// made of. While there is a wait, it is neither looked at nor counted. The
// error is that of a hash that cannot be read.
//
// The try is on the card before the answer is known, so that a plug pulled in
// time buys nothing. A card that takes no more counts in memory.
func (s *Store) TryPIN(hash, pin string) (ok bool, wait time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if wait := s.pinWait(); wait > 0 {
		return false, wait, nil
	}
	s.logTries(s.state.Tries + 1)
	s.tried = time.Now()
	ok, err = CheckPIN(hash, pin)
	if ok || err != nil {
		s.logTries(0)
	}
	return ok, s.pinWait(), err
}

func (s *Store) logTries(n int) { s.fault = s.log(Record{Tries: &n}) }
