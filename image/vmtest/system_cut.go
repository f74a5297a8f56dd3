package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
)

// cutSystem has the power cut while a system is put in and while it is kept:
// at every write, the firmware is led to a slot that is whole; at some of
// them, a board is started with what is on the card then.
func cutSystem(ctx context.Context, t *trial) error {
	kept, err := t.everyCut()
	if err != nil {
		return err
	}
	put, err := t.put.count()
	if err != nil {
		return err
	}
	for _, c := range []struct {
		when string
		log  cardLog
		n    int
		slot string
		back bool // it says that the new system is not in use
	}{
		{"when half of the new system is in its slot", t.put, put / 2, "a", false},
		{"when the new system is in its slot, before it is tried", t.put, put, "a", true},
		{"right after the write to autoboot.txt", t.tried, kept + 1, "b", false},
	} {
		t.off()
		err := c.log.cut(t.card, c.n)
		if err == nil {
			err = t.on(ctx, false)
		}
		if err == nil {
			_, _, err = t.board.wait(fmt.Sprintf(`init: slots: %s runs, %s usually starts`, c.slot, c.slot), 0, bootTime)
		}
		if err == nil && c.back {
			err = t.isBack(ctx)
		}
		if err == nil {
			err = t.scanning()
		}
		if err != nil {
			return fmt.Errorf("power cut %s: %w", c.when, err)
		}
		t.note("power cut %s: slot %s starts, and scans", c.when, c.slot)
	}
	return nil
}

// everyCut goes through all that was written to the card from the stick to the
// new system being kept. After each write a plain start leads to a slot that
// is whole: to A, until one write leads it to B, which then holds what was
// signed and is not written to again. kept is how many writes of the second log
// come before that one write.
func (t *trial) everyCut() (kept int, err error) {
	card := t.card + ".cuts"
	defer os.Remove(card) //nolint:errcheck // a copy
	if err := copySparse(card, t.put.base); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(card, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // a copy
	w := watch{card: f, led: "a"}
	if w.sums.a, w.sizes.a, err = t.slotSum(firstSystem); err != nil {
		return 0, err
	}
	if w.sums.b, w.sizes.b, err = t.slotSum(goodSystem); err != nil {
		return 0, err
	}
	if err := w.follow(t.put, "a"); err != nil {
		return 0, err
	}
	if w.toB == 0 {
		return 0, errors.New("nothing was written to slot B")
	}
	if err := same(card, t.tried.base); err != nil {
		return 0, fmt.Errorf("the writes that were noted are not all: %w", err)
	}
	before := w.n
	w.n = 0
	if err := w.follow(t.tried, "b"); err != nil {
		return 0, err
	}
	t.note("power cut after each of %d writes to the card: a plain start leads to a whole slot", before+w.n)
	return w.switched, nil
}

// A watch follows a card write by write.
type watch struct {
	card     *os.File
	led      string                // the slot that a plain start leads to
	sums     struct{ a, b []byte } // of what the slots hold when they are whole
	sizes    struct{ a, b int64 }  // and how much that is
	n        int                   // writes of this log
	toB      int                   // how many were to slot B
	switched int                   // how many came before the one that led to slot B
}

// follow makes the writes of a log; at its end a plain start leads to a slot.
func (w *watch) follow(l cardLog, slot string) error {
	var fault error
	err := l.each(func(at int64, data []byte) bool {
		fault = w.write(at, data)
		w.n++
		return fault == nil
	})
	if err = errors.Join(err, fault); err == nil && w.led != slot {
		err = fmt.Errorf("%s: slot %s starts at its end, want %s", l.path, w.led, slot)
	}
	return err
}

// write makes one write, and looks where a plain start leads then.
func (w *watch) write(at int64, data []byte) error {
	if _, err := w.card.WriteAt(data, at); err != nil {
		return err
	}
	if at < logSector {
		return fmt.Errorf("write %d is to the card's table", w.n)
	}
	in := func(part int) bool {
		from, size, err := place(w.card, part)
		return err == nil && at < from+size && at+int64(len(data)) > from
	}
	switch {
	case in(slotPart(w.led)):
		return fmt.Errorf("write %d is to slot %s, which starts", w.n, w.led)
	case in(slotPart("b")):
		w.toB++
	case in(1):
		return w.look()
	}
	return nil
}

// look looks which slot a plain start leads to, and that it is whole.
func (w *watch) look() error {
	s, err := firmware(w.card, false)
	if err != nil {
		return fmt.Errorf("after write %d: %w", w.n, err)
	}
	led, want, size := "a", w.sums.a, w.sizes.a
	if s.part == slotPart("b") {
		led, want, size = "b", w.sums.b, w.sizes.b
	}
	got, err := partSum(w.card, s.part, size)
	if err != nil {
		return err
	}
	if s.part != slotPart(led) || !bytes.Equal(got, want) {
		return fmt.Errorf("after write %d a start leads to part %d, which is not whole", w.n, s.part)
	}
	if led != w.led {
		w.led, w.switched = led, w.n
	}
	return nil
}

// same holds that two files are alike.
func same(a, b string) error {
	var sums [2][]byte
	for i, name := range []string{a, b} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
		sums[i] = h.Sum(nil)
	}
	if !bytes.Equal(sums[0], sums[1]) {
		return fmt.Errorf("%s and %s differ", a, b)
	}
	return nil
}
