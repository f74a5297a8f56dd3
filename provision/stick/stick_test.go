package stick

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"badgekiosk/verify/reason"
)

// images are sticks as other people's tools write them: testdata/make.sh.
var images = []string{"fat12", "fat16", "fat32", "exfat"}

func image(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".img.gz")
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	data, err := io.ReadAll(z)
	must(t, err)
	return data
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lines are what make.sh writes: n lines of a hundred digits.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%0100d\n", i+1)
	}
	return b.String()
}

// checkContents compares with what make.sh has put on each stick.
func checkContents(t *testing.T, c Contents) {
	t.Helper()
	want := []struct{ name, data string }{
		{"Badge-Kiosk-Bundle (1).ZIP", lines(400)},
		{"badge-kiosk-bundle", ""},
		{"badge-kiosk-bundle.zip", lines(1000)},
	}
	if len(c.Bundles) != len(want) {
		t.Fatalf("%d bundles, want %d", len(c.Bundles), len(want))
	}
	for i, w := range want {
		got := c.Bundles[i]
		if got.Name != w.name || got.Err != nil || w.data != "" && string(got.Data) != w.data {
			t.Errorf("bundle %d: %q with %d bytes, %v; want %q with %d", i, got.Name, len(got.Data), got.Err, w.name, len(w.data))
		}
	}
	if string(c.Root) != "{\"first\":true}\n" || len(c.Systems) != 1 || c.Systems[0].Name != "badge-kiosk-system-2.zip" || reason.CodeOf(c.Systems[0].Err, "") != reason.BBroken {
		t.Errorf("root %q, systems %v", c.Root, c.Systems)
	}
}

// TestImages reads every kind of stick, bare and in partitions.
func TestImages(t *testing.T) {
	for _, name := range images {
		bare := image(t, name)
		for kind, disk := range map[string][]byte{"bare": bare, "MBR": withMBR(bare), "GPT": withGPT(bare)} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				volumes, err := Volumes(bytes.NewReader(disk))
				must(t, err)
				c, err := Read(volumes...)
				must(t, err)
				checkContents(t, c)
			})
		}
		if name == "fat16" || name == "fat32" {
			continue // the same code as for FAT12
		}
		t.Run(name+"/FS", func(t *testing.T) {
			volumes, err := Volumes(bytes.NewReader(bare))
			must(t, err)
			must(t, fstest.TestFS(volumes[0], "Größe – 大小.txt", "empty.txt", "photos/a-long-name-of-a-picture-120.jpg"))
			if _, err := volumes[0].Open("photos/none.jpg"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a file that is not there: %v", err)
			}
		})
	}
}

const firstPart = 2048 // sectors before the partition

// withMBR puts a volume in the first partition of a disk.
func withMBR(volume []byte) []byte {
	disk := make([]byte, firstPart*sector)
	e := disk[446:]
	e[4] = 0x0C
	binary.LittleEndian.PutUint32(e[8:], firstPart)
	binary.LittleEndian.PutUint32(e[12:], uint32(len(volume)/sector))
	disk[510], disk[511] = 0x55, 0xAA
	return append(disk, volume...)
}

// withGPT does so by the newer table.
func withGPT(volume []byte) []byte {
	disk := withMBR(volume)
	disk[446+4] = 0xEE
	head, e := disk[sector:], disk[2*sector+256:] // the third entry
	copy(head, "EFI PART")
	binary.LittleEndian.PutUint64(head[72:], 2)
	binary.LittleEndian.PutUint32(head[84:], 128)
	e[0] = 1 // some type
	binary.LittleEndian.PutUint64(e[32:], firstPart)
	binary.LittleEndian.PutUint64(e[40:], uint64(firstPart+len(volume)/sector-1))
	return disk
}

