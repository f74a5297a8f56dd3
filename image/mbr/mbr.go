// Package mbr writes the partition table of a card: the first sector, as
// every board's firmware reads it.
//
// Source: the "classical" master boot record, as in UEFI Specification 2.10,
// section 5.2.1.
package mbr

import (
	"encoding/binary"
	"fmt"
)

// Sector is what addresses are counted in, in bytes.
const Sector = 512

// Align is where partitions begin and end, in sectors: 4 MiB, at least an
// erase block of most cards.
const Align = 4 << 20 / Sector

// Types of partitions.
const (
	FAT32 = 0x0c // with addresses of sectors
	Linux = 0x83
)

const (
	most  = 4   // partitions
	table = 446 // where they stand
	entry = 16  // bytes of each
	// far stands for an address in cylinders that cannot be written so.
	far = "\xfe\xff\xff"
)

// A Partition is a part of a card; Start and Count are sectors.
type Partition struct {
	Type         byte
	Start, Count uint32
}

// Record returns the first sector of a card with these partitions, one to
// four. The id is the disk's number, by which Linux names the partitions.
//
// The error names a partition that is not aligned, is empty, ends behind the
// last sector that can be addressed or overlaps the one before it.
func Record(id uint32, parts []Partition) ([]byte, error) {
	if len(parts) == 0 || len(parts) > most {
		return nil, fmt.Errorf("mbr: %d partitions; there can be 1 to %d", len(parts), most)
	}
	b := make([]byte, Sector)
	binary.LittleEndian.PutUint32(b[440:], id)
	end := uint32(Align)
	for i, p := range parts {
		if p.Start%Align != 0 || p.Count == 0 || p.Count%Align != 0 {
			return nil, fmt.Errorf("mbr: partition %d at %d of %d sectors is empty or not a multiple of %d", i+1, p.Start, p.Count, Align)
		}
		if p.Start < end || p.Start+p.Count < p.Start {
			return nil, fmt.Errorf("mbr: partition %d at %d of %d sectors overlaps another or the end", i+1, p.Start, p.Count)
		}
		end = p.Start + p.Count
		e := b[table+i*entry:]
		copy(e[1:], far)
		e[4] = p.Type
		copy(e[5:], far)
		binary.LittleEndian.PutUint32(e[8:], p.Start)
		binary.LittleEndian.PutUint32(e[12:], p.Count)
	}
	b[510], b[511] = 0x55, 0xaa
	return b, nil
}
