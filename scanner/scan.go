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

	frame Frame
	queue []Payload // further payloads of the last frame
	seen  map[[sha256.Size]byte]time.Time
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
		s.offer(f.Text, f.At)
		return
	}
	for _, y := range s.Reader.Read(f) {
		s.offer(y.Data(), f.At)
	}
}

func (s *Scanner) offer(data []byte, at time.Time) {
	again := s.Again
	if again == 0 {
		again = DefaultAgain
	}
	for k, t := range s.seen {
		if at.Sub(t) > again {
			delete(s.seen, k)
		}
	}
	key := sha256.Sum256(data) // the contents themselves are not kept
	_, old := s.seen[key]
	if s.seen == nil {
		s.seen = map[[sha256.Size]byte]time.Time{}
	}
	s.seen[key] = at
	if !old {
		s.queue = append(s.queue, Payload{Data: data, Symbols: 1, First: at, Last: at})
	}
}
