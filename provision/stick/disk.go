// Package stick reads a USB stick: the files at its top that may be for this
// kiosk, copied into memory so that the stick can be pulled.
//
// It reads FAT and exFAT itself, from the bytes of the device. Nothing is
// mounted: no privilege is needed, no code of the kernel's meets what a
// stranger's stick holds, nothing on it can be run or written, and a stick
// that answers nonsense costs one process that can be ended.
package stick

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"

	"badgekiosk/verify/reason"
)

// maxParts is how many partitions of a disk are looked at.
const maxParts = 16

// Volumes are the file systems on a disk: those in its partitions, or the one
// that takes the whole disk.
//
// The error is H-FORMAT if there is none that can be read, H-STICK if the
// disk stops answering.
func Volumes(disk io.ReaderAt) ([]fs.FS, error) {
	boot, err := firstSector(disk, 0)
	if err != nil {
		return nil, err
	}
	if v, err := open(disk, boot); err != nil {
		return nil, err
	} else if v != nil {
		return []fs.FS{v}, nil
	}
	var found []fs.FS
	var fault error
	for _, p := range parts(disk, boot) {
		section := io.NewSectionReader(disk, p.start, p.size)
		boot, err := firstSector(section, 0)
		if err == nil {
			var v *volume
			if v, err = open(section, boot); v != nil && err == nil {
				found = append(found, v)
			}
		}
		fault = errors.Join(fault, err)
	}
	if len(found) > 0 {
		return found, nil
	}
	if fault != nil {
		return nil, fault
	}
	return nil, reason.Errorf(reason.HFormat, "there is no FAT32 or exFAT on this stick")
}

// open opens the file system whose first sector is boot, nil if it is none of
// ours.
func open(disk io.ReaderAt, boot []byte) (*volume, error) {
	if boot[510] != 0x55 || boot[511] != 0xAA {
		return nil, nil
	}
	for _, kind := range []func(io.ReaderAt, []byte) (*volume, bool, error){exfat, fat} {
		if v, ok, err := kind(disk, boot); ok {
			return v, err
		}
	}
	return nil, nil
}

func firstSector(disk io.ReaderAt, at int64) ([]byte, error) {
	b := make([]byte, sector)
	if n, err := disk.ReadAt(b, at); n < sector {
		return nil, reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", noEOF(err))
	}
	return b, nil
}

// A part is a partition, in bytes.
type part struct{ start, size int64 }

// parts are a disk's partitions by its table, MBR or GPT.
//
// Sources: UEFI specification 2.10, sections 5.2 and 5.3.
func parts(disk io.ReaderAt, boot []byte) (out []part) {
	if boot[510] != 0x55 || boot[511] != 0xAA {
		return nil
	}
	for at := 446; at < 510; at += 16 {
		e := boot[at : at+16]
		if e[4] == 0xEE { // a GPT stands behind
			return gpt(disk)
		}
		start, size := binary.LittleEndian.Uint32(e[8:]), binary.LittleEndian.Uint32(e[12:])
		if e[4] != 0 && start > 0 && size > 0 {
			out = append(out, part{int64(start) * sector, int64(size) * sector})
		}
	}
	return out
}

// gpt reads the table after the first sector.
func gpt(disk io.ReaderAt) (out []part) {
	for _, size := range []int64{512, 4096} { // of a sector: the signature tells
		head, err := firstSector(disk, size)
		if err != nil || string(head[:8]) != "EFI PART" {
			continue
		}
		at := int64(binary.LittleEndian.Uint64(head[72:])) * size
		step := int64(binary.LittleEndian.Uint32(head[84:]))
		if at <= 0 || step < 128 || step > sector {
			return nil
		}
		e := make([]byte, 128)
		for range maxParts {
			if n, _ := disk.ReadAt(e, at); n < len(e) {
				return out
			}
			at += step
			first, last := binary.LittleEndian.Uint64(e[32:]), binary.LittleEndian.Uint64(e[40:])
			if first > 0 && last >= first && last < 1<<40 {
				out = append(out, part{int64(first) * size, int64(last-first+1) * size})
			}
		}
		return out
	}
	return nil
}
