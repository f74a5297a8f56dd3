package ext4

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

type memory []byte

func (m memory) WriteAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > int64(len(m)) {
		return 0, io.ErrShortWrite
	}
	return copy(m[at:], b), nil
}

// TestCounts holds the free counts to the bitmaps and finds lost+found by
// the road that a kernel takes.
func TestCounts(t *testing.T) {
	for _, size := range []int64{MinSize, 64 << 20, MaxSize} {
		m := make(memory, size)
		if err := Write(m, size, "STATE"); err != nil {
			t.Fatal(err)
		}
		again := make(memory, size)
		if err := Write(again, size, "STATE"); err != nil || !bytes.Equal(m, again) {
			t.Errorf("%d bytes: written twice, they differ (%v)", size, err)
		}
		u32 := func(at int64) uint32 { return binary.LittleEndian.Uint32(m[at:]) }
		for _, c := range []struct{ free, total, bitmap uint32 }{
			{u32(1024 + 12), u32(1024 + 4), u32(4096)}, {u32(1024 + 16), u32(1024), u32(4096 + 4)},
		} {
			var free uint32
			for i := range c.total {
				if m[int64(c.bitmap)*4096+int64(i/8)]>>(i%8)&1 == 0 {
					free++
				}
			}
			if free != c.free {
				t.Errorf("%d bytes: bitmap %d has %d free, the super block says %d", size, c.bitmap, free, c.free)
			}
		}
		root := int64(u32(4096+8))*4096 + 256 // inode 2
		names := m[int64(u32(root+40+20))*4096:]
		if got := string(names[24+8 : 24+18]); got != "lost+found" {
			t.Errorf("%d bytes: the root folder holds %q", size, got)
		}
	}
}

// TestTool has e2fsck look for anything to repair, where it is installed.
func TestTool(t *testing.T) {
	tool, err := exec.LookPath("e2fsck")
	if err != nil {
		tool = "/usr/sbin/e2fsck"
		if _, err := os.Stat(tool); err != nil {
			t.Log("e2fsck is not installed: only our own test looked")
			return
		}
	}
	for _, size := range []int64{MinSize, 64 << 20, MaxSize} {
		m := make(memory, size)
		if err := Write(m, size, "STATE"); err != nil {
			t.Fatal(err)
		}
		disk := filepath.Join(t.TempDir(), "disk")
		if err := os.WriteFile(disk, m, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "-f", "-n", disk).CombinedOutput(); err != nil {
			t.Errorf("e2fsck of %d bytes: %v\n%s", size, err, out)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, size := range []int64{0, MinSize - block, MinSize + 1, MaxSize + block} {
		if Write(make(memory, MaxSize), size, "") == nil {
			t.Errorf("%d bytes: written", size)
		}
	}
	if Write(make(memory, MinSize), MinSize, "a label that is too long") == nil {
		t.Error("a label of 24 bytes: written")
	}
	if Write(make(memory, block), MinSize, "") == nil {
		t.Error("a disk that is full: written")
	}
}
