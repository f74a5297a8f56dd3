//go:build !linux

package signal

import "errors"

// ErrNoSound says that there is nothing to make sound with.
var ErrNoSound = errors.New("sound clips are played on Linux only")

func openSound() (sounder, error) { return nil, ErrNoSound }
