//go:build !linux

package cable

import (
	"context"

	"badgekiosk/provision"
)

// Connect has no way here: only a card of ours has.
func Connect(context.Context, func()) (provision.Dial, error) { return nil, provision.ErrNoNetwork }
