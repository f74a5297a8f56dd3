package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// The systems that kiosks are offered, by their numbers; the card is made
// with the first.
const (
	firstSystem = 1
	goodSystem  = 2
	badSystem   = 3
)

// systemName is what a system is called on a stick.
const systemName = "badge-kiosk-system.zip"

// slotImage is what stands in a slot, as it is beside a card that is built.
const slotImage = "badge-kiosk-slot.img.gz"

// How long the parts of an update of the system may take.
const (
	leftTime  = 15 * time.Minute // from a stick that is left in to a slot that is written
	trialTime = 15 * time.Minute
)

// manyWrites is more than a kiosk writes to its card beside a system.
const manyWrites = 16

// system makes and signs a system of that number, with the programs in a
// folder.
func (t *trial) system(ctx context.Context, number int, programs string) error {
	dir := t.folder(number)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	card := filepath.Join(dir, "card.img")
	err := t.runs(ctx, nil, "go", "run", "./image", "-board", "pi-3", "-number", fmt.Sprint(number), "-panel", panelName, "-from", programs, "-to", card)
	return errors.Join(err, os.Remove(card), t.sign(ctx, number, filepath.Join(dir, slotImage)))
}

func (t *trial) folder(number int) string { return filepath.Join(t.dir, fmt.Sprint("system-", number)) }

// zipped is the file for the stick of a system of that number.
func (t *trial) zipped(number int) string { return filepath.Join(t.folder(number), systemName) }

// sign has the coalition sign a system.
func (t *trial) sign(ctx context.Context, number int, slot string) error {
	if _, err := os.Stat(t.zipped(number)); err == nil {
		return nil // in a step that is tried again: no number is signed twice
	}
	if err := os.MkdirAll(t.folder(number), 0o700); err != nil {
		return err
	}
	_, err := t.coalition.kiosk(ctx, "bundle", "system", "co", slot, "--to", t.zipped(number))
	return err
}

// broken is a program that is no kiosk.
const broken = "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(1) }\n"

// breaks makes a system whose first process ends at once.
func (t *trial) breaks(ctx context.Context) error {
	dir := filepath.Join(t.dir, "broken")
	source := filepath.Join(dir, "main.go")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(source, []byte(broken), 0o600)); err != nil {
		return err
	}
	if err := t.runs(ctx, board, "go", "build", "-trimpath", "-o", filepath.Join(dir, "kiosk-linux-arm64"), source); err != nil {
		return err
	}
	return t.system(ctx, badSystem, dir)
}

// renewed has a new system put in from a stick, tried and kept.
func renewed(ctx context.Context, t *trial) (err error) {
	// What is older must be signed before: the program signs none after.
	if err := t.sign(ctx, firstSystem, filepath.Join(t.built, slotImage)); err != nil {
		return err
	}
	if err := t.system(ctx, goodSystem, filepath.Join(t.built, "build")); err != nil {
		return err
	}
	if t.put, err = t.offered(ctx, goodSystem, "b"); err != nil {
		return err
	}
	if t.tried, err = t.noting("tried"); err != nil {
		return err
	}
	t.blind = true
	err = t.on(ctx, true)
	if t.blind = false; err != nil {
		return err
	}
	if _, _, err := t.board.wait(`init: slots: b runs, a usually starts`, 0, bootTime); err != nil {
		return err
	}
	began := time.Now()
	if _, _, err := t.board.wait(`init: system: slot b has done well for .* and is kept`, 0, trialTime); err != nil {
		return err
	}
	t.note("a new system is kept after %.0f s, emulated", time.Since(began).Seconds())
	if err := t.still(); err != nil {
		return err
	}
	t.off()
	if err := t.starts("b"); err != nil {
		return err
	}
	if err := t.on(ctx, false); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`init: slots: b runs, b usually starts`, 0, bootTime); err != nil {
		return err
	}
	return t.badge(ctx, genuineFile, "verified")
}

