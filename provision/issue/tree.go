package issue

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Folder is where a trust folder is written: on disk or in memory.
type Folder interface {
	fs.FS
	// WriteFile puts data at name, a slash-separated path as io/fs has it, in
	// the place of what was there. Directories on the way are made.
	WriteFile(name string, data []byte) error
}

// A Tree is a folder in memory: the contents of files by slash-separated
// path. It must not be written while it is read.
type Tree map[string][]byte

// WriteFile keeps a copy of data.
func (t Tree) WriteFile(name string, data []byte) error {
	if !fs.ValidPath(name) || name == "." {
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrInvalid}
	}
	t[name] = slices.Clone(data)
	return nil
}

// Open implements fs.FS.
func (t Tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := t[name]; ok {
		return &leaf{node{name, int64(len(data))}, strings.NewReader(string(data))}, nil
	}
	entries := t.children(name)
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &branch{node{name, -1}, entries}, nil
}

// children lists the files and folders directly below dir, sorted.
func (t Tree) children(dir string) []fs.DirEntry {
	found := map[string]fs.DirEntry{}
	for name, data := range t {
		rest := name
		if dir != "." {
			below, ok := strings.CutPrefix(name, dir+"/")
			if !ok {
				continue
			}
			rest = below
		}
		first, _, deeper := strings.Cut(rest, "/")
		n := node{path.Join(dir, first), int64(len(data))}
		if deeper {
			n.size = -1
		}
		found[first] = n
	}
	sorted := slices.Sorted(maps.Keys(found))
	entries := make([]fs.DirEntry, len(sorted))
	for i, name := range sorted {
		entries[i] = found[name]
	}
	return entries
}

// A node describes a file, or a folder if its size is negative.
type node struct {
	path string
	size int64
}

func (n node) Name() string               { return path.Base(n.path) }
func (n node) Size() int64                { return max(n.size, 0) }
func (n node) IsDir() bool                { return n.size < 0 }
func (n node) ModTime() time.Time         { return time.Time{} }
func (n node) Sys() any                   { return nil }
func (n node) Type() fs.FileMode          { return n.Mode().Type() }
func (n node) Info() (fs.FileInfo, error) { return n, nil }
func (n node) String() string             { return fs.FormatDirEntry(n) }
func (n node) Mode() fs.FileMode {
	if n.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// A leaf is an open file.
type leaf struct {
	node
	*strings.Reader
}

func (l *leaf) Stat() (fs.FileInfo, error) { return l.node, nil }
func (l *leaf) Close() error               { return nil }
func (l *leaf) Size() int64                { return l.node.Size() }

// A branch is an open folder.
type branch struct {
	node
	left []fs.DirEntry
}

func (b *branch) Stat() (fs.FileInfo, error) { return b.node, nil }
func (b *branch) Close() error               { return nil }
func (b *branch) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: b.path, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (b *branch) ReadDir(n int) ([]fs.DirEntry, error) {
	switch {
	case n <= 0:
		n = len(b.left)
	case len(b.left) == 0:
		return nil, io.EOF
	}
	n = min(n, len(b.left))
	out := b.left[:n:n]
	b.left = b.left[n:]
	return out, nil
}

// A Dir is a folder on disk.
type Dir string

// Open implements fs.FS.
func (d Dir) Open(name string) (fs.File, error) { return os.DirFS(string(d)).Open(name) }

// WriteFile writes beside the file and renames, so that a reader never meets
// half of one.
func (d Dir) WriteFile(name string, data []byte) error {
	if !fs.ValidPath(name) || name == "." {
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrInvalid}
	}
	file := filepath.Join(string(d), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	half := file + ".new"
	if err := os.WriteFile(half, data, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return os.Rename(half, file)
}