// TestOtherFormats: what no kiosk reads has a code of its own.
func TestOtherFormats(t *testing.T) {
	ntfs := make([]byte, 64<<10)
	copy(ntfs, "\xeb\x52\x90NTFS    \x00\x02\x08")
	ntfs[510], ntfs[511] = 0x55, 0xAA
	for what, disk := range map[string][]byte{
		"zeros": make([]byte, 64<<10), "NTFS": ntfs, "NTFS in a partition": withMBR(ntfs), "a GPT that is not there": withGPT(ntfs)[:firstPart*sector],
	} {
		_, err := Volumes(bytes.NewReader(disk))
		if c := reason.CodeOf(err, ""); c != reason.HFormat && !strings.Contains(what, "not there") || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Volumes(bytes.NewReader(make([]byte, 100))); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("a hundred bytes: %v", err)
	}
}

// A failing disk stops answering after some bytes.
type failing struct {
	io.ReaderAt
	left int
}

// ReadAt implements [io.ReaderAt].
func (f *failing) ReadAt(b []byte, at int64) (int, error) {
	if f.left < len(b) {
		n, _ := f.ReaderAt.ReadAt(b[:f.left], at)
		f.left = 0
		return n, errors.New("input/output error")
	}
	n, err := f.ReaderAt.ReadAt(b, at)
	f.left -= n
	return n, err
}

// TestPulled stops the disk after every so many bytes: there is an H-STICK, or
// everything was read; never a file cut short.
func TestPulled(t *testing.T) {
	for _, name := range images {
		data := image(t, name)
		whole := 0
		for left := 0; whole == 0; left += 997 {
			c, err := readAll(&failing{bytes.NewReader(data), left})
			if err != nil {
				if reason.CodeOf(err, "") != reason.HStick {
					t.Fatalf("%s after %d bytes: %v", name, left, err)
				}
				continue
			}
			bad := 0
			for _, f := range c.Bundles {
				switch {
				case f.Err != nil && (reason.CodeOf(f.Err, "") != reason.HStick || f.Data != nil):
					t.Fatalf("%s after %d bytes: %s: %v", name, left, f.Name, f.Err)
				case f.Err != nil:
					bad++
				case f.Name == "badge-kiosk-bundle.zip" && string(f.Data) != lines(1000):
					t.Fatalf("%s after %d bytes: %s is cut short and nobody says so", name, left, f.Name)
				}
			}
			if bad == 0 && c.Root != nil {
				whole = left
			}
		}
		t.Logf("%s: whole after %d bytes", name, whole)
	}
}

func readAll(disk io.ReaderAt) (Contents, error) {
	volumes, err := Volumes(disk)
	if err != nil {
		return Contents{}, err
	}
	return Read(volumes...)
}

// TestMangled changes bytes of the boot sector, the table and the top folder:
// reading ends, by itself, with an answer.
func TestMangled(t *testing.T) {
	for _, name := range images {
		data := image(t, name)
		places := []int{0, sector, 2 * sector, sector + bytes.Index(data[sector:], []byte("\xff\xff")), topFolder(data)}
		for _, start := range places {
			for i := start; i < start+sector; i++ {
				if data[i] == 0 && i%16 != 0 || i%5 != 0 && start > 0 {
					continue
				}
				old := data[i]
				for _, b := range []byte{old ^ 0x01, 0xFF} {
					data[i] = b
					if c, err := readAll(bytes.NewReader(data)); err == nil && len(c.Bundles) > maxCandidates {
						t.Fatalf("byte %d: %d bundles", i, len(c.Bundles))
					}
				}
				data[i] = old
			}
		}
	}
}

// topFolder is where the folder with the name of a bundle is.
func topFolder(data []byte) int {
	for _, name := range []string{"BADGE-~2ZIP", "b\x00a\x00d\x00g\x00e\x00-\x00k\x00"} {
		if at := bytes.Index(data, []byte(name)); at > 0 {
			return at / sector * sector
		}
	}
	return 0
}

