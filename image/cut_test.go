package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"testing"

	"badgekiosk/image/mbr"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
)

var errCut = errors.New("the power is cut")

// A cutSlot is a slot of a card whose power is cut after so many writes, in
// the middle of the next; less than 0 is never.
type cutSlot struct {
	*io.SectionReader
	to   io.WriterAt
	left int
}

// slotOn is a slot of the card in f.
func slotOn(f *os.File, s provision.Slot, left int) *cutSlot {
	parts, _ := small().table()
	p := parts[s.Part()-1]
	start := int64(p.Start) * mbr.Sector
	return &cutSlot{io.NewSectionReader(f, start, int64(p.Count)*mbr.Sector), io.NewOffsetWriter(f, start), left}
}

func (c *cutSlot) WriteAt(b []byte, at int64) (int, error) {
	c.left--
	if c.left == -1 {
		n, _ := c.to.WriteAt(b[:len(b)/2/mbr.Sector*mbr.Sector], at)
		return n, errCut
	}
	return c.to.WriteAt(b, at)
}

func (c *cutSlot) Sync() error          { return nil }
func (c *cutSlot) Forget() error        { return nil }
func (c *cutSlot) Size() (int64, error) { return c.SectionReader.Size(), nil }

// startsOn is what a firmware finds that starts the card in f: the slot that
// autoboot.txt names, and what the kernel in it is told; an error if it has no
// file system.
func startsOn(f *os.File, tryboot bool) (slot provision.Slot, told string, err error) {
	parts, _ := small().table()
	first := io.NewSectionReader(f, int64(parts[0].Start)*mbr.Sector, small().first)
	c, err := provision.ReadChoice(first)
	if err != nil {
		return 0, "", err
	}
	if slot = c.Usual; tryboot {
		slot = c.Tried
	}
	volumes, err := stick.Volumes(slotOn(f, slot, -1))
	if err != nil {
		return slot, "", err
	}
	data, err := fs.ReadFile(volumes[0], "cmdline-"+slot.String()+".txt")
	return slot, string(data), err
}

// TestHalfSlot: while a system is on its way to slot B, the card starts slot A,
// whole, whenever the power goes; there is nothing in B that starts before all
// of it is there; and the system can be put there again.
func TestHalfSlot(t *testing.T) {
	o := order(t)
	c, err := o.card(stand())
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/card.img"
	if err := c.save(path, small()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // of a test
	o.number = 202611220340
	program := make([]byte, 5<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(program) // so that it is as long when it is packed
	if err := os.WriteFile(o.binary, program, 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err = o.card(stand()); err != nil { // the next system
		t.Fatal(err)
	}
	next, err := os.CreateTemp(t.TempDir(), "slot")
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close() //nolint:errcheck // only read
	if err := c.slotVolume(small().slot).Write(next, c.system); err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile(next.Name())
	if err != nil {
		t.Fatal(err)
	}
	s := bundle.System{Number: o.number, Length: int64(len(image)), Sum: sha256.Sum256(image)}
	put := func(left int) error {
		return provision.PutSystem(slotOn(f, provision.SlotB, left), s,
			func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(image)), nil }, func(string, int64, int64) {})
	}
	before := sumOf(t, slotOn(f, provision.SlotA, -1))
	cuts := 0
	for ; ; cuts++ {
		err := put(cuts)
		if slot, told, err := startsOn(f, false); err != nil || slot != provision.SlotA || provision.RunningSlot(told, nil) != provision.SlotA {
			t.Fatalf("cut at write %d: the card starts slot %s, told %q, %v", cuts, slot, told, err)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if slot, told, err := startsOn(f, true); cuts > 0 && err == nil {
			t.Fatalf("cut at write %d: slot %s starts, told %q", cuts, slot, told)
		}
	}
	if cuts < 7 {
		t.Errorf("the power was cut %d times", cuts)
	}
	if slot, told, err := startsOn(f, true); err != nil || slot != provision.SlotB || provision.RunningSlot(told, nil) != provision.SlotB {
		t.Errorf("when it is whole: slot %s, told %q, %v", slot, told, err)
	}
	if got := sumOf(t, io.NewSectionReader(slotOn(f, provision.SlotB, -1), 0, s.Length)); got != fmt.Sprintf("%x", s.Sum) {
		t.Error("slot B holds another system than was signed")
	}
	if got := sumOf(t, slotOn(f, provision.SlotA, -1)); got != before {
		t.Error("slot A is another than before")
	}
}

func sumOf(t *testing.T, r io.Reader) string {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
