//go:build !linux

package signal

import "errors"

// ErrNoSound says that there is nothing to make sound with.
var ErrNoSound = errors.New("sound clips are played on Linux only")

// loudness is what a card is turned up to, in parts of a hundred.
const loudness = 80

func openSound(int) (sounder, error) { return nil, ErrNoSound }

// FindSound names the sound card that clips are played on now.
func FindSound() (string, error) { return "", ErrNoSound }