func FuzzVolumes(f *testing.F) {
	for _, name := range images {
		f.Add(image(f, name)[:64<<10])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		volumes, err := Volumes(bytes.NewReader(data))
		if err != nil {
			return
		}
		if _, err := Read(volumes...); err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// TestLoop: files whose chains go in circles end at their size, and a folder
// that holds itself is not walked for ever.
func TestLoop(t *testing.T) {
	data := image(t, "fat16")
	table := int(binary.LittleEndian.Uint16(data[14:])) * sector
	for at := table + 4; at+1 < table+4096; at += 2 {
		data[at], data[at+1] = 2, 0 // every cluster goes on in the first
	}
	c, err := readAll(bytes.NewReader(data))
	must(t, err)
	for _, f := range c.Bundles {
		if f.Name == "badge-kiosk-bundle.zip" && (f.Err != nil || len(f.Data) != len(lines(1000))) {
			t.Errorf("%s: %d bytes, %v", f.Name, len(f.Data), f.Err)
		}
	}
}

func TestLimits(t *testing.T) {
	many := fstest.MapFS{}
	for i := range 2 * maxCandidates {
		many[fmt.Sprintf("badge-kiosk-bundle-%d.zip", i)] = &fstest.MapFile{Data: []byte("x")}
		many[fmt.Sprintf("badge-kiosk-system-%d.zip", i)] = &fstest.MapFile{Data: []byte("x")}
	}
	c, err := Read(many)
	must(t, err)
	if len(c.Bundles) != maxCandidates || len(c.Systems) != maxSystems {
		t.Errorf("%d bundles and %d systems were taken", len(c.Bundles), len(c.Systems))
	}
	big := &fstest.MapFile{Data: make([]byte, MaxTotal/2+1)}
	c, err = Read(fstest.MapFS{"badge-kiosk-bundle-1.zip": big, "badge-kiosk-bundle-2.zip": big, "badge-kiosk-bundle-3/x": big})
	must(t, err)
	for i, want := range []reason.Code{"", reason.BBroken, reason.BBroken} {
		if got := reason.CodeOf(c.Bundles[i].Err, ""); got != want {
			t.Errorf("bundle %d: %v, want %q", i, c.Bundles[i].Err, want)
		}
	}
}

// TestPipe: what is sent is received, and a sender that stops anywhere, or
// lies, is an H-STICK.
func TestPipe(t *testing.T) {
	sent := Contents{
		Bundles: []File{{"a.zip", []byte("contents"), nil}, {"b.zip", nil, reason.Errorf(reason.BBroken, "too large")}},
		Root:    []byte("root"), Systems: []File{{"badge-kiosk-system.zip", []byte("signed"), nil}},
	}
	var b bytes.Buffer
	must(t, Send(&b, sent, nil))
	got, err := Receive(bytes.NewReader(b.Bytes()))
	must(t, err)
	if len(got.Bundles) != 2 || string(got.Bundles[0].Data) != "contents" || string(got.Root) != "root" || len(got.Systems) != 1 || string(got.Systems[0].Data) != "signed" {
		t.Errorf("received %+v", got)
	}
	if err := got.Bundles[1].Err; err == nil || err.Error() != sent.Bundles[1].Err.Error() {
		t.Errorf("the error of b.zip came as %v", err)
	}
	for n := range b.Len() {
		if c, err := Receive(bytes.NewReader(b.Bytes()[:n])); reason.CodeOf(err, "") != reason.HStick || len(c.Root) > 0 {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
	b.Reset()
	must(t, Send(&b, Contents{}, reason.Errorf(reason.HFormat, "no FAT")))
	if _, err := Receive(&b); reason.CodeOf(err, "") != reason.HFormat {
		t.Errorf("a stick of another format: %v", err)
	}
	for _, lie := range []string{"", "{}", "nonsense\n", `{"Files":[{"Size":-1}]}` + "\n", `{"Files":[{"Size":99999999999}]}` + "\n", `{"Root":5}` + "\nroo"} {
		if _, err := Receive(strings.NewReader(lie)); reason.CodeOf(err, "") != reason.HStick {
			t.Errorf("%q: %v", lie, err)
		}
	}
	if _, err := Receive(strings.NewReader(`{"Code":"X-MADEUP"}` + "\n")); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("a code that does not exist: %v", err)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte(`{"Files":[{"Name":"a.zip","Size":1}],"Root":1}` + "\nab"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := Receive(bytes.NewReader(data)); err == nil && len(c.Root) > len(data) {
			t.Error("more than was sent")
		}
	})
}
