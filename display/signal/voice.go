package signal

import (
	"context"
	"io/fs"
	"sync"
	"time"

	"badgekiosk/display/signal/espeak"
)

// A Part is a sentence of what is spoken, or a name in it.
type Part struct {
	Text string
	// Names has the clip of a part that is a name, by [clip.Name] of its
	// text. A name that has none there is left out. Nil: the part is one of
	// the kiosk's own sentences.
	Names fs.FS
}

// A Line is something to speak, one part after the other. A line without
// parts is silence.
type Line struct {
	Lang  string // BCP 47
	Aloud []Part // what whoever stands about may hear
	// Private is what follows where only one person hears it, by headphones.
	Private []Part
}

func (l Line) empty() bool { return len(l.Aloud)+len(l.Private) == 0 }

// A Voice speaks lines.
type Voice interface {
	// Speak returns when l has been spoken, or ctx ends.
	Speak(ctx context.Context, l Line) error
}

// longestLine is when a voice that does not come to an end is cut off.
const longestLine = time.Minute

// reader is a voice by espeak-ng.
type reader struct {
	espeak.Program
	worn bool
}

// ESpeak is the voice of an installed espeak-ng, nil where there is none.
// Where headphones is not true all that it says is heard by everybody. It
// says no names.
func ESpeak(headphones bool) Voice {
	p := espeak.Find()
	if p == "" {
		return nil
	}
	return reader{p, headphones}
}

func (r reader) Speak(ctx context.Context, l Line) error {
	parts := l.Aloud
	if r.worn {
		parts = append(parts[:len(parts):len(parts)], l.Private...)
	}
	for _, p := range parts {
		if p.Names != nil {
			continue
		}
		if err := r.Program.Speak(ctx, l.Lang, p.Text); err != nil {
			return err
		}
	}
	return nil
}

// FirstVoice speaks by the first of all that can: clips, then espeak-ng.
func FirstVoice(all ...Voice) Voice {
	var there firstVoice
	for _, v := range all {
		if v != nil {
			there = append(there, v)
		}
	}
	if there == nil {
		return nil
	}
	return there
}

type firstVoice []Voice

func (all firstVoice) Speak(ctx context.Context, l Line) (err error) {
	for _, v := range all {
		if err = v.Speak(ctx, l); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// A speaker speaks the newest line.
type speaker struct {
	voice Voice
	note  func(error)
	wake  chan struct{}

	mu    sync.Mutex
	next  *Line
	cut   context.CancelFunc // ends the line being spoken
	muted bool
}

func newSpeaker(v Voice, note func(error)) *speaker {
	return &speaker{voice: v, note: note, wake: make(chan struct{}, 1), cut: func() {}}
}

func (s *speaker) say(l Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.voice == nil || s.muted {
		return
	}
	s.next = &l
	s.cut()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *speaker) mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.muted = on; on {
		s.next = nil
		s.cut()
	}
}

// take is the line to speak now, and the context it lives in.
func (s *speaker) take(ctx context.Context) (context.Context, *Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, s.cut = context.WithTimeout(ctx, longestLine)
	l := s.next
	s.next = nil
	return ctx, l
}

func (s *speaker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		one, l := s.take(ctx)
		if l == nil || l.empty() {
			continue
		}
		if err := s.voice.Speak(one, *l); err != nil && one.Err() == nil {
			s.note(err)
		}
		s.mu.Lock()
		s.cut()
		s.mu.Unlock()
	}
}
