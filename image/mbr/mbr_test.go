package mbr

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestRecord holds the sector to one written by hand.
func TestRecord(t *testing.T) {
	got, err := Record(0x12345678, []Partition{{FAT32, 8192, 8192}, {Linux, 16384, 65536}})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 512)
	copy(want[440:], "\x78\x56\x34\x12")
	copy(want[446:], "\x00\xfe\xff\xff\x0c\xfe\xff\xff\x00\x20\x00\x00\x00\x20\x00\x00")
	copy(want[462:], "\x00\xfe\xff\xff\x83\xfe\xff\xff\x00\x40\x00\x00\x00\x00\x01\x00")
	copy(want[510:], "\x55\xaa")
	if !bytes.Equal(got, want) {
		t.Errorf("got % x\nwant % x", got[440:], want[440:])
	}
}

// TestTool has sfdisk read it, where it is installed.
func TestTool(t *testing.T) {
	tool, err := exec.LookPath("sfdisk")
	if err != nil {
		t.Log("sfdisk is not installed: only the sector written by hand was asked")
		return
	}
	b, err := Record(7, []Partition{{FAT32, 8192, 8192}, {Linux, 16384, 8192}})
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(disk, append(b, make([]byte, 24576*Sector-len(b))...), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "--verify", disk).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("No errors detected")) {
		t.Errorf("sfdisk --verify: %v\n%s", err, out)
	}
}

func TestRefused(t *testing.T) {
	for name, parts := range map[string][]Partition{
		"none":         {},
		"five":         make([]Partition, 5),
		"not aligned":  {{FAT32, 8193, 8192}},
		"empty":        {{FAT32, 8192, 0}},
		"on the table": {{FAT32, 0, 8192}},
		"overlapping":  {{FAT32, 8192, 16384}, {FAT32, 16384, 8192}},
		"too far":      {{FAT32, math.MaxUint32 / Align * Align, 2 * Align}},
	} {
		if _, err := Record(1, parts); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}
