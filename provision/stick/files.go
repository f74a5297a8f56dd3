package stick

import (
	"io"
	"io/fs"
	"strings"
	"time"
)

// Open implements [fs.FS]. Names differ by more than case, as on FAT.
func (v *volume) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	at := v.root
	at.name = "."
	if name != "." {
		for _, step := range strings.Split(name, "/") {
			var err error
			if at, err = v.find(at, step); err != nil {
				return nil, &fs.PathError{Op: "open", Path: name, Err: err}
			}
		}
	}
	return &file{node: at, reader: reader{v: v, node: at, at: at.first}}, nil
}

func (v *volume) find(dir node, name string) (node, error) {
	if !dir.dir {
		return node{}, fs.ErrNotExist
	}
	all, err := v.list(dir)
	if err != nil {
		return node{}, err
	}
	for _, n := range all {
		if strings.EqualFold(n.name, name) {
			return n, nil
		}
	}
	return node{}, fs.ErrNotExist
}

// A file is an open file or folder.
type file struct {
	node
	reader reader
	seek   reader // of ReadAt
	listed []node // a folder's entries that are still to be told
	read   bool   // the folder has been read
}

// Stat implements [fs.File].
func (f *file) Stat() (fs.FileInfo, error) { return info{f.node}, nil }

// Close implements [fs.File].
func (f *file) Close() error { return nil }

// Read implements [fs.File].
func (f *file) Read(b []byte) (int, error) {
	if f.dir {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
	}
	return f.reader.Read(b)
}

// ReadDir implements [fs.ReadDirFile].
func (f *file) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.read {
		all, err := f.reader.v.list(f.node)
		if err != nil {
			return nil, err
		}
		f.listed, f.read = all, true
	}
	some := f.listed
	if n > 0 {
		some = some[:min(n, len(some))]
	}
	f.listed = f.listed[len(some):]
	out := make([]fs.DirEntry, len(some))
	for i, e := range some {
		out[i] = fs.FileInfoToDirEntry(info{e})
	}
	if n > 0 && len(out) == 0 {
		return nil, io.EOF
	}
	return out, nil
}

// An info tells of a file. Sticks' dates are not read: no clock may be told by
// one.
type info struct{ of node }

func (i info) Name() string       { return i.of.name }
func (i info) Size() int64        { return i.of.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.of.dir }
func (i info) Sys() any           { return nil }

// Mode is that of a file that anybody may read and nobody may run.
func (i info) Mode() fs.FileMode {
	if i.of.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
