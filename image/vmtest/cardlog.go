package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A cardLog has every write of a board to its card, in order and in blocks as
// the card took them: what is on the card when the power goes is what was
// there before and the first so many of these.
//
// Source: QEMU, block/blklogwrites.c; Linux,
// Documentation/admin-guide/device-mapper/log-writes.rst.
type cardLog struct {
	base string // a copy of the card as it was before
	path string
}

// logSector is the unit of the log, as the emulator writes it.
const logSector = 512

// maxLogged is the longest write that is believed, in bytes.
const maxLogged = 64 << 20

const (
	logMagic   = 0x6a736677736872
	logDiscard = 1 << 2 // a flag: there is no data
)

// each hands out the writes, until it returns false. A log whose end was cut
// off with the power ends before that.
func (l cardLog) each(to func(at int64, data []byte) bool) error {
	f, err := os.Open(l.path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	r := bufio.NewReaderSize(f, 1<<20)
	head := make([]byte, logSector)
	if _, err := io.ReadFull(r, head); err != nil {
		return err
	}
	le := binary.LittleEndian
	begun := le.Uint64(head) == logMagic && le.Uint32(head[24:]) == logSector
	if !begun && !bytes.Equal(head, make([]byte, logSector)) { // the emulator writes its head late
		return fmt.Errorf("%s begins with % x: no log of writes", l.path, head[:32])
	}
	for {
		if _, err := io.ReadFull(r, head); err != nil {
			return end(err)
		}
		at, size, flags := int64(le.Uint64(head))*logSector, int64(le.Uint64(head[8:]))*logSector, le.Uint64(head[16:])
		if size < 0 || size > maxLogged {
			return fmt.Errorf("%s: a write of %d bytes", l.path, size)
		}
		if size == 0 || flags&logDiscard != 0 {
			continue
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(r, data); err != nil {
			return end(err)
		}
		if !to(at, data) {
			return nil
		}
	}
}

// end is no error at the end of a log.
func end(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// count is how many writes there are.
func (l cardLog) count() (n int, err error) {
	err = l.each(func(int64, []byte) bool { n++; return true })
	return n, err
}

// cut makes card what is on it when the power goes after n writes.
func (l cardLog) cut(card string, n int) error {
	if err := copySparse(card, l.base); err != nil {
		return err
	}
	f, err := os.OpenFile(card, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	left := n
	var fault error
	err = l.each(func(at int64, data []byte) bool {
		if left == 0 {
			return false
		}
		left--
		_, fault = f.WriteAt(data, at)
		return fault == nil
	})
	if err = errors.Join(err, fault, f.Close()); err == nil && left > 0 {
		err = fmt.Errorf("%s has %d writes, want %d", l.path, n-left, n)
	}
	return err
}

// noting has the next board that is switched on note what it writes to the
// card. The log goes to name, beside the card.
func (t *trial) noting(name string) (l cardLog, err error) {
	l = cardLog{base: t.card + "." + name, path: t.card + "." + name + ".log"}
	if err := os.WriteFile(l.path, nil, 0o600); err != nil { // a new one: the emulator makes none
		return l, err
	}
	t.writes = l.path
	return l, copySparse(l.base, t.card)
}
