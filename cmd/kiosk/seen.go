package main

import (
	"crypto/rand"
	"crypto/sha256"
	"time"

	"badgekiosk/verify"
)

// Bounds of what a kiosk remembers of badges, in memory only.
const (
	seenFor = 8 * time.Hour   // a working day
	seenGap = 2 * time.Minute // sooner, it is the same person who still stands there
	maxSeen = 4_096
)

// A seen knows which badges were shown here today: not what they say, only
// their hashes, under a salt that is forgotten when the kiosk is switched
// off. The nil seen remembers nothing.
type seen struct {
	salt  [sha256.Size]byte
	times map[[sha256.Size]byte]time.Time
}

func newSeen() *seen {
	s := &seen{times: map[[sha256.Size]byte]time.Time{}}
	rand.Read(s.salt[:]) // never fails
	return s
}

// again notes that a badge was shown, and tells how long ago it was shown
// before: 0 if it was not, or just now. A payload whose signature was not
// found good is not noted.
func (s *seen) again(payload []byte, r verify.Report) time.Duration {
	if s == nil || r.Axes.Signature.State != verify.Pass {
		return 0
	}
	h := sha256.New()
	h.Write(s.salt[:])
	h.Write(payload)
	key := [sha256.Size]byte(h.Sum(nil))
	now := time.Now()
	first, known := s.times[key]
	if known && now.Sub(first) < seenFor {
		if ago := now.Sub(first); ago >= seenGap {
			return ago
		}
		return 0
	}
	s.forget(now)
	s.times[key] = now
	return 0
}

// forget drops what is older than a day's work, and the oldest when there
// are too many.
func (s *seen) forget(now time.Time) {
	var oldest [sha256.Size]byte
	at := now
	for key, t := range s.times {
		if now.Sub(t) >= seenFor {
			delete(s.times, key)
		} else if t.Before(at) {
			oldest, at = key, t
		}
	}
	if len(s.times) >= maxSeen {
		delete(s.times, oldest)
	}
}
