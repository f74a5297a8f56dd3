package fat32

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

const (
	attrLabel = 0x08
	attrDir   = 0x10
	attrFile  = 0x20
	entrySize = 32
	date1980  = 1<<5 | 1 // 1 January 1980, FAT's first day
	maxFolder = 1 << 16  // entries of a folder
)

// A node is a file or a folder and where on the volume it begins.
type node struct {
	name    string
	short   string // 11 characters
	data    []byte // of a file
	folder  bool
	within  []*node
	cluster int64
	size    int64 // bytes that it takes up
}

// plant makes the tree of files, in the order of their names.
func plant(files []File) (*node, error) {
	root := &node{folder: true}
	for _, f := range sorted(files) {
		if int64(len(f.Data)) > maxFile {
			return nil, fmt.Errorf("fat32: %s has %d bytes, more than FAT32 can count", f.Name, len(f.Data))
		}
		at := root
		parts := strings.Split(f.Name, "/")
		for i, part := range parts {
			if err := checkName(part); err != nil {
				return nil, fmt.Errorf("fat32: %q: %w", f.Name, err)
			}
			last := i == len(parts)-1
			child := at.find(part)
			switch {
			case child == nil:
				child = &node{name: part, folder: !last}
				at.within = append(at.within, child)
			case last || !child.folder || child.name != part:
				return nil, fmt.Errorf("fat32: %q and another file have the same name", f.Name)
			}
			at = child
		}
		at.data, at.size = f.Data, int64(len(f.Data))
	}
	return root, root.measure(true)
}

// find looks for a name as FAT compares them: without case.
func (n *node) find(name string) *node {
	for _, c := range n.within {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return nil
}

// measure gives everything in a folder its short name and counts the bytes
// of its entries.
func (n *node) measure(root bool) error {
	entries := 2 // "." and "..", or the label
	if root {
		entries = 1
	}
	taken := map[string]bool{}
	for _, c := range n.within {
		var err error
		if c.short, err = shorten(c.name, taken); err != nil {
			return err
		}
		taken[c.short] = true
		entries += 1 + longEntries(c.name, c.short)
		if c.folder {
			if err := c.measure(false); err != nil {
				return err
			}
		}
	}
	if entries > maxFolder {
		return fmt.Errorf("fat32: folder %q has too many files", n.name)
	}
	n.size = int64(entries) * entrySize
	return nil
}

// place gives n and all below it their clusters, one after the other.
func (w *writer) place(n *node) {
	if n.size == 0 {
		return // an empty file has no cluster
	}
	n.cluster = w.next
	w.next += (n.size + w.cluster() - 1) / w.cluster()
	for _, c := range n.within {
		w.place(c)
	}
}

// write writes n, all below it, and their chains in the table.
func (w *writer) write(n *node, parent int64, label string) {
	if w.fat == nil {
		w.fat = make([]byte, int64(w.table)*sector)
		w.link(0, 0x0fffff00|media)
		w.link(1, endOfChain) // closed properly, no errors
	}
	if n.size == 0 {
		return
	}
	data := n.data
	if n.folder {
		data = n.entries(parent, label)
	}
	last := n.cluster + (n.size-1)/w.cluster()
	for c := n.cluster; c < last; c++ {
		w.link(c, uint32(c+1))
	}
	w.link(last, endOfChain)
	w.at(w.offset(n.cluster), data)
	self := n.cluster
	if label != "" {
		self = 0 // ".." of a folder in the root names cluster 0, not 2
	}
	for _, c := range n.within {
		w.write(c, self, "")
	}
}

func (w *writer) link(cluster int64, next uint32) {
	binary.LittleEndian.PutUint32(w.fat[4*cluster:], next)
}

// entries are the bytes of a folder; label is the volume's if n is its root.
func (n *node) entries(parent int64, label string) []byte {
	b := make([]byte, 0, n.size)
	if label != "" {
		b = append(b, entry(padded(label), attrLabel, 0, 0)...)
	} else {
		b = append(b, entry(padded("."), attrDir, n.cluster, 0)...)
		b = append(b, entry(padded(".."), attrDir, parent, 0)...)
	}
	for _, c := range n.within {
		b = append(b, longName(c.name, c.short)...)
		if c.folder {
			b = append(b, entry(c.short, attrDir, c.cluster, 0)...)
		} else {
			b = append(b, entry(c.short, attrFile, c.cluster, c.size)...)
		}
	}
	return b
}

// entry is one of a folder's. Source: section "FAT Directory Structure".
func entry(short string, attr byte, cluster, size int64) []byte {
	b := make([]byte, entrySize)
	le := binary.LittleEndian
	copy(b, short)
	b[11] = attr
	for _, at := range []int{16, 18, 24} { // created, read, written
		le.PutUint16(b[at:], date1980)
	}
	le.PutUint16(b[20:], uint16(cluster>>16))
	le.PutUint16(b[26:], uint16(cluster))
	le.PutUint32(b[28:], uint32(size))
	return b
}

// serial is a volume's number, from everything in it.
func serial(files []File) uint32 {
	all := sha256.New()
	for _, f := range sorted(files) {
		sum := sha256.Sum256(f.Data)
		fmt.Fprintf(all, "%q %x\n", f.Name, sum)
	}
	return binary.BigEndian.Uint32(all.Sum(nil))
}

func sorted(files []File) []File {
	return slices.SortedFunc(slices.Values(files), func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}
