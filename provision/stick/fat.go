package stick

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"badgekiosk/verify/reason"
)

const (
	sector    = 512 // bytes of the boot sector that count
	entrySize = 32  // bytes of one folder entry, in FAT and exFAT
	noTable   = -1
)

// fat opens a FAT12, FAT16 or FAT32 volume. boot is its first sector. ok is
// false if it is none.
//
// Source: Microsoft Extensible Firmware Initiative FAT32 File System
// Specification, version 1.03.
func fat(disk io.ReaderAt, boot []byte) (v *volume, ok bool, err error) {
	u16 := func(at int) int64 { return int64(binary.LittleEndian.Uint16(boot[at:])) }
	u32 := func(at int) int64 { return int64(binary.LittleEndian.Uint32(boot[at:])) }
	sectorSize, perCluster := u16(11), int64(boot[13])
	reserved, tables, rootEntries := u16(14), int64(boot[16]), u16(17)
	tableSectors, sectors := u16(22), u16(19)
	wide := tableSectors == 0
	if wide {
		tableSectors = u32(36)
	}
	if sectors == 0 {
		sectors = u32(32)
	}
	if !powerOfTwo(sectorSize, 512, 4096) || !powerOfTwo(perCluster, 1, 128) ||
		reserved == 0 || tables == 0 || tables > 2 || tableSectors == 0 || boot[0] != 0xEB && boot[0] != 0xE9 {
		return nil, false, nil
	}
	rootBytes := rootEntries * entrySize
	rootAt := (reserved + tables*tableSectors) * sectorSize
	heap := rootAt + (rootBytes+sectorSize-1)/sectorSize*sectorSize
	clusters := (sectors*sectorSize - heap) / (sectorSize * perCluster)
	if clusters <= 0 || clusters > 0x0FFF_FFF5 {
		return nil, false, nil
	}
	v = &volume{disk: disk, cluster: sectorSize * perCluster, heap: heap, clusters: uint32(clusters), entries: fatEntries}
	t := &table{disk: disk, start: reserved * sectorSize, size: tableSectors * sectorSize, held: noTable}
	switch {
	case wide:
		v.next = t.link32(0x0FFF_FFFF, 0x0FFF_FFF8)
		v.root = node{dir: true, first: uint32(u32(44))}
		return v, true, nil
	case clusters < 4085:
		v.next = t.link12
	default:
		v.next = t.link16
	}
	v.root, v.flat = node{dir: true}, make([]byte, rootBytes)
	if n, err := disk.ReadAt(v.flat, rootAt); n < len(v.flat) {
		return nil, true, reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", noEOF(err))
	}
	return v, true, nil
}

func powerOfTwo(n, from, to int64) bool { return n >= from && n <= to && n&(n-1) == 0 }

func (t *table) link16(c uint32) (uint32, bool, error) {
	b, err := t.bytes(int64(c)*2, 2)
	n := uint32(binary.LittleEndian.Uint16(b[:]))
	return n, n < 0xFFF8, err
}

func (t *table) link12(c uint32) (uint32, bool, error) {
	b, err := t.bytes(int64(c)*3/2, 2)
	n := uint32(binary.LittleEndian.Uint16(b[:]))
	if c%2 == 1 {
		n >>= 4
	}
	n &= 0xFFF
	return n, n < 0xFF8, err
}

// Attributes of a FAT entry.
const (
	isLabel  = 0x08
	isFolder = 0x10
	isLong   = 0x0F
)

// fatEntries decodes a folder of FAT.
func fatEntries(folder []byte) (out []node) {
	var long longName
	for ; len(folder) >= entrySize; folder = folder[entrySize:] {
		e := folder[:entrySize]
		switch {
		case e[0] == 0: // nothing after it
			return out
		case e[0] == 0xE5: // deleted
			long = longName{}
			continue
		case e[11]&0x3F == isLong:
			long.add(e)
			continue
		}
		name := long.of(e)
		long = longName{}
		if e[11]&isLabel != 0 || !plain(name) {
			continue
		}
		n := node{name: name, dir: e[11]&isFolder != 0, size: int64(binary.LittleEndian.Uint32(e[28:]))}
		n.valid = n.size
		n.first = uint32(binary.LittleEndian.Uint16(e[20:]))<<16 | uint32(binary.LittleEndian.Uint16(e[26:]))
		if n.dir {
			n.size, n.valid = 0, 0
			if n.first < 2 {
				continue // would be the root again
			}
		}
		out = append(out, n)
	}
	return out
}

// plain tells whether a name can be that of a file in a folder.
func plain(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00")
}

// A longName is gathered from the entries before the one it belongs to.
type longName struct {
	units []uint16
	want  byte // the number of the entry that must come next; 0 when whole
	sum   byte
}

// add takes one entry of a long name; they come last part first.
func (l *longName) add(e []byte) {
	if e[0]&0x40 != 0 {
		*l = longName{want: e[0] & 0x3F, sum: e[13]}
	}
	if n := e[0] & 0x3F; n == 0 || n != l.want || e[13] != l.sum {
		*l = longName{}
		return
	}
	l.want--
	var part []uint16
	for _, span := range [][2]int{{1, 11}, {14, 26}, {28, 32}} {
		for at := span[0]; at < span[1]; at += 2 {
			part = append(part, binary.LittleEndian.Uint16(e[at:]))
		}
	}
	l.units = append(part, l.units...)
}

// of is the name of the file whose short entry is e.
func (l *longName) of(e []byte) string {
	sum := byte(0)
	for _, c := range e[:11] {
		sum = sum>>1 | sum<<7
		sum += c
	}
	if l.want == 0 && len(l.units) > 0 && l.sum == sum {
		return fromUTF16(l.units)
	}
	base, ext := strings.TrimRight(string(e[:8]), " "), strings.TrimRight(string(e[8:11]), " ")
	if e[12]&0x08 != 0 {
		base = strings.ToLower(base)
	}
	if e[12]&0x10 != 0 {
		ext = strings.ToLower(ext)
	}
	if ext != "" {
		base += "." + ext
	}
	return strings.ToValidUTF8(base, "_")
}

// fromUTF16 is a name up to its end, with a sign for what is no character.
func fromUTF16(units []uint16) string {
	for i, u := range units {
		if u == 0 {
			units = units[:i]
			break
		}
	}
	return string(utf16.Decode(units))
}
