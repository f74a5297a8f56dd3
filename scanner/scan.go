package scanner

import (
	"context"
	"crypto/sha256"
	"image"
	"time"
)

// DefaultAgain is how long a code must have been out of sight before it
// counts a second time.
const DefaultAgain = 3 * time.Second

// A Scanner turns a camera's frames into payloads, each once. It serves one
// goroutine.
type Scanner struct {
	Camera Camera
	Reader Reader
	// Again is how long a code must have been out of sight before it counts
	// a second time; zero means [DefaultAgain]. A different code counts at
	// once.
	Again time.Duration
	// Preview is the size, in pixels, that a small picture of each frame is
	// made to fit into; zero is no such picture.
	Preview image.Point

	frame  Frame
	small  image.Gray
	joiner Joiner
	hint   Hint
	queue  []Payload // further payloads of the last frame
	seen   map[[sha256.Size]byte]time.Time
}

// Next returns the next payload that was not in sight just before, for
// callers who want nothing else of a frame. Its errors are those of Look.
func (s *Scanner) Next(ctx context.Context) (Payload, error) {
	for len(s.queue) == 0 {
		x, err := s.Look(ctx)
		if err != nil {
			return Payload{}, err
		}
		s.queue = x.Payloads
	}
	p := s.queue[0]
	s.queue[0] = Payload{}
	s.queue = s.queue[1:]
	return p, nil
}

// Progress tells how far a message in several codes is.
func (s *Scanner) Progress() Progress { return s.joiner.Progress() }

// Hint tells why the last frame's code was not read.
func (s *Scanner) Hint() Hint { return s.hint }

// news appends what a symbol completes to a list, unless it was in sight
// just before.
func (s *Scanner) news(to []Payload, y *Symbol, at time.Time) []Payload {
	p, ok := s.joiner.Add(y, at)
	if !ok {
		return to
	}
	key := sha256.Sum256(p.Data) // the contents themselves are not kept
	last, old := s.seen[key]
	if s.seen == nil {
		s.seen = map[[sha256.Size]byte]time.Time{}
	}
	s.seen[key] = at
	if old && at.Sub(last) <= s.again() {
		return to
	}
	return append(to, p)
}

func (s *Scanner) again() time.Duration {
	if s.Again == 0 {
		return DefaultAgain
	}
	return s.Again
}

// forget drops what is out of sight for so long that it would count again.
func (s *Scanner) forget(at time.Time) {
	for k, t := range s.seen {
		if at.Sub(t) > s.again() {
			delete(s.seen, k)
		}
	}
	s.joiner.expire(at)
}
