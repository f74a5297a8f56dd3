package issue

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"badgekiosk/provision/tree"
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
func (t Tree) Open(name string) (fs.File, error) { return tree.Files(t).Open(name) }

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
