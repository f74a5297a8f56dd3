package fat32

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// memory is a disk of zeros.
type memory []byte

func (m memory) WriteAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > int64(len(m)) {
		return 0, io.ErrShortWrite
	}
	return copy(m[at:], b), nil
}

func made(t *testing.T, v Volume, files []File) memory {
	t.Helper()
	m := make(memory, v.Size)
	if err := v.Write(m, files); err != nil {
		t.Fatal(err)
	}
	return m
}

// samples are names and sizes at every edge.
func samples() []File {
	files := []File{
		{"config.txt", []byte("a=1\n")}, {"README", nil}, {"kernel8.img", noise(3 << 20)},
		{"overlays/vc4-kms-v3d.dtbo", noise(511)}, {"overlays/vc4-kms-v3d-pi4.dtbo", noise(512)},
		{"overlays/deep/er/still.x", noise(513)}, {"badge-kiosk-bundle.zip", noise(70000)},
		{"a name with spaces and.two dots.json", noise(4096)}, {"Zürich.txt", []byte("é")}, {"日本語.md", []byte("x")},
		{"thirteen-char", noise(1)}, {".hidden", noise(2)}, {strings.Repeat("n", maxName), noise(3)}, {"😀.png", noise(4)},
	}
	for i := range 40 {
		files = append(files, File{fmt.Sprintf("many/the same beginning %d.txt", i), noise(i)})
	}
	return files
}

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(b)
	return b
}

// TestReadsBack reads every file back with a reader of the specification's
// own words, for each cluster size there is.
func TestReadsBack(t *testing.T) {
	for _, size := range []int64{MinSize, 40 << 20, 63 << 20, 64 << 20, 150<<20 + 700, 300 << 20} {
		m := made(t, Volume{Label: "BADGE-KIOSK", Size: size, Start: 2048}, samples())
		got, err := read(m)
		if err != nil {
			t.Errorf("%d bytes: %v", size, err)
			continue
		}
		want := map[string][]byte{}
		for _, f := range samples() {
			want[f.Name] = f.Data
		}
		if !maps.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%d bytes: read %d files %v, want %d", size, len(got), slices.Sorted(maps.Keys(got)), len(want))
		}
	}
}

// TestSame writes the same files in another order.
func TestSame(t *testing.T) {
	v := Volume{Label: "SAME", Size: MinSize}
	files := samples()
	a := made(t, v, files)
	slices.Reverse(files)
	if !bytes.Equal(a, made(t, v, files)) {
		t.Error("the order of the files is in the volume")
	}
	files[0].Data = []byte("another")
	if b := made(t, v, files); bytes.Equal(a[67:71], b[67:71]) {
		t.Error("other contents have the same serial number")
	}
}

// TestTools asks the tools that people use, where they are installed.
func TestTools(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "disk")
	for _, size := range []int64{MinSize, 64 << 20, 129 << 20} {
		if err := os.WriteFile(disk, made(t, Volume{Label: "TOOLS", Size: size}, samples()), 0o600); err != nil {
			t.Fatal(err)
		}
		fsck, err := exec.LookPath("fsck.vfat")
		if err != nil {
			t.Log("fsck.vfat is not installed: only our own reader was asked")
			return
		}
		if out, err := exec.Command(fsck, "-n", "-v", disk).CombinedOutput(); err != nil || bytes.Contains(out, []byte("Free cluster summary")) {
			t.Errorf("fsck.vfat of %d bytes: %v\n%s", size, err, out)
		}
		mdir, err := exec.LookPath("mdir")
		if err != nil {
			t.Log("mdir is not installed")
			continue
		}
		out, err := exec.Command(mdir, "-i", disk, "::overlays").CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("vc4-kms-v3d-pi4.dtbo")) {
			t.Errorf("mdir: %v\n%s", err, out)
		}
	}
}

func TestRefused(t *testing.T) {
	ok := Volume{Label: "OK", Size: MinSize}
	for name, c := range map[string]struct {
		Volume
		files []File
	}{
		"too small":        {Volume{Label: "OK", Size: MinSize - 1}, nil},
		"lower-case label": {Volume{Label: "ok", Size: MinSize}, nil},
		"long label":       {Volume{Label: "LONGER-THAN-11", Size: MinSize}, nil},
		"too much":         {ok, []File{{"big", make([]byte, MinSize)}}},
		"twice":            {ok, []File{{"a", nil}, {"A", nil}}},
		"file and folder":  {ok, []File{{"a", nil}, {"a/b", nil}}},
		"folders' case":    {ok, []File{{"a/b", nil}, {"A/c", nil}}},
		"up":               {ok, []File{{"../a", nil}}},
		"absolute":         {ok, []File{{"/a", nil}}},
		"backslash":        {ok, []File{{`a\b`, nil}}},
		"trailing dot":     {ok, []File{{"a.", nil}}},
		"not UTF-8":        {ok, []File{{"a\xff", nil}}},
		"name of 256":      {ok, []File{{strings.Repeat("n", maxName+1), nil}}},
	} {
		m := make(memory, MinSize)
		if err := c.Write(m, c.files); err == nil {
			t.Errorf("%s: written", name)
		}
		if slices.ContainsFunc(m, func(b byte) bool { return b != 0 }) {
			t.Errorf("%s: refused, but bytes were written", name)
		}
	}
}

