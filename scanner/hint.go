package scanner

// An Advice is what the person holding a code can do.
type Advice int

// What a reader can advise; the words for it are the screen's.
const (
	NoAdvice       Advice = iota
	HoldCloser            // modules are too few pixels large
	MoveBack              // the code does not fit into the frame
	TooDark               // the room is too dark
	Glare                 // a reflection covers part of the code
	TiltLess              // the code is seen from too flat an angle
	BrighterScreen        // turn up the phone's brightness
)

// String names the advice in a log; it is not for the person.
func (a Advice) String() string {
	return [...]string{"none", "hold closer", "move back", "too dark", "glare", "tilt less", "brighter screen"}[a]
}

// A Hint is what a reader saw of a code that it could not read.
type Hint struct {
	Advice Advice
	// Sure is how sure that is, from 0 to 1.
	Sure float64
	// Near is how near the code is to being read, from 0 to 1: up to a half
	// by its size, shape and contrast, the rest by the share of its error
	// correction blocks that were repaired.
	Near float64
}

// A Hinter is a reader that says why it did not read the last frame. The
// zero Hint is nothing to say: there was no code, or it was read. It may look
// at that frame once more, so the frame must not have changed.
type Hinter interface {
	Hint() Hint
}
