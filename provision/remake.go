package provision

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"badgekiosk/image/ext4"
)

// StateLabel is the label of the partition that a kiosk keeps its state on.
const StateLabel = "state"

const (
	remakeBlock = 4096    // bytes: the block with the superblock
	remakeZeros = 1 << 20 // bytes written at once
)

// Unmountable tells whether mounting the state partition failed because of
// what is on it, and not because it is not there: then [RemakeState] helps.
func Unmountable(err error) bool {
	for _, e := range []error{syscall.EINVAL, syscall.EUCLEAN, syscall.EBADMSG, syscall.EIO, syscall.EFBIG} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// RemakeState makes an empty ext4 on the device of the state partition.
// Whatever was on it is gone: the kiosk begins with the bundle that came with
// its system, and asks for the day.
//
// A power cut in the midst leaves a partition that does not mount, to be made
// anew again: the superblock comes last.
func RemakeState(device string) (err error) {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	size = min(size, ext4.MaxSize) / remakeBlock * remakeBlock
	return remake(f, size)
}

// A blockDevice is what remake writes to.
type blockDevice interface {
	io.WriterAt
	Sync() error
}

func remake(d blockDevice, size int64) error {
	if size < ext4.MinSize {
		return fmt.Errorf("the state partition has %d bytes, it needs %d", size, int64(ext4.MinSize))
	}
	zeros := make([]byte, remakeZeros)
	for at := int64(0); at < size; at += remakeZeros {
		if _, err := d.WriteAt(zeros[:min(remakeZeros, size-at)], at); err != nil {
			return err
		}
		if at == 0 { // the old superblock goes before anything else
			if err := d.Sync(); err != nil {
				return err
			}
		}
	}
	last := &superblockLast{to: d}
	if err := ext4.Write(last, size, StateLabel); err != nil {
		return err
	}
	if err := d.Sync(); err != nil {
		return err
	}
	if _, err := d.WriteAt(last.held[:], 0); err != nil {
		return err
	}
	return d.Sync()
}

// superblockLast holds the first block back.
type superblockLast struct {
	to   io.WriterAt
	held [remakeBlock]byte
}

// WriteAt implements [io.WriterAt].
func (s *superblockLast) WriteAt(b []byte, at int64) (int, error) {
	n := 0
	if at < remakeBlock {
		n = copy(s.held[at:], b)
	}
	if n == len(b) {
		return n, nil
	}
	m, err := s.to.WriteAt(b[n:], at+int64(n))
	return n + m, err
}
