package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"time"
)

// How long an emulated board may take, many times what it does.
const (
	bootTime = 3 * time.Minute
	lookTime = 3 * time.Minute

	installTime = 5 * time.Minute
	quiet       = 8 * time.Second // without a write
)

// steps are all of them, in their order.
func steps() []step {
	return []step{
		{name: "image", says: "the image is built", does: build},
		{name: "fresh", says: "the card is kept as it was built", after: []string{"image"}, does: keepFresh},
		{name: "boot", says: "slot A starts, the card's bundle is installed, the kiosk scans", after: []string{"image"}, does: boots},
		{name: "verified", says: "a genuine badge is VERIFIED on the glass, pixel for pixel", after: []string{"boot"}, begins: scanning, does: genuine},
		{name: "forged", says: "a forged badge is NOT VERIFIED on the glass, pixel for pixel", after: []string{"boot"}, begins: scanning, does: forged},
		{name: "stick", says: "a newer bundle comes on a stick: a school that was unknown is VERIFIED", after: []string{"boot"}, does: updated},
		{name: "cut", says: "the power is cut while a bundle is installed: the board starts with the one or the other", after: []string{"stick"}, does: cut},
		{name: "anew", says: "a state that is past mending is made anew, and the kiosk scans", after: []string{"fresh"}, does: begun},
		{name: "jail", says: "a judge that was taken over reaches nothing on the board's kernel; the kiosk's network is empty", after: []string{"image"}, begins: scanning, with: isJailed, does: jailed},
		{name: "shown", says: "nothing of the learners of badges shown to the camera is kept", after: []string{"fresh"}, with: withWitness, does: shown},
		{name: "scanned", says: "nothing of the learners of badges from a hand scanner is kept", after: []string{"fresh"}, with: withScanner, does: scanned},
		{name: "audio", says: "a loudspeaker says VERIFIED and NOT VERIFIED, each by its own clip", after: []string{"image"}, does: heard},
		{name: "kms", says: "VERIFIED and NOT VERIFIED are on screens that the kernel drives, pixel for pixel", after: []string{"fresh"}, does: drawn},
		{name: "ethernet", says: "a withdrawal comes by Ethernet: VERIFIED is NOT VERIFIED then, and stays so without the cable", after: []string{"fresh"}, does: told},
		{name: "system", says: "a new system comes on a stick: it is put into slot B, tried, does well and is kept", after: []string{"boot"}, second: true, does: renewed},
		{name: "cut-system", says: "the power is cut while a system is put in, tried and kept: the board starts with the one or the other", after: []string{"system"}, second: true, does: cutSystem},
		{name: "older", says: "an older system on a stick is refused", after: []string{"system"}, second: true, begins: scanning, does: outdated},
		{name: "bad", says: "a new system that cannot start is tried, and the board is back at the one before", after: []string{"system"}, second: true, does: renewedBadly},
		{name: "speed", says: "one badge after the other, each with its own verdict on the glass, pixel for pixel", after: []string{"boot"}, begins: scanning, does: quick},
		{name: "memory", says: "the board is told to stop, and says what memory its processes held at most", after: []string{"boot"}, begins: scanning, does: peaks},
	}
}

func build(ctx context.Context, t *trial) error { return t.prepare(ctx) }

// boots switches the board on for the first time.
func boots(ctx context.Context, t *trial) error {
	if err := t.hold(""); err != nil {
		return err
	}
	if err := t.on(ctx, false); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`badge-kiosk-bundle.zip is installed, number \d+`, 0, bootTime); err != nil {
		return err
	}
	if err := t.scanning(); err != nil {
		return err
	}
	t.note("from power on to scanning: %.1f s, emulated", time.Since(t.board.began).Seconds())
	return nil
}

// scanning waits until the board takes picture after picture.
func (t *trial) scanning() error {
	began := t.camera.Frames()
	return t.until("scanning", bootTime, func() bool { return t.camera.Frames() > began+2 })
}

func genuine(ctx context.Context, t *trial) error { return t.badge(ctx, genuineFile, "verified") }

func forged(ctx context.Context, t *trial) error { return t.badge(ctx, forgedFile, "not-verified") }

// badge holds a badge in front of the camera, and waits for its verdict on
// the glass.
func (t *trial) badge(ctx context.Context, file, verdict string) error {
	if err := t.coalition.agrees(ctx, file, verdict); err != nil {
		return err
	}
	want, err := t.coalition.screen(ctx, bundleFile, file)
	if err != nil {
		return err
	}
	if err := t.present(ctx, file); err != nil {
		return err
	}
	began := time.Now()
	if err := t.shows(file, want, lookTime); err != nil {
		return err
	}
	t.note("from %s in front of the camera to its verdict at rest on the glass: %.1f s, emulated", file, time.Since(began).Seconds())
	return t.hold("")
}

