package main

import (
	"context"
	"fmt"
	"time"
)

// How long an emulated board may take, many times what it does.
const (
	bootTime = 3 * time.Minute
	lookTime = time.Minute
)

// A step is something that a board must do, after those before it.
type step struct {
	name string
	does func(context.Context, *trial) error
}

func steps() []step {
	return []step{
		{"slot A starts, the card's bundle is installed, the kiosk scans", boots},
		{"a genuine badge is VERIFIED on the glass, pixel for pixel", genuine},
		{"a forged badge is NOT VERIFIED on the glass, pixel for pixel", forged},
	}
}

// boots switches the board on for the first time.
func boots(ctx context.Context, t *trial) error {
	if err := t.hold(""); err != nil {
		return err
	}
	if err := t.on(ctx, false); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`badge-kiosk-bundle.zip is installed, version 1`, 0, bootTime); err != nil {
		return err
	}
	if err := t.until("scanning", bootTime, func() bool { return t.camera.Frames() > 2 }); err != nil {
		return err
	}
	t.note("from power on to scanning: %.1f s, emulated", time.Since(t.board.began).Seconds())
	return nil
}

func genuine(ctx context.Context, t *trial) error { return t.badge(ctx, genuineFile, "verified") }

func forged(ctx context.Context, t *trial) error { return t.badge(ctx, forgedFile, "not-verified") }

// badge holds a badge in front of the camera, and waits for its verdict on
// the glass.
func (t *trial) badge(ctx context.Context, file, verdict string) error {
	said, err := t.coalition.verdict(ctx, file)
	if err != nil || said != verdict {
		return fmt.Errorf("%s is %q on this computer, want %q (%w)", file, said, verdict, err)
	}
	want, err := t.coalition.screen(ctx, file)
	if err != nil {
		return err
	}
	text, err := t.coalition.code(ctx, file)
	if err != nil {
		return err
	}
	if err := t.hold(text); err != nil {
		return err
	}
	began := time.Now()
	if err := t.shows(file, want, lookTime); err != nil {
		return err
	}
	t.note("from %s in front of the camera to its verdict at rest on the glass: %.1f s, emulated", file, time.Since(began).Seconds())
	return t.hold("")
}
