//go:build !linux

package press

import "context"

// screens are touch screens, which are read on Linux only.
type screens struct{}

func newScreens(int, func(Press)) *screens { return &screens{} }

func (*screens) watch(context.Context) {}
