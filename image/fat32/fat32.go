// Package fat32 writes a FAT32 volume: the file system that a board's
// firmware boots from and that every computer opens.
//
// The same files make the same bytes, whatever their order and whenever they
// are written: the volume's serial number comes from the contents, and every
// date is the first that FAT knows. Both copies of the allocation table, the
// backup boot sector and the free counts agree, so a checker finds nothing
// to repair.
//
// Source: Microsoft Extensible Firmware Initiative FAT32 File System
// Specification 1.03 (2000); sections are named where they are used.
package fat32

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	sector      = 512     // bytes
	reserved    = 32      // sectors before the first table: boot, FSInfo, backups
	tables      = 2       // copies of the allocation table
	backup      = 6       // sector of the second boot sector
	first       = 2       // number of the first cluster
	minClusters = 65525   // fewer, and a reader takes the volume for FAT16
	maxClusters = 1 << 28 // an entry has 28 bits
	maxPerClust = 8       // sectors in a cluster, at most: 4 KiB, a page
	endOfChain  = 0x0fffffff
	media       = 0xf8      // a fixed disk
	maxFile     = 1<<32 - 1 // bytes, the size field's 32 bits
)

// MinSize is the smallest volume in bytes: below it there are too few
// clusters for FAT32.
const MinSize = 34 << 20

// A File is one file of a volume. Name is its path with slashes; folders come
// into being as they are named.
type File struct {
	Name string
	Data []byte
}

// A Volume says what is to be written.
type Volume struct {
	Label string // at most 11 of A-Z, 0-9, - and _
	Size  int64  // bytes, from MinSize to 2 TiB, rounded down to a sector
	Start uint32 // sectors before it on the disk, 0 where it has no partition
}

// Write writes the volume with files to the beginning of to, which must read
// as zeros up to Size: only what is not zero is written.
//
// The error names a file whose name FAT cannot hold or that is there twice,
// or says by how much the files are too large for the volume. Nothing has
// been written then, unless the error is that of to.
func (v Volume) Write(to io.WriterAt, files []File) error {
	g, err := v.geometry()
	if err != nil {
		return err
	}
	if err := v.checkLabel(); err != nil {
		return err
	}
	root, err := plant(files)
	if err != nil {
		return err
	}
	w := writer{geometry: g, to: to, next: first}
	w.place(root)
	if free := int64(g.clusters) + first - w.next; free < 0 {
		return fmt.Errorf("fat32: the files need %d bytes more than volume %s has", -free*g.cluster(), v.Label)
	}
	w.write(root, 0, v.Label)
	w.head(v, serial(files))
	return w.err
}

// checkLabel refuses a label that not every system shows as it was written.
func (v Volume) checkLabel() error {
	if len(v.Label) == 0 || len(v.Label) > 11 {
		return fmt.Errorf("fat32: label %q is not 1 to 11 characters", v.Label)
	}
	for _, r := range v.Label {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return fmt.Errorf("fat32: label %q has %q; use A-Z, 0-9, - and _", v.Label, r)
		}
	}
	return nil
}

// A geometry is how a volume is cut up. All are counts of sectors but
// clusters.
type geometry struct {
	total, perCluster, table, clusters uint32
}

func (g geometry) cluster() int64 { return int64(g.perCluster) * sector }

// geometry chooses the largest cluster that still leaves enough of them.
func (v Volume) geometry() (geometry, error) {
	if v.Size < MinSize || v.Size/sector > math.MaxUint32 {
		return geometry{}, fmt.Errorf("fat32: a volume of %d bytes; it must have %d to %d", v.Size, MinSize, int64(math.MaxUint32)*sector)
	}
	for per := uint32(maxPerClust); per > 0; per /= 2 {
		g := geometry{total: uint32(v.Size / sector), perCluster: per}
		// Each cluster costs per sectors and an entry of four bytes in each table.
		entries := uint64(g.total-reserved)/uint64(per) + first
		g.table = uint32((entries*4 + sector - 1) / sector)
		g.clusters = (g.total - reserved - tables*g.table) / per
		if g.clusters >= minClusters && g.clusters < maxClusters {
			return g, nil
		}
	}
	return geometry{}, errors.New("fat32: no cluster size fits") // more than 1 TiB
}

// A writer puts a planted tree onto to, and remembers the first error.
type writer struct {
	geometry
	to   io.WriterAt
	next int64 // the first cluster that is free
	fat  []byte
	err  error
}

func (w *writer) at(offset int64, data []byte) {
	if w.err == nil && len(data) > 0 {
		_, w.err = w.to.WriteAt(data, offset)
	}
}

// offset is where a cluster begins, in bytes.
func (w *writer) offset(cluster int64) int64 {
	return (reserved+tables*int64(w.table))*sector + (cluster-first)*w.cluster()
}

// head writes the boot sector, FSInfo, their backups and the tables.
func (w *writer) head(v Volume, id uint32) {
	boot, info := w.boot(v, id), w.info()
	for _, at := range []int64{0, backup} {
		w.at(at*sector, boot)
		w.at((at+1)*sector, info)
		w.at((at+2)*sector, signed(make([]byte, sector)))
	}
	for i := range int64(tables) {
		w.at((reserved+i*int64(w.table))*sector, w.fat)
	}
}

// boot is the boot sector. Source: section "Boot Sector and BPB".
func (w *writer) boot(v Volume, id uint32) []byte {
	b := make([]byte, sector)
	le := binary.LittleEndian
	copy(b, "\xeb\x58\x90MSWIN4.1")
	le.PutUint16(b[11:], sector)
	b[13] = byte(w.perCluster)
	le.PutUint16(b[14:], reserved)
	b[16], b[21] = tables, media
	le.PutUint16(b[24:], 63) // sectors per track and heads, which nothing has had for long
	le.PutUint16(b[26:], 255)
	le.PutUint32(b[28:], v.Start)
	le.PutUint32(b[32:], w.total)
	le.PutUint32(b[36:], w.table)
	le.PutUint32(b[44:], first) // the root folder's cluster
	le.PutUint16(b[48:], 1)     // FSInfo
	le.PutUint16(b[50:], backup)
	b[64], b[66] = 0x80, 0x29
	le.PutUint32(b[67:], id)
	copy(b[71:82], padded(v.Label))
	copy(b[82:], "FAT32   ")
	return signed(b)
}

// info is FSInfo: how many clusters are free and where they begin.
func (w *writer) info() []byte {
	b := make([]byte, sector)
	le := binary.LittleEndian
	copy(b, "RRaA")
	copy(b[484:], "rrAa")
	free := uint32(int64(w.clusters) + first - w.next)
	le.PutUint32(b[488:], free)
	le.PutUint32(b[492:], uint32(w.next))
	if free == 0 {
		le.PutUint32(b[492:], math.MaxUint32) // not known
	}
	return signed(b)
}

func signed(b []byte) []byte {
	b[510], b[511] = 0x55, 0xaa
	return b
}
