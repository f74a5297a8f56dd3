package scanner

import "time"

// PaperPatience is how long e-paper waits before it shows a hint: its refresh
// takes longer than reading most codes.
const PaperPatience = 4 * time.Second

const (
	// steadyFrames are as many frames in agreement as make an advice steady.
	steadyFrames = 3
	// steadyTime does it in two frames, of a slow camera.
	steadyTime = 200 * time.Millisecond
	// leastSure is how sure a hint must be to count.
	leastSure = .2
	// gone is how long nothing was seen of a code that was taken away.
	gone = 700 * time.Millisecond
	// weary is how long there is advice on one code: what nobody moves hangs
	// on a wall.
	weary = 20 * time.Second
	// nearFall is how much [Steady.Near] falls in a second at most.
	nearFall = .5
)

// A Steady turns the hints of single frames into what a screen advises. One
// frame says little: an advice is shown when most of the last few frames
// agree, and stays until as many agree on another, or on none; it goes when
// the code is read, or out of sight for a moment, or when it was in sight for
// so long that nobody can be holding it.
//
// The zero value is for a screen that changes at once: an advice appears
// within 300 ms of a camera with 5 frames a second or more.
type Steady struct {
	// Patience is how long a code must have been in sight before there is
	// any advice, and then it is one until the code was read or is gone:
	// [PaperPatience] for e-paper.
	Patience time.Duration

	since, last time.Time // when a code came into sight, and was seen last
	choice      Advice    // of most of the last frames
	votes       int
	first       time.Time // of the choice
	other       Advice    // of the last frame, if it differs
	doubts      int
	otherFirst  time.Time
	shown       Advice
	near        float64
	at          time.Time
}

// Add takes what the next frame had to say and returns what to advise now.
func (s *Steady) Add(x Sight) Advice {
	s.ease(x)
	if len(x.Payloads) > 0 || s.shown != NoAdvice && x.Progress.Have > 0 {
		*s = Steady{Patience: s.Patience, at: s.at, near: s.near}
		return NoAdvice
	}
	if x.Hint == (Hint{}) {
		if x.At.Sub(s.last) > gone {
			s.since, s.votes, s.doubts, s.shown = time.Time{}, 0, 0, NoAdvice
		}
		return s.shown
	}
	if s.since.IsZero() {
		s.since = x.At
	}
	s.last = x.At
	s.vote(x.Hint, x.At)
	steady := s.votes >= steadyFrames || s.votes > 1 && x.At.Sub(s.first) >= steadyTime
	switch {
	case s.Weary():
		s.shown = NoAdvice
	case !steady || x.At.Sub(s.since) < s.Patience:
	case s.Patience == 0 || s.shown == NoAdvice:
		s.shown = s.choice
	}
	return s.shown
}

// Weary tells whether the code has been in sight for so long that nobody can
// be holding it.
func (s *Steady) Weary() bool {
	return !s.since.IsZero() && s.last.Sub(s.since) > weary+s.Patience
}

// vote counts a frame for its advice. One that differs counts against what
// was chosen; a second one like it is the new choice.
func (s *Steady) vote(h Hint, at time.Time) {
	a := h.Advice
	if h.Sure < leastSure {
		a = NoAdvice
	}
	switch {
	case s.votes > 0 && a == s.choice:
		s.votes, s.doubts = min(s.votes+1, steadyFrames), 0
	case s.doubts > 0 && a == s.other:
		s.choice, s.votes, s.first, s.doubts = a, 2, s.otherFirst, 0
	case s.votes > 1:
		s.votes, s.doubts = s.votes-1, 1
		s.other, s.otherFirst = a, at
	default:
		s.choice, s.votes, s.first, s.doubts = a, 1, at, 0
	}
}

// ease follows how near a code is to being read: up at once, down slowly.
func (s *Steady) ease(x Sight) {
	fall := nearFall * max(0, x.At.Sub(s.at).Seconds())
	if s.at.IsZero() {
		fall = 1
	}
	s.near, s.at = max(x.Hint.Near, s.near-fall, 0), x.At
}

// Near is how near a code is to being read, from 0 to 1, for a light or a
// tick that pulses the faster the nearer.
func (s *Steady) Near() float64 { return s.near }