// present holds a badge in front of the camera.
func (t *trial) present(ctx context.Context, file string) error {
	text, err := t.coalition.code(ctx, file)
	if err != nil {
		return err
	}
	return t.hold(text)
}

// An install is one of a bundle: which of a board's writes to its card it is.
type install struct {
	log      cardLog
	from, to int
}

// updated plugs in a stick with a bundle that lists another school.
func updated(ctx context.Context, t *trial) (err error) {
	if t.install.log, err = t.noting("install"); err != nil {
		return err
	}
	if err := errors.Join(t.on(ctx, false), t.scanning()); err != nil {
		return err
	}
	if t.coalition.earlier.IsZero() { // else it was done when this was tried before
		if err := t.badge(ctx, laterFile, "cannot-tell"); err != nil {
			return err
		}
		if err := copySparse(t.coalition.file(oldBundle), t.coalition.file(bundleFile)); err != nil {
			return err
		}
		if err := t.coalition.grow(ctx); err != nil {
			return err
		}
	}
	if err := t.still(); err != nil {
		return err
	}
	if t.install.from, err = t.install.log.count(); err != nil {
		return err
	}
	if err := t.plugStick(bundleName, t.coalition.file(bundleFile)); err != nil {
		return err
	}
	if err := t.taken(); err != nil {
		return err
	}
	if t.install.to, err = t.install.log.count(); err != nil {
		return err
	}
	t.note("a bundle is installed with %d blocks written to the card", t.install.to-t.install.from)
	return errors.Join(t.pullStick(), t.badge(ctx, laterFile, "verified"))
}

// still waits until the board writes nothing to its card for a while.
func (t *trial) still() error {
	writes := &t.board.wires.writes
	before, since := writes.Load(), time.Now()
	return t.until("leaving its card alone", installTime, func() bool {
		if now := writes.Load(); now != before {
			before, since = now, time.Now()
		}
		return time.Since(since) > quiet
	})
}

// taken waits until the newer bundle is on the card and the board writes no
// more.
func (t *trial) taken() error {
	bundle, err := os.ReadFile(t.coalition.file(bundleFile))
	if err != nil {
		return err
	}
	last := bundle[max(0, len(bundle)-256):] // names every file by its hash
	var found bool
	err = t.until("installing the newer bundle", installTime, func() bool {
		time.Sleep(time.Second)
		found, err = onCard(t.card, last)
		return found || err != nil
	})
	return errors.Join(err, t.still())
}

// moments are when the power is cut: after how many of so many writes.
func moments(all int) []int { return []int{all / 2, all - 1, all} }

// cut starts boards with what is on the card when the power is cut in the
// middle of an install. The bundle that they believe is the old one or the new
// one, and the new one at the end.
func cut(ctx context.Context, t *trial) error {
	i := t.install
	for _, n := range moments(i.to - i.from) {
		t.off()
		if err := i.log.cut(t.card, i.from+n); err != nil {
			return err
		}
		if err := errors.Join(t.on(ctx, false), t.scanning()); err != nil {
			return err
		}
		said, err := t.either(ctx)
		if err == nil && n == i.to-i.from && said != "new" {
			err = fmt.Errorf("the %s bundle is believed", said)
		}
		if err != nil {
			return fmt.Errorf("power cut after %d of %d blocks: %w", n, i.to-i.from, err)
		}
		t.note("power cut after %d of the %d blocks that an install writes: the %s bundle", n, i.to-i.from, said)
	}
	return nil
}

// either holds up the badge that only the newer bundle knows, and waits for
// either's verdict.
func (t *trial) either(ctx context.Context) (string, error) {
	after, err := t.coalition.screen(ctx, bundleFile, laterFile)
	if err != nil {
		return "", err
	}
	before, err := t.coalition.screen(ctx, oldBundle, laterFile)
	if err != nil {
		return "", err
	}
	if differing(before, after) == 0 {
		return "", errors.New("both bundles make the same picture of " + laterFile)
	}
	if err := t.present(ctx, laterFile); err != nil {
		return "", err
	}
	said := ""
	err = t.until("seen: a verdict by the one or the other bundle", lookTime, func() bool {
		p := t.glass.Picture()
		for name, want := range map[string]image.Image{"old": before, "new": after} {
			if differing(p, want) == 0 {
				said = name
			}
		}
		return said != ""
	})
	if err != nil {
		err = errors.Join(err, t.keep("got.png", t.glass.Picture()), t.keep("old.png", before), t.keep("new.png", after))
	}
	return said, errors.Join(err, t.hold(""))
}
