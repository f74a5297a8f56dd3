package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/image/fat32"
	"badgekiosk/provision"
	"badgekiosk/verify/reason"
)

// slotFile writes the image of a slot with system number, for the board of
// the tests, to the folder dir, and the same packed beside it.
func slotFile(t testing.TB, dir string, number int64) string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(dir, 0o755))
	name := filepath.Join(dir, fmt.Sprintf("%d.img", number))
	f, err := os.Create(name)
	must(err)
	about := fmt.Appendf(nil, `{"number":%d,"boards":["raspberrypi,3-model-b","raspberrypi,400"],"build":"kiosk test"}`, number)
	must(fat32.Volume{Label: "SYSTEM", Size: fat32.MinSize}.Write(f, []fat32.File{
		{Name: aboutName, Data: about}, {Name: "vmlinuz", Data: bytes.Repeat([]byte("kernel"), 50_000)}}))
	must(f.Close())
	data, err := os.ReadFile(name)
	must(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(data)
	must(err)
	must(z.Close())
	must(os.WriteFile(name+".gz", b.Bytes(), 0o644))
	return name
}

// makers make a coalition that makes systems in the folder co, install its
// bundle in the folder state, and return the file for a stick with a system
// of each number.
func makers(t *testing.T, numbers ...int64) (zips []string) {
	t.Helper()
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "system", "co")
	must(t, os.WriteFile("pin.txt", []byte("2580\n"), 0o600))
	say(t, exitAll, "bundle", "settings", "co", "--pin-file", "pin.txt")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	for _, n := range numbers {
		to := fmt.Sprintf("%d.zip", n)
		say(t, exitAll, "bundle", "system", "co", slotFile(t, "systems", n), "--to", to)
		zips = append(zips, to)
	}
	return zips
}

// stickOf is the image of a stick with the file as its system.
func stickOf(t *testing.T, file string) provision.Stick {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stick")
	f, err := os.Create(name)
	must(t, err)
	defer f.Close() //nolint:errcheck // of a test
	must(t, f.Truncate(fat32.MinSize))
	files := []fat32.File{{Name: "holiday.jpg", Data: []byte("a picture")}}
	if file != "" {
		files = append(files, fat32.File{Name: "badge-kiosk-system.zip", Data: contents(t, file)})
	}
	must(t, fat32.Volume{Label: "STICK", Size: fat32.MinSize}.Write(f, files))
	return provision.Stick{Name: filepath.Base(name), Device: name}
}

// inMemory is a slot, or a file, in memory.
type inMemory struct{ data []byte }

func (m *inMemory) ReadAt(b []byte, at int64) (int, error) { return copy(b, m.data[at:]), nil }
func (m *inMemory) WriteAt(b []byte, at int64) (int, error) {
	m.data = append(m.data, make([]byte, max(0, int(at)+len(b)-len(m.data)))...)
	return copy(m.data[at:], b), nil
}
func (m *inMemory) Sync() error          { return nil }
func (m *inMemory) Forget() error        { return nil }
func (m *inMemory) Size() (int64, error) { return int64(len(m.data)), nil }

// TestSystemPut: the process that writes a slot finds out for itself what is
// on the sticks, and leaves the slot alone where nothing may be taken.
func TestSystemPut(t *testing.T) {
	t.Chdir(t.TempDir())
	zips := makers(t, 7, 8, 9)
	self, err := exec.LookPath("kiosk")
	must(t, err)
	before := bytes.Repeat([]byte("before"), 1<<20)
	torn := contents(t, "9.zip")
	must(t, os.WriteFile("torn.zip", torn[:len(torn)-500], 0o600))
	torn[len(torn)/2] ^= 1
	must(t, os.WriteFile("flipped.zip", torn, 0o600))
	must(t, os.Mkdir("alone", 0o700)) // without the bundle of the card beside it
	must(t, os.WriteFile("alone/root.json", contents(t, "co/root.json"), 0o600))
	lowered := 0
	put := func(runs provision.Running, root, state string, files ...string) (slot, status *inMemory, n int64, err error) {
		p := putting{root: root, state: state, running: runs, self: self, lower: func() error { lowered++; return nil }}
		slot, status = &inMemory{bytes.Clone(before)}, &inMemory{}
		p.slot, p.status = slot, status
		p.sticks = func() (all []provision.Stick) {
			for _, f := range files {
				all = append(all, stickOf(t, f))
			}
			return all
		}
		n, err = p.run(t.Context())
		return slot, status, n, err
	}
	here := provision.Running{Number: 7, Board: "raspberrypi,3-model-b"}
	slot, status, n, err := put(here, "co/root.json", "state", "", zips[1], zips[2])
	if err != nil || n != 9 || !bytes.HasPrefix(slot.data, contents(t, "systems/9.img")) || lowered != 1 {
		t.Errorf("system %d is put, %v", n, err)
	}
	if got := string(status.data); !strings.HasPrefix(got, `{"step":"compare",`) || !strings.Contains(got, `"number":9`) {
		t.Errorf("it says %s", got)
	}
	for name, c := range map[string]struct {
		runs        provision.Running
		root, state string
		files       []string
		want        reason.Code
	}{
		"no stick":               {here, "co/root.json", "state", nil, reason.BEmpty},
		"a stick without any":    {here, "co/root.json", "state", []string{""}, reason.BEmpty},
		"what runs":              {here, "co/root.json", "state", []string{zips[0]}, reason.BSame},
		"an older one":           {provision.Running{Number: 8, Board: here.Board}, "co/root.json", "state", []string{zips[0]}, reason.BRollback},
		"another board":          {provision.Running{Board: "raspberrypi,5-model-b"}, "co/root.json", "state", []string{zips[0]}, reason.BBoard},
		"without a root":         {here, "nowhere", "state", []string{zips[2]}, reason.BRoot},
		"without a bundle":       {here, "alone/root.json", "elsewhere", []string{zips[2]}, reason.BNone},
		"half a file":            {here, "co/root.json", "state", []string{"torn.zip"}, reason.BBroken},
		"a byte that is another": {here, "co/root.json", "state", []string{"flipped.zip"}, reason.HStick},
	} {
		slot, _, _, err := put(c.runs, c.root, c.state, c.files...)
		if reason.CodeOf(err, "") != c.want || !bytes.Equal(slot.data, before) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
