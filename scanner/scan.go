package scanner

import (
	"context"
	"crypto/sha256"
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

	frame  Frame
	joiner Joiner
	hint   Hint
	queue  []Payload // further payloads of the last frame
	seen   map[[sha256.Size]byte]time.Time
}

// Next returns the next payload that was not in sight just before. Its error
// is the camera's: io.EOF at the end of a recording, ctx's when that ends.
func (s *Scanner) Next(ctx context.Context) (Payload, error) {
	for len(s.queue) == 0 {
		if err := s.Camera.Next(ctx, &s.frame); err != nil {
			return Payload{}, err
		}
		s.take(&s.frame)
	}
	p := s.queue[0]
	s.queue = s.queue[1:]
	return p, nil
}

// take queues what frame f has to say that is news.
func (s *Scanner) take(f *Frame) {
	s.queue = s.queue[:0]
	if f.Text != nil {
		if p, ok := s.joiner.Add(&Symbol{Text: string(f.Text), Bytes: f.Text}, f.At); ok {
			s.offer(p)
		}
		return
	}
	found := s.Reader.Read(f)
	for i := range found {
		if p, ok := s.joiner.Add(&found[i], f.At); ok {
			s.offer(p)
		}
	}
	s.hint = Hint{}
	if h, ok := s.Reader.(Hinter); ok {
		s.hint = h.Hint()
	}
}

// Progress tells how far a message in several codes is.
func (s *Scanner) Progress() Progress { return s.joiner.Progress() }

// Hint tells why the last frame's code was not read.
func (s *Scanner) Hint() Hint { return s.hint }

// offer queues a payload unless it was in sight just before.
func (s *Scanner) offer(p Payload) {
	at := p.Last
	again := s.Again
	if again == 0 {
		again = DefaultAgain
	}
	for k, t := range s.seen {
		if at.Sub(t) > again {
			delete(s.seen, k)
		}
	}
	key := sha256.Sum256(p.Data) // the contents themselves are not kept
	_, old := s.seen[key]
	if s.seen == nil {
		s.seen = map[[sha256.Size]byte]time.Time{}
	}
	s.seen[key] = at
	if !old {
		s.queue = append(s.queue, p)
	}
}
