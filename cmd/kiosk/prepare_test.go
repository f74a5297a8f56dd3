package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/image/fat32"
	"badgekiosk/image/mbr"
	"badgekiosk/provision/stick"
)

const (
	cardStart = mbr.Align * mbr.Sector
	cardSize  = 36 << 20
	cardPanel = `{"camera": {"kind": "usb"}, "lang": "en", "panel": {"busy": 7, "name": "kms-800x480"}, "root": "/boot/root.json", "state": "/var/lib/badge-kiosk"}`
)

// blankCard writes a card as the image's builder does, with another part
// behind the first, and returns its name.
func blankCard(t *testing.T, files ...fat32.File) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "card.img")
	f, err := os.Create(name)
	must(t, err)
	record, err := mbr.Record(7, []mbr.Partition{
		{Type: mbr.FAT32, Start: mbr.Align, Count: cardSize / mbr.Sector},
		{Type: mbr.Linux, Start: mbr.Align + cardSize/mbr.Sector, Count: mbr.Align},
	})
	must(t, err)
	must(t, f.Truncate(cardStart+cardSize+cardStart))
	_, err = f.WriteAt(record, 0)
	must(t, err)
	_, err = f.WriteAt([]byte("the second part"), cardStart+cardSize)
	must(t, err)
	if files == nil {
		files = []fat32.File{{Name: "autoboot.txt", Data: []byte("[all]\n")}, {Name: cardConfig, Data: []byte(cardPanel)}}
	}
	v := fat32.Volume{Label: cardLabel, Size: cardSize, Start: mbr.Align}
	must(t, v.Write(io.NewOffsetWriter(f, cardStart), files))
	must(t, f.Close())
	return name
}

// onCard is a file on a card's first part, by the reader that sticks have.
func onCard(t *testing.T, image, name string) string {
	t.Helper()
	f, err := os.Open(image)
	must(t, err)
	defer f.Close() //nolint:errcheck // only read
	volumes, err := stick.Volumes(io.NewSectionReader(f, cardStart, cardSize))
	must(t, err)
	data, err := volumes[0].Open(name)
	if err != nil {
		return "nothing"
	}
	all, err := io.ReadAll(data)
	must(t, err)
	return string(all)
}

func hashOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	must(t, err)
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// TestPrepare makes a ready-made image a coalition's own, and reads back what
// the board will read.
func TestPrepare(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "example", "ex")
	card := blankCard(t)
	said := say(t, exitAll, "prepare", card, "--root", "ex/root.json", "--bundle", "ex/"+bundleName, "--panel", "epd-7in5-v2")
	for name, from := range map[string]string{cardRoot: "ex/root.json", bundleName: "ex/" + bundleName} {
		want, err := os.ReadFile(from)
		must(t, err)
		if onCard(t, card, name) != string(want) {
			t.Errorf("the card's %s is not %s", name, from)
		}
	}
	if got := onCard(t, card, "autoboot.txt"); got != "[all]\n" {
		t.Errorf("autoboot.txt is %q now", got)
	}
	c, err := readConfig([]byte(onCard(t, card, cardConfig)))
	if err != nil || c.Panel.Name != "epd-7in5-v2" || c.Panel.Busy != 7 {
		t.Errorf("the card's settings are %+v, %v; want the new panel on the old wires", c.Panel, err)
	}
	data, err := os.ReadFile(card)
	must(t, err)
	if !bytes.HasPrefix(data[cardStart+cardSize:], []byte("the second part")) || len(data) != cardStart+cardSize+cardStart {
		t.Error("the other parts have changed")
	}
	sum, err := os.ReadFile(card + ".sha256")
	if want := hashOf(t, card) + "  card.img\n"; err != nil || string(sum) != want {
		t.Errorf("the hash beside it is %q (%v), want %q", sum, err, want)
	}
	for _, want := range []string{"is prepared", "epd-7in5-v2", "number 2"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	before := hashOf(t, card)
	say(t, exitAll, "prepare", card, "--root", "ex/root.json")
	if hashOf(t, card) != before {
		t.Error("the same again makes other bytes")
	}
	say(t, exitAll, "prepare", card, "--panel", "epd-4in26", "--to", "other.img")
	if hashOf(t, card) != before || !strings.Contains(onCard(t, "other.img", cardConfig), "epd-4in26") || onCard(t, "other.img", cardRoot) == "nothing" {
		t.Error("--to: the image itself has changed, or its copy has not what it should")
	}
	peers(t, card)
}

// peers has others read the first part, where they are installed.
func peers(t *testing.T, card string) {
	t.Helper()
	part := filepath.Join(t.TempDir(), "part")
	data, err := os.ReadFile(card)
	must(t, err)
	must(t, os.WriteFile(part, data[cardStart:cardStart+cardSize], 0o600))
	for _, cmd := range [][]string{{"fsck.vfat", "-n", part}, {"mtype", "-i", part, "::" + cardRoot}} {
		program, err := exec.LookPath(cmd[0])
		if err != nil {
			continue
		}
		out, err := exec.Command(program, cmd[1:]...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", cmd[0], err, out)
		}
		if cmd[0] == "mtype" && string(out) != onCard(t, card, cardRoot) {
			t.Errorf("mtype reads %d other bytes", len(out))
		}
	}
}

