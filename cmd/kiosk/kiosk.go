package main

import (
	"context"
	"time"

	"badgekiosk/display"
	"badgekiosk/scanner"
	"badgekiosk/verify"
)

// A Kiosk is the whole appliance: a camera, a judge and a glass.
type Kiosk struct {
	Scanner  scanner.Scanner
	Verifier verify.Verifier
	Glass    *display.Governor

	Ask  func() verify.Ask    // what time it is, and who looks
	Lang string               // of the person in front of it, BCP 47
	Hold time.Duration        // how long a result stays
	Tell func(display.Screen) // told of each screen before the glass changes; may be nil

	// Take is offered each payload before it is judged: one that is no badge
	// but an update gets a screen of its own. It may be nil.
	Take func(payload []byte) (display.Screen, bool)
}

// Run scans, judges and shows until ctx ends, the camera has no more, or the
// glass fails.
func (k *Kiosk) Run(ctx context.Context) error {
	patience := arrival
	for {
		payload, err := k.next(ctx, patience)
		if err != nil {
			return err
		}
		if err := k.show(ctx, k.answer(payload.Data)); err != nil {
			return err
		}
		patience = k.Hold
	}
}

// answer is what a payload gets: mostly a judgement.
func (k *Kiosk) answer(payload []byte) display.Screen {
	if k.Take != nil {
		if screen, taken := k.Take(payload); taken {
			return screen
		}
	}
	return words(k.Verifier.Verify(payload, k.Ask()), k.Lang)
}

// show draws a screen and puts it on the glass, by the gentlest refresh that
// leaves nothing of a name behind.
func (k *Kiosk) show(ctx context.Context, s display.Screen) error {
	if k.Tell != nil {
		k.Tell(s)
	}
	return k.Glass.Put(ctx, s)
}

// arrival is how long a kiosk that starts waits for a badge that is already
// there, before it shows how to hold one up.
const arrival = 50 * time.Millisecond

// next is the next badge. When none has come within patience, the last one
// leaves the glass.
func (k *Kiosk) next(ctx context.Context, patience time.Duration) (scanner.Payload, error) {
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p, err := k.Scanner.Next(soon)
	if err == nil || ctx.Err() != nil || soon.Err() == nil {
		return p, err
	}
	if err := k.show(ctx, attract(k.Lang)); err != nil {
		return p, err
	}
	return k.Scanner.Next(ctx)
}
