package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

const (
	statePart = 4
	wipeTime  = 15 * time.Minute // to write a part of the card anew
)

// begun starts a board from a card whose state is past mending: its file
// system's head is rubbish.
func begun(ctx context.Context, t *trial) error {
	t.card = filepath.Join(t.dir, "spoilt.img")
	if err := errors.Join(copySparse(t.card, t.fresh()), spoil(t.card)); err != nil {
		return err
	}
	if err := errors.Join(t.hold(""), t.on(ctx, false)); err != nil {
		return err
	}
	_, from, err := t.board.wait(`H-DISK /dev/\S+ is made anew`, 0, bootTime)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := t.board.listens(false); err != nil {
		return err
	}
	if _, from, err = t.board.wait(`EXT4-fs \(mmcblk0p4\): mounted`, from, wipeTime); err != nil {
		return err
	}
	if err := t.board.listens(true); err != nil {
		return err
	}
	t.note("a state past mending was made anew in %.0f s, emulated", time.Since(began).Seconds())
	if _, _, err := t.board.wait(`badge-kiosk-bundle.zip is installed, number \d+`, from, bootTime); err != nil {
		return err
	}
	return errors.Join(t.scanning(), t.badge(ctx, genuineFile, "verified"))
}

// spoil writes rubbish over the head of the file system with the state.
func spoil(card string) error {
	f, err := os.OpenFile(card, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	at, _, err := place(f, statePart)
	if err == nil {
		rubbish := make([]byte, 64<<10)
		for i := range rubbish {
			rubbish[i] = 0xa5
		}
		_, err = f.WriteAt(rubbish, at)
	}
	return errors.Join(err, f.Close())
}
