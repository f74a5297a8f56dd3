//go:build !linux

package provision

import (
	"errors"
	"time"
)

var errLinux = errors.New("clocks are asked on Linux alone")

// ReadRTC reads the battery clock, on Linux.
func ReadRTC() (time.Time, error) { return time.Time{}, errLinux }

// ReadNTP returns the system's time if the network set it, on Linux.
func ReadNTP() (time.Time, error) { return time.Time{}, errLinux }

// WriteRTC sets the battery clock, on Linux.
func WriteRTC(time.Time) error { return errLinux }
