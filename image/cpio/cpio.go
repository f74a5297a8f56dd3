// Package cpio writes the archive that Linux unpacks into its first root
// folder: the initramfs.
//
// The same files make the same bytes: owners are root, dates are zero and
// inode numbers count up.
//
// Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst
// (the "newc" format, magic 070701).
package cpio

import (
	"bytes"
	"fmt"
	"path"
)

// A File is one member of an archive. Mode has the type's bits of stat(2)
// too; see [Dir], [Regular] and [Device].
type File struct {
	Name         string // a clean relative path with slashes
	Mode         uint32
	Data         []byte
	Major, Minor uint32 // of a device
}

// Types of files, as stat(2) has them.
const (
	Dir     = 0o040000
	Regular = 0o100000
	Device  = 0o020000 // a character device
)

const (
	magic   = "070701"
	align   = 4
	trailer = "TRAILER!!!"
	// maxData is the largest member, in bytes: the kernel keeps all of it in
	// memory, and the boards have 512 MB.
	maxData = 256 << 20
)

// Archive returns the archive of files in their order, in which a folder
// stands before what is in it.
//
// The error names a file whose path is not clean, whose folder is not there
// or that has data without being a regular file.
func Archive(files []File) ([]byte, error) {
	var b bytes.Buffer
	folders := map[string]bool{".": true}
	seen := map[string]bool{}
	for i, f := range files {
		if err := check(f, folders); err != nil {
			return nil, err
		}
		if seen[f.Name] {
			return nil, fmt.Errorf("cpio: %s is there twice", f.Name)
		}
		seen[f.Name] = true
		folders[f.Name] = f.Mode&^0o7777 == Dir
		member(&b, i+1, f)
	}
	member(&b, 0, File{Name: trailer})
	return b.Bytes(), nil
}

func check(f File, folders map[string]bool) error {
	kind := f.Mode &^ 0o7777
	switch {
	case f.Name == "" || f.Name == trailer || path.Clean("/"+f.Name) != "/"+f.Name:
		return fmt.Errorf("cpio: %q is no clean relative path", f.Name)
	case !folders[path.Dir(f.Name)]:
		return fmt.Errorf("cpio: %s: its folder does not stand before it", f.Name)
	case kind != Dir && kind != Regular && kind != Device:
		return fmt.Errorf("cpio: %s: mode %o is no folder, file or character device", f.Name, f.Mode)
	case kind != Regular && len(f.Data) > 0:
		return fmt.Errorf("cpio: %s: only a regular file has data", f.Name)
	case len(f.Data) > maxData:
		return fmt.Errorf("cpio: %s: %d bytes are more than a board can unpack", f.Name, len(f.Data))
	}
	return nil
}

// member appends one file: 13 numbers of 8 hexadecimal digits, its name and
// its data, each of the two padded to four bytes.
func member(b *bytes.Buffer, inode int, f File) {
	links := 1
	if f.Mode&^0o7777 == Dir {
		links = 2
	}
	b.WriteString(magic)
	for _, v := range []uint32{uint32(inode), f.Mode, 0, 0, uint32(links), 0, uint32(len(f.Data)),
		0, 0, f.Major, f.Minor, uint32(len(f.Name) + 1), 0} {
		fmt.Fprintf(b, "%08X", v)
	}
	b.WriteString(f.Name)
	b.WriteByte(0)
	pad(b)
	b.Write(f.Data)
	pad(b)
}

func pad(b *bytes.Buffer) {
	for b.Len()%align != 0 {
		b.WriteByte(0)
	}
}
