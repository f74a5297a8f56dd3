package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badgekiosk/image/fat32"
)

// slotFile is a file of a slot.
func slotFile(t *testing.T, c card, name string) []byte {
	t.Helper()
	i := slices.IndexFunc(c.system, func(f fat32.File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("a slot has no %s", name)
	}
	return c.system[i].Data
}

// TestSlotImage: the image to be signed is the beginning of a slot of the
// card, and the rest of that slot is free.
func TestSlotImage(t *testing.T) {
	c, err := order(t).card(stand())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var made [2][]byte
	for i := range made {
		if err := c.saveSlot(dir, small()); err != nil {
			t.Fatal(err)
		}
		if made[i], err = os.ReadFile(filepath.Join(dir, slotName)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two images of the same slot differ")
	}
	z, err := gzip.NewReader(bytes.NewReader(made[0]))
	if err != nil {
		t.Fatal(err)
	}
	image, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(build(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	parts, _ := small().table()
	slot := make([]byte, small().slot)
	if _, err := f.ReadAt(slot, int64(parts[1].Start)*512); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(slot, image) || bytes.Trim(slot[len(image):], "\x00") != nil {
		t.Errorf("%d bytes of image are not the beginning of the slot, or it goes on behind them", len(image))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAbout: a system says which it is and for which boards, to who signs it
// and to itself.
func TestAbout(t *testing.T) {
	o := order(t)
	o.number, o.version, o.board = 202611220340, "v1.2", "pi-4"
	c, err := o.card(stand())
	if err != nil {
		t.Fatal(err)
	}
	data := slotFile(t, c, aboutName)
	var a about
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	if a.Number != o.number || a.Build != "kiosk v1.2" || !slices.Contains(a.Boards, "raspberrypi,400") || slices.Contains(a.Boards, "raspberrypi,3-model-b") {
		t.Errorf("it says %s", data)
	}
	z, err := gzip.NewReader(bytes.NewReader(slotFile(t, c, "initramfs.cpio.gz")))
	if err != nil {
		t.Fatal(err)
	}
	if root, err := io.ReadAll(z); err != nil || !bytes.Contains(root, data) {
		t.Errorf("the running system does not hold it (%v)", err)
	}
	o.number = -1
	if _, err := o.card(stand()); err == nil {
		t.Error("a number below 0")
	}
}

// TestSlotSettings: the one config.txt of both slots leads each to the
// kernel's settings that name it.
func TestSlotSettings(t *testing.T) {
	c, err := order(t).card(stand())
	if err != nil {
		t.Fatal(err)
	}
	config := string(slotFile(t, c, "config.txt"))
	for part, slot := range map[string]string{"2": "a", "3": "b"} {
		if !strings.Contains(config, "[boot_partition="+part+"]\ncmdline=cmdline-"+slot+".txt\n") {
			t.Errorf("part %s does not lead to slot %s:\n%s", part, slot, config)
		}
		if got := string(slotFile(t, c, "cmdline-"+slot+".txt")); !strings.HasSuffix(got, " kiosk.slot="+slot+"\n") {
			t.Errorf("slot %s has the settings %q", slot, got)
		}
	}
	if i, j := strings.Index(config, "[all]"), strings.Index(config, "kernel="); i < 0 || j < i {
		t.Errorf("settings of all slots stand under one of them:\n%s", config)
	}
	if got := string(slotFile(t, c, "cmdline.txt")); strings.Contains(got, "kiosk.slot") {
		t.Errorf("a firmware without filters would take slot %q for granted", got)
	}
	if len(config) > 4<<10 {
		t.Errorf("%d bytes of config.txt", len(config))
	}
}

// TestCompatible: every board has names, and one that there is not has none.
func TestCompatible(t *testing.T) {
	for _, b := range boards() {
		if len(b.known) == 0 || slices.ContainsFunc(b.known, func(n string) bool { return !strings.HasPrefix(n, "raspberrypi,") }) {
			t.Errorf("board %s is known as %q", b.name, b.known)
		}
	}
	if _, err := compatible("pi-9"); err == nil || !strings.Contains(err.Error(), "pi-4") {
		t.Errorf("a board that there is not: %v", err)
	}
}
