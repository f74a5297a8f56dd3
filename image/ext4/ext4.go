// Package ext4 writes an empty ext4 file system, for what a board remembers:
// with a journal, so that losing power leaves it as it last was.
//
// The same size and label make the same bytes. It has one block group, which
// bounds its size.
//
// Source: Linux, Documentation/filesystems/ext4, "Data Structures".
package ext4

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

const (
	block     = 4096
	perGroup  = 8 * block // blocks of a group: the bits of one bitmap
	inodeSize = 256
	perInode  = 16384 // bytes of the volume for each inode
	journal   = 1024  // blocks, the fewest that Linux takes

	rootInode, journalInode, foundInode = 2, 8, 11 // foundInode is lost+found

	blockMap, inodeMap, inodeTable = 2, 3, 4 // where they are, in blocks
)

// The smallest and largest volumes, in bytes.
const (
	MinSize = 8 << 20
	MaxSize = perGroup * block // 128 MiB
)

// maxLabel is the longest label, in bytes.
const maxLabel = 16

var le = binary.LittleEndian

// A volume is where everything of one is.
type volume struct {
	label                      string
	blocks, inodes             uint32
	root, found, journal, free uint32 // blocks
	id                         [16]byte
}

// Write writes an empty file system of size bytes to the beginning of to,
// which must read as zeros up to there. Its root folder belongs to root and
// nobody else may look inside.
func Write(to io.WriterAt, size int64, label string) error {
	if size < MinSize || size > MaxSize || size%block != 0 {
		return fmt.Errorf("ext4: a volume of %d bytes; it must have %d to %d, a multiple of %d", size, MinSize, MaxSize, block)
	}
	if len(label) > maxLabel {
		return fmt.Errorf("ext4: label %q is longer than %d bytes", label, maxLabel)
	}
	v := volume{label: label, blocks: uint32(size / block), inodes: uint32(size / perInode)}
	v.root = inodeTable + v.inodes*inodeSize/block
	v.found, v.journal = v.root+1, v.root+2
	v.free = v.journal + journal
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", label, size))
	copy(v.id[:], sum[:])
	v.id[6], v.id[8] = v.id[6]&0x0f|0x80, v.id[8]&0x3f|0x80 // RFC 9562, version 8
	for _, p := range []struct {
		at   int64
		data []byte
	}{
		{1024, v.super()},
		{1 * block, v.group()},
		{blockMap * block, bitmap(v.free, v.blocks)},
		{inodeMap * block, bitmap(foundInode, v.inodes)},
		{inodeTable * block, v.table()},
		{int64(v.root) * block, folder(rootInode, rootInode, "lost+found", foundInode)},
		{int64(v.found) * block, folder(foundInode, rootInode, "", 0)},
		{int64(v.journal) * block, v.log()},
	} {
		if _, err := to.WriteAt(p.data, p.at); err != nil {
			return err
		}
	}
	return nil
}

// super is the super block.
func (v volume) super() []byte {
	b := make([]byte, 1024)
	for at, n := range map[int]uint32{
		0: v.inodes, 4: v.blocks, 12: v.blocks - v.free, 16: v.inodes - foundInode,
		24: 2, 28: 2, // blocks and clusters of 1024 << 2 bytes
		32: perGroup, 36: perGroup, 40: v.inodes,
		76: 1, // revision with the fields below
		84: foundInode, 88: inodeSize,
		92:  0x04,               // has a journal
		96:  0x02 | 0x40,        // types in folders, extents
		100: 0x01 | 0x02 | 0x40, // sparse super blocks, large files, large inodes
		224: journalInode,
		352: 1, // hashes of signed characters
	} {
		le.PutUint32(b[at:], n)
	}
	le.PutUint16(b[54:], 0xffff) // no check after so many mounts
	le.PutUint16(b[56:], 0xef53)
	le.PutUint16(b[58:], 1) // closed properly
	le.PutUint16(b[60:], 2) // on errors, read only
	copy(b[104:], v.id[:])
	copy(b[120:120+maxLabel], v.label)
	copy(b[236:], v.id[:]) // seed of folders' hashes
	b[252], b[253] = 1, 1  // half MD4; the journal's place is kept below, too
	copy(b[268:], v.extent(v.journal, journal))
	le.PutUint32(b[268+16*4:], journal*block)
	le.PutUint16(b[348:], 32)
	le.PutUint16(b[350:], 32)
	return b
}

// group describes the only group.
func (v volume) group() []byte {
	b := make([]byte, 32)
	le.PutUint32(b, blockMap)
	le.PutUint32(b[4:], inodeMap)
	le.PutUint32(b[8:], inodeTable)
	le.PutUint16(b[12:], uint16(v.blocks-v.free))
	le.PutUint16(b[14:], uint16(v.inodes-foundInode))
	le.PutUint16(b[16:], 2) // folders
	return b
}

// bitmap has the first used of count bits set, and those that stand for
// nothing behind count.
func bitmap(used, count uint32) []byte {
	b := make([]byte, block)
	for i := range uint32(perGroup) {
		if i < used || i >= count {
			b[i/8] |= 1 << (i % 8)
		}
	}
	return b
}

// table has the inodes that are in use.
func (v volume) table() []byte {
	b := make([]byte, foundInode*inodeSize)
	v.inode(b, rootInode, 0o40700, 3, v.root, 1)
	v.inode(b, journalInode, 0o100600, 1, v.journal, journal)
	v.inode(b, foundInode, 0o40700, 2, v.found, 1)
	return b
}

func (v volume) inode(table []byte, n int, mode, links uint16, start, count uint32) {
	b := table[(n-1)*inodeSize:]
	le.PutUint16(b, mode)
	le.PutUint32(b[4:], count*block)
	le.PutUint16(b[26:], links)
	le.PutUint32(b[28:], count*block/512)
	le.PutUint32(b[32:], 0x80000) // by extents
	copy(b[40:], v.extent(start, count))
	le.PutUint16(b[128:], 32)
}

// extent is a tree of one run of blocks.
func (volume) extent(start, count uint32) []byte {
	b := make([]byte, 60)
	le.PutUint16(b, 0xf30a)
	le.PutUint16(b[2:], 1)
	le.PutUint16(b[4:], 4)
	le.PutUint16(b[16:], uint16(count))
	le.PutUint32(b[20:], start)
	return b
}

// folder is a block with ".", ".." and at most one folder more.
func folder(self, parent uint32, name string, inode uint32) []byte {
	b := make([]byte, block)
	at := 0
	put := func(inode uint32, name string, length int) {
		le.PutUint32(b[at:], inode)
		le.PutUint16(b[at+4:], uint16(length))
		b[at+6], b[at+7] = byte(len(name)), 2
		copy(b[at+8:], name)
		at += length
	}
	put(self, ".", 12)
	if name == "" {
		put(parent, "..", block-at)
		return b
	}
	put(parent, "..", 12)
	put(inode, name, block-at)
	return b
}

// log is the super block of an empty journal, version 2.
// Source: "Journal (jbd2)"; its numbers are big endian.
func (volume) log() []byte {
	b := make([]byte, 1024)
	for at, n := range map[int]uint32{0: 0xc03b3998, 4: 4, 12: block, 16: journal, 20: 1, 24: 1, 64: 1} {
		binary.BigEndian.PutUint32(b[at:], n)
	}
	return b
}
