package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"badgekiosk/image/fat32"
	"badgekiosk/image/mbr"
	"badgekiosk/image/vmtest/fdt"
)

// memory is a card.
type memory []byte

func (m memory) WriteAt(b []byte, at int64) (int, error) { return copy(m[at:], b), nil }

// Settings as a card has them.
const (
	bothSlots = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"
	config    = "[boot_partition=2]\ncmdline=a.txt\n[boot_partition=3]\ncmdline=b.txt\n[all]\narm_64bit=1\nkernel=vmlinuz\ninitramfs first.gz followkernel\n[pi4]\nkernel=none\n[all]\ndtparam=spi=on\ndtoverlay=clock,ds\n"
)

// boardDTB is a device tree with all that is changed for the emulator.
func boardDTB() []byte {
	n := &fdt.Node{}
	n.Make("soc/spi@7e204000").Set("dmas", fdt.Word(1))
	n.Make("soc/spi@7e204000").Set("dma-names", fdt.String("tx"))
	n.Make("soc/spi@7e204000").Set("phandle", fdt.Word(3))
	n.Make("soc/usb@7e980000").Set("compatible", fdt.String("brcm,bcm2708-usb"))
	n.Make("chosen").Set("bootargs", fdt.String("tree=1"))
	n.Make("__symbols__").Set("spi", fdt.String("/soc/spi@7e204000"))
	n.Make("__overrides__").Set("spi", append(fdt.Word(3), "status\x00"...))
	return n.Bytes()
}

func overlay() []byte {
	n := &fdt.Node{}
	n.Make("fragment@0").Set("target", fdt.Word(0xffffffff))
	n.Make("fragment@0/__dormant__").Set("clocked", nil)
	n.Make("__fixups__").Set("spi", fdt.String("/fragment@0:target:0"))
	n.Make("__overrides__").Set("ds", append(fdt.Word(0), "+0\x00"...))
	return n.Bytes()
}

// card is a card of three parts, whose slots differ in a word.
func card(t *testing.T, auto, settings string) memory {
	t.Helper()
	const start, count = mbr.Align, 40 << 20 / mbr.Sector
	m := make(memory, (start+3*count)*mbr.Sector)
	var all []mbr.Partition
	for i, files := range [][]fat32.File{
		{{Name: "autoboot.txt", Data: []byte(auto)}}, system("a", settings), system("b", settings), // slots
	} {
		p := mbr.Partition{Type: mbr.FAT32, Start: start + uint32(i)*count, Count: count}
		all = append(all, p)
		v := fat32.Volume{Label: "PART", Size: count * mbr.Sector, Start: p.Start}
		if err := v.Write(offset{m, int64(p.Start) * mbr.Sector}, files); err != nil {
			t.Fatal(err)
		}
	}
	record, err := mbr.Record(1, all)
	if err != nil {
		t.Fatal(err)
	}
	copy(m, record)
	return m
}

type offset struct {
	memory
	by int64
}

func (o offset) WriteAt(b []byte, at int64) (int, error) { return o.memory.WriteAt(b, at+o.by) }

func system(slot, settings string) []fat32.File {
	return []fat32.File{
		{Name: "config.txt", Data: []byte(settings)},
		{Name: slot + ".txt", Data: []byte("console=ttyS0,115200 quiet loglevel=3 kiosk.slot=" + slot + "\n")},
		{Name: "vmlinuz", Data: []byte("kernel " + slot)}, {Name: "first.gz", Data: []byte("files " + slot)},
		{Name: boardTree, Data: boardDTB()}, {Name: "overlays/clock.dtbo", Data: overlay()},
	}
}

// TestFirmware follows a card to slot A, and to slot B where somebody asked
// for it, with all that config.txt says.
func TestFirmware(t *testing.T) {
	c := bytes.NewReader(card(t, bothSlots, config))
	for _, want := range []struct {
		tryboot bool
		part    int
		slot    string
		flag    byte
	}{{false, 2, "a", 0}, {true, 3, "b", 1}} {
		s, err := firmware(c, want.tryboot)
		if err != nil {
			t.Fatal(err)
		}
		if s.part != want.part || string(s.kernel) != "kernel "+want.slot || string(s.initramfs) != "files "+want.slot {
			t.Errorf("tryboot %t: part %d, %s, %s", want.tryboot, s.part, s.kernel, s.initramfs)
		}
		if w := "tree=1 console=ttyS0,115200 quiet loglevel=3 kiosk.slot=" + want.slot; s.arguments != w {
			t.Errorf("arguments %q, want %q", s.arguments, w)
		}
		bus := s.tree.Find("/soc/spi@7e204000")
		if _, clocked := bus.Get("clocked"); !clocked || bus.Text("status") != "okay" {
			t.Errorf("the bus is %+v", bus)
		}
		if flag, _ := s.tree.Find("/chosen/bootloader").Get("tryboot"); !bytes.Equal(flag, []byte{0, 0, 0, want.flag}) {
			t.Errorf("tryboot %t is told as %x", want.tryboot, flag)
		}
	}
}

