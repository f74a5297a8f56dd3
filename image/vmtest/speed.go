package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// queueLength is how many badges are shown for the figures, each of its own;
// badEvery says which of them are forged, and measured how many must count.
const (
	queueLength = 32
	badEvery    = 10
	measured    = 30
)

const (
	frameTime = time.Minute     // for one picture to the board
	handsOff  = 2 * time.Second // without a byte, a panel's driver is done
)

// quick shows the board one badge after the other, and notes how long it takes
// from the first whole picture of a badge that its camera gave to the first
// byte of the verdict to the panel. Each verdict must be on the glass, pixel
// for pixel, before the next badge.
func quick(ctx context.Context, t *trial) error {
	var here, there []time.Duration // by this computer's clock, by the board's
	for i := range queueLength {
		file, err := t.coalition.another(ctx, i, i%badEvery == badEvery-1)
		if err != nil {
			return err
		}
		h, b, err := t.reacts(ctx, file)
		if errors.Is(err, errOther) {
			continue
		}
		if err != nil {
			return fmt.Errorf("badge %d of %d: %w", i+1, queueLength, err)
		}
		here, there = append(here, h), append(there, b)
	}
	if len(here) < measured {
		return fmt.Errorf("%d of %d badges could be measured, want %d", len(here), queueLength, measured)
	}
	t.note("from a badge's frame to the first byte to the panel, %d badges: p50 %v, p95 %v by the board's clock (a nanosecond for an instruction); p50 %v, p95 %v, emulated",
		len(here), share(there, 50), share(there, 95), share(here, 50), share(here, 95))
	return t.hold("")
}

// share is the value that percent of all do not exceed.
func share(all []time.Duration, percent int) time.Duration {
	slices.Sort(all)
	return all[(len(all)*percent+99)/100-1].Round(time.Millisecond)
}

// reacts shows a badge, and measures.
func (t *trial) reacts(ctx context.Context, file string) (here, there time.Duration, err error) {
	want, err := t.coalition.screen(ctx, bundleFile, file)
	if err != nil {
		return 0, 0, err
	}
	text, err := t.coalition.code(ctx, file)
	if err != nil {
		return 0, 0, err
	}
	if err := t.handsOff(); err != nil {
		return 0, 0, err
	}
	w := t.board.wires
	heard := w.speaks()
	if err := t.hold(text); err != nil {
		return 0, 0, err
	}
	given, err := t.given()
	if err != nil {
		return 0, 0, err
	}
	select {
	case <-heard:
		if err := t.shows(file, want, lookTime); err != nil {
			return 0, 0, err
		}
		return 0, 0, errOther
	default:
	}
	select {
	case <-heard:
		here = time.Since(t.camera.Shown())
	case <-t.board.exited:
		return 0, 0, errors.New("the board went off")
	case <-time.After(lookTime):
		return 0, 0, fmt.Errorf("within %v not a byte to the panel", lookTime)
	}
	at, err := w.clock()
	if err != nil {
		return 0, 0, err
	}
	return here, at - given, t.shows(file, want, lookTime)
}

// errOther says that the kiosk drew something else before it had the badge,
// such as the screen that follows a verdict after a while.
var errOther = errors.New("the panel was spoken to before the frame was whole")

// given waits until the board has a whole frame of what is in front of its
// camera, and is its own time then.
func (t *trial) given() (time.Duration, error) {
	for end := time.Now().Add(frameTime); t.camera.Shown().IsZero(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return 0, fmt.Errorf("within %v the board took no frame", frameTime)
		}
	}
	return t.board.wires.clock()
}

// handsOff waits until nobody speaks to the panel, and it rests.
func (t *trial) handsOff() error {
	heard, since := t.board.wires.speaks(), time.Now()
	return t.until("leaving its panel alone", lookTime, func() bool {
		select {
		case <-heard:
			heard, since = t.board.wires.speaks(), time.Now()
		default:
		}
		if t.glass.Busy.Read() == busyLevel {
			since = time.Now()
		}
		return time.Since(since) > handsOff
	})
}
