package stick

import (
	"encoding/binary"
	"io"
	"math"

	"badgekiosk/verify/reason"
)

// exfat opens an exFAT volume. boot is its first sector. ok is false if it is
// none.
//
// Source: Microsoft exFAT file system specification, revision 1.00.
func exfat(disk io.ReaderAt, boot []byte) (v *volume, ok bool, err error) {
	if string(boot[3:11]) != "EXFAT   " {
		return nil, false, nil
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(boot[at:]) }
	sectorShift, clusterShift := boot[108], boot[109]
	if sectorShift < 9 || sectorShift > 12 || clusterShift > 25-sectorShift {
		return nil, true, reason.Errorf(reason.HStick, "damaged: sectors of 2^%d bytes, clusters of 2^%d sectors", sectorShift, clusterShift)
	}
	v = &volume{
		disk:     disk,
		cluster:  1 << (sectorShift + clusterShift),
		heap:     int64(u32(88)) << sectorShift,
		clusters: u32(92),
		root:     node{dir: true, first: u32(96)},
		entries:  exfatEntries,
	}
	t := &table{disk: disk, start: int64(u32(80)) << sectorShift, size: int64(u32(84)) << sectorShift, held: noTable}
	v.next = t.link32(math.MaxUint32, 0xFFFF_FFF7)
	return v, true, nil
}

// Types of exFAT folder entries. One that is not in use has the top bit clear.
const (
	fileEntry   = 0x85
	streamEntry = 0xC0
	nameEntry   = 0xC1
)

// exfatEntries decodes a folder of exFAT: sets of one file entry, one stream
// entry and the name in pieces.
func exfatEntries(folder []byte) (out []node) {
	for at := 0; at+entrySize <= len(folder) && folder[at] != 0; at += entrySize {
		e := folder[at:]
		more := int(e[1])
		if e[0] != fileEntry || more < 2 || len(e) < (more+1)*entrySize {
			continue
		}
		if n, ok := exfatSet(e[:(more+1)*entrySize]); ok {
			out = append(out, n)
			at += more * entrySize
		}
	}
	return out
}

// exfatSet decodes the entries of one file.
func exfatSet(set []byte) (n node, ok bool) {
	sum := uint16(0)
	for i, c := range set {
		if i != 2 && i != 3 {
			sum = (sum>>1 | sum<<15) + uint16(c)
		}
	}
	stream := set[entrySize : 2*entrySize]
	if sum != binary.LittleEndian.Uint16(set[2:]) || stream[0] != streamEntry {
		return n, false
	}
	var name []uint16
	for rest := set[2*entrySize:]; len(rest) > 0 && rest[0] == nameEntry; rest = rest[entrySize:] {
		for at := 2; at < entrySize; at += 2 {
			name = append(name, binary.LittleEndian.Uint16(rest[at:]))
		}
	}
	size, valid := binary.LittleEndian.Uint64(stream[24:]), binary.LittleEndian.Uint64(stream[8:])
	if int(stream[3]) > len(name) || size > math.MaxInt64 || valid > size {
		return n, false
	}
	n = node{
		name:  fromUTF16(name[:stream[3]]),
		dir:   binary.LittleEndian.Uint16(set[4:])&isFolder != 0,
		size:  int64(size),
		valid: int64(valid),
		first: binary.LittleEndian.Uint32(stream[20:]),
		whole: stream[1]&2 != 0,
	}
	if n.dir && n.first < 2 {
		return n, false
	}
	return n, plain(n.name)
}