// offered plugs in a stick with a system and leaves it there, until the system
// is in the slot that does not run and the board restarts to try it. What is
// written to the card meanwhile is noted. Nothing else is plugged in: what a
// board does with pictures, and asking a hub each millisecond, is slow here, and
// this takes minutes.
func (t *trial) offered(ctx context.Context, number int, slot string) (l cardLog, err error) {
	if l, err = t.noting(fmt.Sprint("put-", number)); err != nil {
		return l, err
	}
	t.blind = true
	defer func() { t.blind = false }()
	if err := t.on(ctx, false); err != nil {
		return l, err
	}
	if _, _, err := t.board.wait(`fault H-CAM`, 0, bootTime); err != nil {
		return l, err
	}
	if err := t.plugStick(systemName, t.zipped(number)); err != nil {
		return l, err
	}
	began := time.Now()
	writes := &t.board.wires.writes
	before := writes.Load()
	if err := t.until("writing to the other slot", leftTime, func() bool { return writes.Load() > before+manyWrites }); err != nil {
		return l, err
	}
	if err := t.board.listens(false); err != nil {
		return l, err
	}
	if _, _, err := t.board.wait(`init: system-put: `, 0, leftTime); err != nil {
		return l, err
	}
	if err := t.board.listens(true); err != nil {
		return l, err
	}
	if _, _, err := t.board.wait(`init: system-put: exit 0`, 0, time.Second); err != nil {
		return l, err
	}
	t.note("system %d: on a stick that is left in, and in its slot %.0f s later, emulated", number, time.Since(began).Seconds())
	if _, _, err := t.board.wait(`reboot: Restarting system`, 0, bootTime); err != nil {
		return l, err
	}
	if !t.board.wires.tryboot.Load() {
		return l, errors.New("the board restarts without asking its firmware for tryboot")
	}
	t.off()
	return l, t.whole(number, slot)
}

// starts holds that a plain start of the card is that of a slot.
func (t *trial) starts(slot string) error {
	s, err := t.handsOver(false)
	if err == nil && s.part != slotPart(slot) {
		err = fmt.Errorf("the card starts from part %d, want slot %s", s.part, slot)
	}
	return err
}

func slotPart(slot string) int { return 2 + int(slot[0]-'a') }

// whole holds that a slot of the card has the system of that number, byte for
// byte as it was signed.
func (t *trial) whole(number int, slot string) error {
	want, size, err := t.slotSum(number)
	if err != nil {
		return err
	}
	card, err := os.Open(t.card)
	if err != nil {
		return err
	}
	defer card.Close() //nolint:errcheck // only read
	got, err := partSum(card, slotPart(slot), size)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("slot %s does not hold system %d", slot, number)
	}
	return err
}

// slotSum is the SHA-256 of what a system of that number is in its slot, and
// how many bytes it has there: what follows them is nothing of it.
func (t *trial) slotSum(number int) (sum []byte, size int64, err error) {
	dir := t.folder(number)
	if number == firstSystem {
		dir = t.built
	}
	f, err := os.Open(filepath.Join(dir, slotImage))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, 0, err
	}
	h := sha256.New()
	size, err = io.Copy(h, z)
	return h.Sum(nil), size, err
}

// partSum is the SHA-256 of the first bytes of a part of a card.
func partSum(card io.ReaderAt, part int, size int64) ([]byte, error) {
	at, most, err := place(card, part)
	if err != nil {
		return nil, err
	}
	if size > most {
		return nil, fmt.Errorf("part %d has %d bytes, want %d", part, most, size)
	}
	h := sha256.New()
	_, err = io.Copy(h, io.NewSectionReader(card, at, size))
	return h.Sum(nil), err
}

// renewedBadly has a system put in that cannot start: the board is back at the
// one before, and says so.
func renewedBadly(ctx context.Context, t *trial) error {
	if err := t.breaks(ctx); err != nil {
		return err
	}
	if _, err := t.offered(ctx, badSystem, "a"); err != nil {
		return err
	}
	if err := t.on(ctx, true); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`Kernel panic - not syncing: Attempted to kill init!`, 0, bootTime); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`Rebooting in \d+ seconds`, 0, bootTime); err != nil {
		return err
	}
	t.off()
	return errors.Join(t.on(ctx, false), t.isBack(ctx))
}

// isBack waits until the board says that the system that was tried is not the
// one that runs.
func (t *trial) isBack(ctx context.Context) error {
	if _, _, err := t.board.wait(`fault B-SYSTEM`, 0, bootTime); err != nil {
		return err
	}
	want, err := t.coalition.picture(ctx, "--panel", panelName, "--screen", "system-back")
	if err != nil {
		return err
	}
	return errors.Join(t.shows("the old system is back", want, lookTime), t.scanning())
}

// outdated offers the system that the card was made with to one that runs a
// newer one.
func outdated(_ context.Context, t *trial) error {
	from := len(t.board.all())
	if err := t.plugStick(systemName, t.zipped(firstSystem)); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`fault B-ROLLBACK`, from, leftTime); err != nil {
		return err
	}
	return t.pullStick()
}
