package provision

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// A SlotFile is a part of a card, as its block device.
type SlotFile struct{ *os.File }

// Forget implements [SlotDisk]: what was written and synced is dropped from
// memory.
func (f SlotFile) Forget() error {
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// Size implements [SlotDisk].
func (f SlotFile) Size() (int64, error) { return f.Seek(0, io.SeekEnd) }
