package stick

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Names in the file that a kiosk takes its own system from, and how much of it
// is read.
const (
	systemMeta  = "system.json"
	systemImage = "badge-kiosk-slot.img"
	maxMembers  = 16 // of its zip
)

// SystemMeta reads what was signed of the system in a file, not its image.
// The error has code B-BROKEN or H-STICK.
func SystemMeta(v fs.FS, name string) ([]byte, error) {
	m, done, err := systemMember(v, name, systemMeta)
	if err != nil {
		return nil, err
	}
	defer done()
	data, err := io.ReadAll(io.LimitReader(m, bundle.MaxSystemMeta+1))
	if err != nil {
		return nil, damaged(name, err)
	}
	if len(data) > bundle.MaxSystemMeta {
		return nil, reason.Errorf(reason.BBroken, "%s in %s is larger than %d bytes", systemMeta, name, bundle.MaxSystemMeta)
	}
	return data, nil
}

// CopySystem writes the image in a file of a stick's to w, as it was before it
// was packed. What it writes is nobody's word until it was compared with what
// was signed; it is at most [bundle.MaxSystem] bytes.
//
// The error is H-STICK for a stick that stops answering, B-BROKEN for a file
// that is damaged.
func CopySystem(w io.Writer, name string, volumes ...fs.FS) error {
	for _, v := range volumes {
		m, done, err := systemMember(v, name, systemImage)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		defer done()
		n, err := io.Copy(w, io.LimitReader(m, bundle.MaxSystem+1))
		if err != nil {
			return damaged(name, err)
		}
		if n > bundle.MaxSystem {
			return reason.Errorf(reason.BBroken, "%s in %s is larger than %d bytes", systemImage, name, bundle.MaxSystem)
		}
		return nil
	}
	return reason.Errorf(reason.HStick, "%s is not on this stick", name)
}

// systemMember opens a member of a zip on a stick; done closes it.
func systemMember(v fs.FS, name, member string) (r io.Reader, done func(), err error) {
	f, err := v.Open(name)
	if err != nil {
		return nil, nil, pulled(err)
	}
	fail := func(err error) (io.Reader, func(), error) {
		_ = f.Close() // only read
		return nil, nil, err
	}
	info, err := f.Stat()
	at, ok := f.(io.ReaderAt)
	if err != nil || !ok {
		return fail(reason.Errorf(reason.HStick, "%s cannot be read: %w", name, errors.Join(err, errNoSeek)))
	}
	z, err := zip.NewReader(at, info.Size())
	if err != nil {
		return fail(damaged(name, err))
	}
	if len(z.File) > maxMembers {
		return fail(reason.Errorf(reason.BBroken, "%s holds %d files, a system is %s and %s", name, len(z.File), systemMeta, systemImage))
	}
	for _, m := range z.File {
		if m.Name != member {
			continue
		}
		r, err := m.Open()
		if err != nil {
			return fail(damaged(name, err))
		}
		return r, func() { _ = errors.Join(r.Close(), f.Close()) }, nil // only read
	}
	return fail(reason.Errorf(reason.BBroken, "%s holds no %s", name, member))
}

var errNoSeek = errors.New("it can only be read from its beginning")

// damaged puts B-BROKEN to an error that has no code of its own.
func damaged(name string, err error) error {
	if coded := (*reason.Error)(nil); errors.As(err, &coded) {
		return err
	}
	return reason.Errorf(reason.BBroken, "%s is damaged: %w", name, err)
}

// ReadAt implements [io.ReaderAt]. It is for reading on from where the last
// reading ended: going back follows the file's clusters anew.
func (f *file) ReadAt(b []byte, at int64) (int, error) {
	if f.dir || at < 0 {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
	}
	if f.seek.v == nil || at < f.seek.pos {
		f.seek = reader{v: f.reader.v, node: f.node, at: f.first}
	}
	if err := f.seek.skip(at - f.seek.pos); err != nil {
		return 0, err
	}
	n := 0
	for n < len(b) {
		k, err := f.seek.Read(b[n:])
		n += k
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// skip goes n bytes on without reading them.
func (r *reader) skip(n int64) error {
	for n > 0 {
		if r.pos >= r.node.size {
			return io.EOF
		}
		in := r.pos % r.v.cluster
		if in == 0 && r.pos > 0 {
			if err := r.step(); err != nil {
				return err
			}
		}
		by := min(n, r.v.cluster-in, r.node.size-r.pos)
		r.pos += by
		n -= by
	}
	return nil
}

// Place is where the first bytes of a file are on a disk, for a file that fits
// into one cluster: the error names one that does not.
func Place(v fs.FS, name string) (at, size int64, err error) {
	f, err := v.Open(name)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	own, ok := f.(*file)
	if !ok || own.dir || own.size == 0 || own.size > own.reader.v.cluster {
		return 0, 0, fmt.Errorf("%s is no file of one cluster", name)
	}
	at, err = own.reader.v.offset(own.first)
	return at, own.size, err
}