// TestFirmwareRefuses names what it would have to pass over.
func TestFirmwareRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		auto, config string
		tryboot      bool
		want         string
	}{
		"autoboot":  {"boot_ramdisk=1\n" + bothSlots, config, false, "boot_ramdisk"},
		"one slot":  {"boot_partition=2\n", config, true, "tryboot_a_b"},
		"no number": {"boot_partition=two\n", config, false, "two"},
		"setting":   {bothSlots, config + "gpio=4=op\n", false, "gpio=4=op"},
		"section":   {bothSlots, config + "[EDID=X]\n", false, "EDID=X"},
		"parameter": {bothSlots, config + "dtparam=i2s=on\n", false, "i2s"},
		"overlay":   {bothSlots, config + "dtoverlay=none\n", false, "none"},
		"32 bits":   {bothSlots, strings.Replace(config, "arm_64bit=1\n", "", 1), false, "64 bits"},
		"initramfs": {bothSlots, config + "initramfs first.gz 0x10\n", false, "0x10"},
		"no kernel": {bothSlots, strings.Replace(config, "kernel=vmlinuz", "kernel=gone", 1), false, "gone"},
	} {
		files := fstest.MapFS{"autoboot.txt": {Data: []byte(c.auto)}}
		for _, f := range system("a", c.config) {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		s := start{}
		var err error
		if s.part, err = autoboot(files, c.tryboot); err == nil {
			err = s.configure(files, c.tryboot)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

// TestDifferences holds that those named are made, and that any other is
// found.
func TestDifferences(t *testing.T) {
	real, err := firmware(bytes.NewReader(card(t, bothSlots, config)), false)
	if err != nil {
		t.Fatal(err)
	}
	told, err := real.differ(equipment{})
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyDifferences(real, told, equipment{}); err != nil {
		t.Error(err)
	}
	words := strings.Fields(told.arguments)
	if slices.Contains(words, "quiet") || !slices.Contains(words, "console=ttyAMA0,115200") || !slices.Contains(words, "kiosk.slot=a") {
		t.Errorf("arguments %q", told.arguments)
	}
	if _, left := told.tree.Find("/soc/spi@7e204000").Get("dmas"); left {
		t.Error("dmas are left")
	}
	if _, there := real.tree.Find("/soc/spi@7e204000").Get("dmas"); !there {
		t.Error("what the firmware hands over was changed too")
	}
	for name, spoil := range map[string]func(*start){
		"argument":  func(s *start) { s.arguments += " init=/bin/sh" },
		"property":  func(s *start) { s.tree.Find("chosen").Set("secret", nil) },
		"node":      func(s *start) { s.tree.Make("soc/gift") },
		"kernel":    func(s *start) { s.kernel = []byte("another") },
		"forgotten": func(s *start) { s.arguments = strings.Replace(s.arguments, " maxcpus=1", "", 1) },
	} {
		bad, err := real.differ(equipment{})
		if err != nil {
			t.Fatal(err)
		}
		spoil(&bad)
		if verifyDifferences(real, bad, equipment{}) == nil {
			t.Errorf("%s: not found", name)
		}
	}
}

// TestNoPart refuses a part that is not on the card.
func TestNoPart(t *testing.T) {
	c := bytes.NewReader(card(t, "boot_partition=7\n", config))
	if _, err := firmware(c, false); err == nil || !strings.Contains(err.Error(), "no part 7") {
		t.Errorf("got %v", err)
	}
}

// TestFirmwareMangled flips bytes of a card's table and of its settings:
// nothing panics.
func TestFirmwareMangled(t *testing.T) {
	whole := card(t, bothSlots, config)
	for at := 440; at < 512; at++ {
		b := whole[at]
		for _, flip := range []byte{1, 0x80, 0xff} {
			whole[at] = b ^ flip
			_, _ = firmware(bytes.NewReader(whole), true)
		}
		whole[at] = b
	}
}

func FuzzSettings(f *testing.F) {
	f.Add(bothSlots, true)
	f.Add(config, false)
	f.Fuzz(func(t *testing.T, text string, tryboot bool) {
		_ = settings(text, 2, tryboot, func(string, string) error { return nil })
	})
}
