package provision

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A disk is the few file operations that the store is made of, so that a test
// can cut the power, or fill the card, between any two of them. Names are
// slash-separated below the store's folder.
type disk interface {
	read(name string) ([]byte, error)
	// open is for reading parts of a file, for as long as anybody does.
	open(name string) (io.ReaderAt, error)
	// list returns the names in a folder, none if there is no such folder.
	list(dir string) ([]string, error)
	mkdir(dir string) error
	// write makes or replaces the file name and waits until its bytes are on
	// the card.
	write(name string, data []byte) error
	// extend appends to the file name and waits likewise.
	extend(name string, data []byte) error
	rename(from, to string) error
	// settle waits until the entries of a folder are on the card.
	settle(dir string) error
	remove(name string) error // a file, or a folder with what is in it
}

// osDisk is a folder of the operating system's.
type osDisk string

func (d osDisk) path(name string) string { return filepath.Join(string(d), filepath.FromSlash(name)) }

func (d osDisk) read(name string) ([]byte, error) { return os.ReadFile(d.path(name)) }

// open holds nothing open between reads, so that the card can be taken out.
func (d osDisk) open(name string) (io.ReaderAt, error) {
	_, err := os.Stat(d.path(name))
	return closed(d.path(name)), err
}

// closed is a file that is open only while it is read.
type closed string

// ReadAt implements [io.ReaderAt].
func (c closed) ReadAt(p []byte, at int64) (int, error) {
	f, err := os.Open(string(c))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, at)
}

// inMemory is a folder whose files are read once, as a whole.
type inMemory struct{ osDisk }

func (d inMemory) open(name string) (io.ReaderAt, error) {
	data, err := d.read(name)
	return bytes.NewReader(data), err
}

func (d osDisk) list(dir string) ([]string, error) {
	entries, err := os.ReadDir(d.path(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (d osDisk) mkdir(dir string) error { return os.MkdirAll(d.path(dir), 0o700) }

func (d osDisk) write(name string, data []byte) error {
	return d.put(name, data, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
}

func (d osDisk) extend(name string, data []byte) error {
	return d.put(name, data, os.O_WRONLY|os.O_APPEND)
}

func (d osDisk) put(name string, data []byte, flags int) (err error) {
	f, err := os.OpenFile(d.path(name), flags, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

func (d osDisk) rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }
func (d osDisk) remove(name string) error     { return os.RemoveAll(d.path(name)) }

func (d osDisk) settle(dir string) (err error) {
	f, err := os.Open(d.path(dir))
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	return f.Sync()
}