// TestDiskFails hands the disk's error on.
func TestDiskFails(t *testing.T) {
	if err := (Volume{Label: "OK", Size: MinSize}).Write(make(memory, 4096), samples()); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Write to a disk that is full: %v", err)
	}
}

// FuzzNames writes a file of any name beside others: refused, or read back.
func FuzzNames(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Name)
	}
	f.Add("~1/~1.~1")
	f.Fuzz(func(t *testing.T, name string) {
		m := make(memory, MinSize)
		if (Volume{Label: "FUZZ", Size: MinSize}).Write(m, []File{{"a neighbour.text", nil}, {name, []byte("x")}}) != nil {
			return
		}
		if got, err := read(m); err != nil || string(got[name]) != "x" {
			t.Errorf("%q is not read back: %v", name, err)
		}
	})
}

// BenchmarkWrite writes a slot's worth of files.
func BenchmarkWrite(b *testing.B) {
	files, m := []File{{"kernel8.img", noise(46 << 20)}}, make(memory, 64<<20)
	b.SetBytes(46 << 20)
	for b.Loop() {
		if err := (Volume{Label: "B", Size: 64 << 20}).Write(m, files); err != nil {
			b.Fatal(err)
		}
	}
}

// read returns all files of a volume, and an error for whatever a checker
// would want to repair.
func read(m []byte) (map[string][]byte, error) {
	le := binary.LittleEndian
	per, res, total, table := int64(m[13]), int64(le.Uint16(m[14:])), int64(le.Uint32(m[32:])), int64(le.Uint32(m[36:]))
	clusters := (total - res - 2*table) / per
	switch {
	case clusters < 65525:
		return nil, fmt.Errorf("%d clusters are FAT16", clusters)
	case (clusters+2)*4 > table*512:
		return nil, fmt.Errorf("%d clusters in a table of %d sectors", clusters, table)
	case !bytes.Equal(m[:1024], m[6*512:8*512]):
		return nil, errors.New("the backup boot sector differs")
	case total*512 > int64(len(m)):
		return nil, errors.New("larger than the disk")
	}
	fat := m[res*512 : (res+table)*512]
	if !bytes.Equal(fat, m[(res+table)*512:(res+2*table)*512]) {
		return nil, errors.New("the tables differ")
	}
	used := map[int64]bool{}
	chain := func(c int64) (data []byte, err error) {
		for c < 0x0ffffff8 {
			if c < 2 || c >= clusters+2 || used[c] {
				return nil, fmt.Errorf("cluster %d is outside, or used twice", c)
			}
			used[c] = true
			at := (res + 2*table + (c-2)*per) * 512
			data = append(data, m[at:at+per*512]...)
			c = int64(le.Uint32(fat[4*c:]) & 0x0fffffff)
		}
		return data, nil
	}
	files := map[string][]byte{}
	var walk func(prefix string, cluster, parent int64) error
	walk = func(prefix string, cluster, parent int64) error {
		data, err := chain(cluster)
		if err != nil {
			return err
		}
		var long []uint16
		var sum byte
		shorts := map[string]bool{}
		for ; len(data) >= 32 && data[0] != 0; data = data[32:] {
			e := data[:32]
			if e[11] == 0x0f {
				if e[0]&0x40 != 0 {
					long, sum = nil, e[13]
				}
				var units []uint16
				for _, at := range []int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30} {
					units = append(units, le.Uint16(e[at:]))
				}
				long = append(units, long...)
				continue
			}
			at, size := int64(le.Uint16(e[20:]))<<16|int64(le.Uint16(e[26:])), int64(le.Uint32(e[28:]))
			short := string(e[:11])
			if shorts[short] {
				return fmt.Errorf("two short names %q", short)
			}
			shorts[short] = true
			name := strings.TrimRight(short[:8], " ")
			if ext := strings.TrimRight(short[8:], " "); ext != "" {
				name += "." + ext
			}
			if long != nil {
				var want byte
				for _, c := range e[:11] {
					want = (want>>1 | want<<7) + c
				}
				if sum != want {
					return fmt.Errorf("long name of %q belongs to another", short)
				}
				if end := slices.Index(long, 0); end >= 0 {
					long = long[:end]
				}
				name, long = string(utf16.Decode(long)), nil
			}
			switch {
			case e[11] == 0x08:
			case name == "." && at != cluster, name == ".." && at != parent:
				return fmt.Errorf("%s%s leads to cluster %d", prefix, name, at)
			case name == "." || name == "..":
			case e[11] == 0x10:
				self := cluster
				if prefix == "" {
					self = 0
				}
				if err := walk(prefix+name+"/", at, self); err != nil {
					return err
				}
			case size == 0 && at == 0:
				files[prefix+name] = nil
			default:
				all, err := chain(at)
				if err != nil {
					return err
				}
				if int64(len(all))-size < 0 || int64(len(all))-size >= per*512 {
					return fmt.Errorf("%s: %d bytes in %d of clusters", name, size, len(all))
				}
				files[prefix+name] = all[:size]
			}
		}
		return nil
	}
	if err := walk("", int64(le.Uint32(m[44:])), 0); err != nil {
		return nil, err
	}
	if free := int64(le.Uint32(m[512+488:])); free != clusters-int64(len(used)) {
		return nil, fmt.Errorf("FSInfo counts %d free clusters of %d", free, clusters-int64(len(used)))
	}
	return files, nil
}
