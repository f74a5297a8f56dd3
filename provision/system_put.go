package provision

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

const (
	slotSector = 512
	putChunk   = 1 << 20 // bytes that are copied at once
)

// A SlotDisk is the part of a card that a system goes to.
type SlotDisk interface {
	io.ReaderAt
	io.WriterAt
	// Sync waits until what was written is on the card.
	Sync() error
	// Forget has what is read next come from the card, not from memory.
	Forget() error
	// Size is in bytes.
	Size() (int64, error)
}

// The steps of putting a system into a slot, in their order.
const (
	StepCheck   = "check"   // the stick is read, and nothing written
	StepWrite   = "write"   // it is read again, and written
	StepCompare = "compare" // the slot is read
)

// PutSystem makes slot hold s, whose image each open yields from its
// beginning. tell hears how far it is.
//
// First all of the image is read and compared with what was signed: until it
// is the one, nothing is written. While it is written the slot begins with a
// sector of zeros, which no firmware starts; that sector comes last, once
// everything behind it is on the card. Then the slot is read back. It holds s
// when the error is nil, and else nothing that starts.
//
// The error has code B-BROKEN for an image that is another than was signed,
// H-STICK for one that cannot be read, H-DISK for a card that does not take
// it.
func PutSystem(slot SlotDisk, s bundle.System, open func() (io.ReadCloser, error), tell func(step string, done, of int64)) error {
	p := putting{slot, s, tell}
	size, err := slot.Size()
	if err != nil {
		return onCard(err)
	}
	if size < s.Length {
		return reason.Errorf(reason.HDisk, "the slot has %d bytes, system %d needs %d", size, s.Number, s.Length)
	}
	if err := p.read(open, StepCheck, func([]byte, int64) error { return nil }); err != nil {
		return err
	}
	var first []byte
	if err := p.blank(); err != nil {
		return err
	}
	err = p.read(open, StepWrite, func(b []byte, at int64) error {
		if at == 0 {
			b = bytes.Clone(b)
			n := min(len(b), slotSector)
			first = bytes.Clone(b[:n])
			clear(b[:n])
		}
		_, err := slot.WriteAt(b, at)
		if err == nil {
			err = slot.Sync()
		}
		return onCard(err)
	})
	if err != nil {
		return err
	}
	if _, err := slot.WriteAt(first, 0); err != nil {
		return onCard(err)
	}
	if err := onCard(slot.Sync()); err != nil {
		return err
	}
	if err := p.compare(); err != nil {
		return reason.Errorf(reason.HDisk, "the card holds another system than was written: %w", errors.Join(err, p.blank()))
	}
	return nil
}

// A putting is one system on its way to a slot.
type putting struct {
	slot SlotDisk
	s    bundle.System
	tell func(step string, done, of int64)
}

// blank makes the slot one that no firmware starts.
func (p putting) blank() error {
	if _, err := p.slot.WriteAt(make([]byte, slotSector), 0); err != nil {
		return onCard(err)
	}
	return onCard(p.slot.Sync())
}

// read reads the whole image, and gives each piece of it to take. The error
// is nil only if it was the one that was signed.
func (p putting) read(open func() (io.ReadCloser, error), step string, take func(b []byte, at int64) error) error {
	r, err := open()
	if err != nil {
		return reason.Errorf(reason.CodeOf(err, reason.HStick), "system %d: %w", p.s.Number, err)
	}
	defer r.Close() //nolint:errcheck // only read
	return p.walk(r, step, take)
}

// walk goes through an image, wherever it comes from.
func (p putting) walk(r io.Reader, step string, take func(b []byte, at int64) error) error {
	sum, b := sha256.New(), make([]byte, putChunk)
	for at := int64(0); at < p.s.Length; {
		n, err := io.ReadFull(r, b[:min(putChunk, p.s.Length-at)])
		if err != nil {
			return reason.Errorf(reason.CodeOf(err, reason.HStick), "system %d ended after %d of %d bytes: %w", p.s.Number, at+int64(n), p.s.Length, noEnd(err))
		}
		sum.Write(b[:n])
		if err := take(b[:n], at); err != nil {
			return err
		}
		at += int64(n)
		p.tell(step, at, p.s.Length)
	}
	return p.same(sum)
}

// same compares what was read with what was signed.
func (p putting) same(sum hash.Hash) error {
	if [sha256.Size]byte(sum.Sum(nil)) != p.s.Sum {
		return reason.Errorf(reason.BBroken, "the image is not the one that was signed as system %d", p.s.Number)
	}
	return nil
}

// compare reads the slot back from the card.
func (p putting) compare() error {
	if err := p.slot.Forget(); err != nil {
		return err
	}
	return p.walk(io.NewSectionReader(p.slot, 0, p.s.Length), StepCompare, func([]byte, int64) error { return nil })
}

func onCard(err error) error {
	if err == nil {
		return nil
	}
	return reason.Errorf(reason.HDisk, "the card does not take the system: %w", err)
}

// noEnd keeps an image that ends early from looking like a whole one.
func noEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