// TestPrepareRefuses changes nothing and leaves nothing behind when what is
// asked for would not work on the board.
func TestPrepareRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "example", "ex")
	say(t, exitAll, "bundle", "example", "others")
	for name, data := range map[string]string{"not.json": "{", "other.json": `{"panel": {"name": "kms-800x480"}, "stat": 1}`, "desk.json": `{"panel": {"name": "kms-800x480"}}`, "large.json": strings.Repeat(" ", stick.MaxRoot+1)} {
		must(t, os.WriteFile(name, []byte(data), 0o600))
	}
	half := blankCard(t)
	must(t, os.Truncate(half, cardStart+cardSize/2))
	foreign := filepath.Join(t.TempDir(), "foreign.img")
	must(t, os.WriteFile(foreign, make([]byte, 1<<20), 0o600))
	bare := blankCard(t, fat32.File{Name: "autoboot.txt", Data: []byte("[all]\n")})
	for _, c := range []struct {
		want string
		args []string
	}{
		{"at least one of", []string{blankCard(t)}},
		{"B-SIGN", []string{blankCard(t), "--root", "others/root.json", "--bundle", "ex/" + bundleName}},
		{"no root", []string{blankCard(t), "--bundle", "ex/" + bundleName}},
		{"B-ROOT", []string{blankCard(t), "--root", "not.json"}},
		{"larger", []string{blankCard(t), "--root", "large.json"}},
		{"kiosk.json", []string{blankCard(t), "--config", "not.json"}},
		{"stat", []string{blankCard(t), "--config", "other.json"}},
		{"/boot/root.json", []string{blankCard(t), "--config", "desk.json"}},
		{"epd-9", []string{blankCard(t), "--panel", "epd-9"}},
		{"kiosk.json", []string{bare, "--root", "ex/root.json"}},
		{"not an image", []string{foreign, "--root", "ex/root.json"}},
		{"not an image", []string{half, "--root", "ex/root.json"}},
		{"nowhere", []string{"nowhere.img", "--root", "ex/root.json"}},
	} {
		before := ""
		if _, err := os.Stat(c.args[0]); err == nil {
			before = hashOf(t, c.args[0])
		}
		said := say(t, exitUsage, append([]string{"prepare"}, c.args...)...)
		if !strings.Contains(said, c.want) {
			t.Errorf("%q: says %q, want %q", c.args[1:], said, c.want)
		}
		if before != "" && hashOf(t, c.args[0]) != before {
			t.Errorf("%q: the image has changed", c.args[1:])
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(c.args[0]), "*")); before != "" && len(left) != 1 {
			t.Errorf("%q: left %v behind", c.args[1:], left)
		}
	}
}

// TestPrepareDevice writes a card in its reader in place, and a reader that
// lets go of it is told.
func TestPrepareDevice(t *testing.T) {
	c, err := openCard(blankCard(t))
	must(t, err)
	defer c.close()
	c.files[cardRoot] = []byte("a root")
	part, err := c.draw()
	must(t, err)
	if err := c.overwrite(part); err == nil || !strings.Contains(err.Error(), "flash it anew") {
		t.Errorf("a card that cannot be written: %v", err)
	}
	name := c.disk.Name()
	c.close()
	c.disk, err = os.OpenFile(name, os.O_RDWR, 0)
	must(t, err)
	must(t, c.overwrite(part))
	if got := onCard(t, name, cardRoot); got != "a root" {
		t.Errorf("the card's root is %q", got)
	}
	c.files["more"] = []byte("than was written")
	if err := c.overwrite(part); err == nil {
		t.Error("a card that reads back as something else is good")
	}
}

// FuzzCard opens any beginning of a disk without harm.
func FuzzCard(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add(append(make([]byte, 510), 0x55, 0xaa), append(make([]byte, 510), 0x55, 0xaa))
	f.Fuzz(func(t *testing.T, record, boot []byte) {
		name := filepath.Join(t.TempDir(), "disk")
		d, err := os.Create(name)
		must(t, err)
		defer d.Close() //nolint:errcheck // it is thrown away
		must(t, d.Truncate(cardStart+cardSize))
		_, _ = d.WriteAt(record[:min(len(record), cardStart)], 0)
		_, _ = d.WriteAt(boot[:min(len(boot), cardSize)], cardStart)
		c, err := openCard(name)
		if err != nil {
			return
		}
		defer c.close()
		if c.start+c.size > cardStart+cardSize {
			t.Errorf("a part beyond the disk's end: %d and %d", c.start, c.size)
		}
	})
}
