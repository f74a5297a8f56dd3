package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"badgekiosk/image/fat32"
	"badgekiosk/provision/stick"
)

// What is known of a card's first part before it is read.
const (
	cardLabel   = "KIOSK"
	cardSector  = 512
	maxCardPart = 256 << 20 // bytes
	copyBlock   = 1 << 20   // bytes that are copied, or left out as zeros, at once
)

// A mapped is a kiosk's card, in a file or in its reader, and what is on its
// first part.
type mapped struct {
	disk        *os.File
	device      bool
	start, size int64 // of the first part, in bytes
	files       map[string][]byte
}

func (c *mapped) close() { _ = c.disk.Close() } // what was written has been synced

// openCard opens an image, or a card in its reader, and reads its first part.
func openCard(name string) (*mapped, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	c := &mapped{device: info.Mode()&os.ModeDevice != 0}
	flags := os.O_RDONLY
	if c.device {
		flags = os.O_RDWR | os.O_EXCL // on Linux: fails while any part of it is mounted
	}
	if c.disk, err = os.OpenFile(name, flags, 0); err != nil {
		return nil, err
	}
	if err := c.read(); err != nil {
		c.close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// errNoCard says that a file is no image of ours.
var errNoCard = errors.New("this is not an image of a badge kiosk's card: its first part is no FAT32 labelled " + cardLabel)

// read finds the first part by the table and reads its files.
// Source: the master boot record, UEFI Specification 2.10, section 5.2.1.
func (c *mapped) read() error {
	record := make([]byte, cardSector)
	if _, err := c.disk.ReadAt(record, 0); err != nil || record[510] != 0x55 || record[511] != 0xaa {
		return errors.Join(errNoCard, err)
	}
	first := record[446:462]
	c.start = int64(binary.LittleEndian.Uint32(first[8:])) * cardSector
	c.size = int64(binary.LittleEndian.Uint32(first[12:])) * cardSector
	whole, err := c.disk.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if c.start == 0 || c.size < fat32.MinSize || c.size > maxCardPart || c.start+c.size > whole {
		return errNoCard
	}
	boot := make([]byte, cardSector)
	if _, err := c.disk.ReadAt(boot, c.start); err != nil {
		return err
	}
	if string(bytes.TrimRight(boot[71:82], " ")) != cardLabel || string(boot[82:90]) != "FAT32   " {
		return errNoCard
	}
	c.files, err = volumeFiles(io.NewSectionReader(c.disk, c.start, c.size), c.size)
	return err
}

// volumeFiles are all files of a FAT volume, by their paths; limit bounds them
// together.
func volumeFiles(disk io.ReaderAt, limit int64) (map[string][]byte, error) {
	volumes, err := stick.Volumes(disk)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	err = fs.WalkDir(volumes[0], ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(volumes[0], name)
		if limit -= int64(len(data)) + cardSector; limit < 0 {
			return errors.New("the first part is damaged: its files are larger than itself")
		}
		all[name] = data
		return err
	})
	return all, err
}

// draw is the first part with the card's files, whole, and read back.
func (c *mapped) draw() ([]byte, error) {
	var files []fat32.File
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		files = append(files, fat32.File{Name: name, Data: c.files[name]})
	}
	part := make(memory, c.size)
	v := fat32.Volume{Label: cardLabel, Size: c.size, Start: uint32(c.start / cardSector)}
	if err := v.Write(part, files); err != nil {
		return nil, err
	}
	return part, c.same(bytes.NewReader(part))
}

// same holds that a part has the card's files.
func (c *mapped) same(part io.ReaderAt) error {
	got, err := volumeFiles(part, c.size)
	if err == nil && !maps.EqualFunc(got, c.files, bytes.Equal) {
		err = errors.New("what was written reads back as something else")
	}
	return err
}

// overwrite writes the first part of a card in its reader.
func (c *mapped) overwrite(part []byte) error {
	_, err := c.disk.WriteAt(part, c.start)
	if err := errors.Join(err, c.disk.Sync()); err != nil {
		return fmt.Errorf("the card is not whole, flash it anew: %w", err)
	}
	return c.same(io.NewSectionReader(c.disk, c.start, c.size))
}

// copy writes the card with another first part to a file, which appears when
// it is whole, and its SHA-256 beside it.
func (c *mapped) copy(to string, part []byte) error {
	f, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone, once it has its name
	whole, err := c.disk.Seek(0, io.SeekEnd)
	if err == nil {
		err = f.Truncate(whole)
	}
	sum := sha256.New()
	block := make([]byte, copyBlock)
	for at := int64(0); at < whole && err == nil; at += copyBlock {
		b := block[:min(copyBlock, whole-at)]
		if _, err = c.disk.ReadAt(b, at); err != nil {
			break
		}
		c.lay(part, b, at)
		sum.Write(b)
		if !zeros(b) {
			_, err = f.WriteAt(b, at)
		}
	}
	if err == nil {
		err = c.same(io.NewSectionReader(f, c.start, c.size))
	}
	if err := errors.Join(err, f.Chmod(sameMode(to)), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return err
	}
	return os.WriteFile(to+".sha256", fmt.Appendf(nil, "%x  %s\n", sum.Sum(nil), filepath.Base(to)), 0o644)
}

// lay lays what falls on b, the disk from at on, of the first part over it.
func (c *mapped) lay(part, b []byte, at int64) {
	from, to := max(at, c.start), min(at+int64(len(b)), c.start+c.size)
	if from < to {
		copy(b[from-at:to-at], part[from-c.start:])
	}
}

func zeros(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

// memory is a disk in memory.
type memory []byte

// WriteAt implements [io.WriterAt].
func (m memory) WriteAt(b []byte, at int64) (int, error) {
	if at < 0 || at+int64(len(b)) > int64(len(m)) {
		return 0, io.ErrShortWrite
	}
	return copy(m[at:], b), nil
}
