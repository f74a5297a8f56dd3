// Package tree is a folder of files in memory: what a bundle unpacks to, and
// what a trust folder is while it is made.
package tree

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Files is a tree of files in memory, by slash-separated path. It is an
// [fs.FS] with folders.
type Files map[string][]byte

// Open implements [fs.FS].
func (f Files) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := f[name]; ok {
		return &file{Reader: bytes.NewReader(data), info: info{path.Base(name), int64(len(data)), false}}, nil
	}
	entries := f.entries(name)
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &folder{info: info{path.Base(name), 0, true}, entries: entries}, nil
}

// An indexed tree knows its folders, for trees of many thousand files.
type indexed struct {
	files   Files
	folders map[string][]fs.DirEntry // sorted by name
}

// Index is the same tree, which must not change, with its folders known.
func (f Files) Index() fs.FS {
	x := &indexed{f, map[string][]fs.DirEntry{".": nil}}
	for name, data := range f {
		x.add(path.Dir(name), fs.FileInfoToDirEntry(info{path.Base(name), int64(len(data)), false}))
	}
	for _, entries := range x.folders {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return x
}

// add enters e into folder, and folder into the one above when it is new.
func (x *indexed) add(folder string, e fs.DirEntry) {
	_, known := x.folders[folder]
	x.folders[folder] = append(x.folders[folder], e)
	if !known {
		x.add(path.Dir(folder), fs.FileInfoToDirEntry(info{path.Base(folder), 0, true}))
	}
}

// Open implements [fs.FS].
func (x *indexed) Open(name string) (fs.File, error) {
	if _, ok := x.files[name]; ok {
		return x.files.Open(name)
	}
	entries, ok := x.folders[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &folder{info: info{path.Base(name), 0, true}, entries: entries}, nil
}

// entries are the files and folders directly in the folder name.
func (f Files) entries(name string) []fs.DirEntry {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	found := map[string]fs.DirEntry{}
	for p, data := range f {
		rest, ok := strings.CutPrefix(p, prefix)
		if !ok {
			continue
		}
		base, _, deeper := strings.Cut(rest, "/")
		i := info{base, int64(len(data)), deeper}
		if deeper {
			i.size = 0
		}
		found[base] = fs.FileInfoToDirEntry(i)
	}
	out := make([]fs.DirEntry, 0, len(found))
	for _, e := range found {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out
}

type file struct {
	*bytes.Reader
	info info
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

type folder struct {
	info    info
	entries []fs.DirEntry
}

func (d *folder) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *folder) Close() error               { return nil }
func (d *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.entries) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.entries) {
		n = len(d.entries)
	}
	out := d.entries[:n:n] // an append to it must not reach the next entries
	d.entries = d.entries[n:]
	return out, nil
}

type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
