package stick

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"badgekiosk/image/fat32"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// disk is a disk in memory.
type disk []byte

func (d disk) WriteAt(b []byte, at int64) (int, error) { return copy(d[at:], b), nil }

// stickWith is a FAT32 stick with files.
func stickWith(t testing.TB, files ...fat32.File) []byte {
	t.Helper()
	d := make(disk, fat32.MinSize)
	must(t, fat32.Volume{Label: "STICK", Size: fat32.MinSize}.Write(d, files))
	return d
}

// noise does not compress, so that many clusters are read.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// systemZip is a file that a system is taken from.
func systemZip(t testing.TB, members ...fat32.File) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m.Name)
		must(t, err)
		_, err = w.Write(m.Data)
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func opened(t testing.TB, disk []byte) fs.FS {
	t.Helper()
	v, err := Volumes(bytes.NewReader(disk))
	must(t, err)
	return v[0]
}

// TestSystem reads what was signed of a system with all else on the stick, and
// its image when that is asked for.
func TestSystem(t *testing.T) {
	image := noise(300_000)
	whole := systemZip(t, fat32.File{Name: systemMeta, Data: []byte(`{"signed":{}}`)}, fat32.File{Name: systemImage, Data: image})
	data := stickWith(t, fat32.File{Name: "Badge-Kiosk-System.zip", Data: whole}, fat32.File{Name: "a.txt", Data: noise(5000)})
	v := opened(t, data)
	c, err := Read(v)
	must(t, err)
	if len(c.Systems) != 1 || c.Systems[0].Err != nil || string(c.Systems[0].Data) != `{"signed":{}}` || len(c.Bundles) != 0 {
		t.Fatalf("read %+v", c)
	}
	c, err = ReadSystems(v, fstest.MapFS{"badge-kiosk-bundle.zip": &fstest.MapFile{Data: []byte("x")}})
	must(t, err)
	if len(c.Systems) != 1 || len(c.Bundles) != 0 {
		t.Errorf("of the systems alone: %+v", c)
	}
	var b bytes.Buffer
	must(t, CopySystem(&b, c.Systems[0].Name, fstest.MapFS{}, v))
	if !bytes.Equal(b.Bytes(), image) {
		t.Errorf("the image came with %d bytes", b.Len())
	}
	if err := CopySystem(io.Discard, "badge-kiosk-system-9.zip", v); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("a file that is not there: %v", err)
	}
	f, err := v.Open("badge-kiosk-system.zip")
	must(t, err)
	must(t, iotest.TestReader(struct {
		io.Reader
		io.ReaderAt
	}{f, f.(io.ReaderAt)}, whole))
	for n := len(data) / 50; n < len(data); n += len(data) / 50 { // pulled
		var b bytes.Buffer
		vs, err := Volumes(bytes.NewReader(data[:n]))
		if err == nil {
			err = CopySystem(&b, "badge-kiosk-system.zip", vs...)
		}
		if err == nil && !bytes.Equal(b.Bytes(), image) {
			t.Fatalf("pulled after %d bytes, %d of the image came, and no error", n, b.Len())
		}
	}
}

// TestSystemFaults: what is no system says why.
func TestSystemFaults(t *testing.T) {
	good := systemZip(t, fat32.File{Name: systemMeta, Data: []byte("{}")}, fat32.File{Name: systemImage, Data: noise(1000)})
	many := make([]fat32.File, maxMembers+1)
	for i := range many {
		many[i].Name = string(rune('a' + i))
	}
	for name, data := range map[string][]byte{
		"no zip":         []byte("system"),
		"an empty file":  {},
		"half a zip":     good[:len(good)/2],
		"no metadata":    systemZip(t, fat32.File{Name: systemImage, Data: []byte("x")}),
		"metadata large": systemZip(t, fat32.File{Name: systemMeta, Data: make([]byte, bundle.MaxSystemMeta+1)}),
		"many members":   systemZip(t, many...),
	} {
		c, err := Read(fstest.MapFS{"badge-kiosk-system.zip": &fstest.MapFile{Data: data}})
		must(t, err)
		if got := reason.CodeOf(c.Systems[0].Err, ""); got != reason.BBroken || len(c.Systems[0].Data) > 0 {
			t.Errorf("%s: %d bytes, %v", name, len(c.Systems[0].Data), c.Systems[0].Err)
		}
		if err := CopySystem(io.Discard, "badge-kiosk-system.zip", fstest.MapFS{"badge-kiosk-system.zip": &fstest.MapFile{Data: data}}); name != "metadata large" && name != "no metadata" && err == nil {
			t.Errorf("%s: its image is read", name)
		}
	}
	for i := range good { // its checksum holds the image; the metadata is signed
		bad := bytes.Clone(good)
		bad[i] ^= 4
		var b bytes.Buffer
		err := CopySystem(&b, "x", fstest.MapFS{"x": &fstest.MapFile{Data: bad}})
		if err == nil && !bytes.Equal(b.Bytes(), noise(1000)) {
			t.Fatalf("with byte %d another the image is another, and no error", i)
		}
	}
}

// TestPlace: a small file is where it is said to be.
func TestPlace(t *testing.T) {
	text := []byte("[all]\nboot_partition=2\n")
	data := stickWith(t, fat32.File{Name: "autoboot.txt", Data: text}, fat32.File{Name: "kiosk.json", Data: noise(9000)}, fat32.File{Name: "empty"}, fat32.File{Name: "dir/x", Data: text})
	v := opened(t, data)
	at, size, err := Place(v, "AUTOBOOT.TXT")
	if err != nil || at%sector != 0 || !bytes.Equal(data[at:at+size], text) {
		t.Errorf("at %d, %d bytes, %v", at, size, err)
	}
	for _, name := range []string{"kiosk.json", "empty", "dir", "none"} {
		if at, _, err := Place(v, name); err == nil {
			t.Errorf("%s is at %d", name, at)
		}
	}
	if _, _, err := Place(fstest.MapFS{"a": &fstest.MapFile{Data: text}}, "a"); err == nil {
		t.Error("a place on no disk")
	}
}
