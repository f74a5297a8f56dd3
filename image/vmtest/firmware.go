package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"badgekiosk/image/vmtest/fdt"
	"badgekiosk/provision/stick"
)

// A start is what a board's firmware hands to the kernel.
type start struct {
	part              int  // of the card, that it was read from
	tried             bool // once, because somebody asked for it
	kernel, initramfs []byte
	tree              *fdt.Node
	arguments         string
}

// The board that is emulated: its tree, the name of its sections in
// config.txt, and the number by which it is known, as its firmware has them.
const (
	boardTree     = "bcm2710-rpi-3-b.dtb"
	boardSection  = "pi3"
	boardRevision = 0xa02082
)

// firmware does what a board's does when it starts from card: it follows
// autoboot.txt to a part, and that part's config.txt to a kernel, a device
// tree with overlays, an initramfs and the kernel's arguments. tryboot is the
// flag that a reboot may leave behind for the next start alone.
//
// It knows the settings that our card uses; the error names any other, so
// that none is passed over.
//
// Source: Raspberry Pi documentation, "autoboot.txt", "config.txt".
func firmware(card io.ReaderAt, tryboot bool) (s start, err error) {
	first, err := volume(card, 1)
	if err != nil {
		return s, err
	}
	s.tried = tryboot
	if s.part, err = autoboot(first, tryboot); err != nil {
		return s, err
	}
	system, err := volume(card, s.part)
	if err != nil {
		return s, err
	}
	if err := s.configure(system, tryboot); err != nil {
		return s, fmt.Errorf("part %d: %w", s.part, err)
	}
	s.tell()
	return s, nil
}

// parts is how many a card's table can name.
const parts = 4

// place is where a part of a card is, and how large, in bytes.
func place(card io.ReaderAt, part int) (at, size int64, err error) {
	record := make([]byte, 512)
	if _, err := card.ReadAt(record, 0); err != nil {
		return 0, 0, err
	}
	if part < 1 || part > parts || record[510] != 0x55 || record[511] != 0xaa {
		return 0, 0, fmt.Errorf("the card has no part %d", part)
	}
	e := record[446+16*(part-1):]
	return int64(binary.LittleEndian.Uint32(e[8:])) * 512, int64(binary.LittleEndian.Uint32(e[12:])) * 512, nil
}

// volume opens the file system of a part.
func volume(card io.ReaderAt, part int) (fs.FS, error) {
	at, size, err := place(card, part)
	if err != nil {
		return nil, err
	}
	v, err := stick.Volumes(io.NewSectionReader(card, at, size))
	if err != nil {
		return nil, fmt.Errorf("part %d: %w", part, err)
	}
	return v[0], nil
}

// autoboot is the part that autoboot.txt names.
func autoboot(first fs.FS, tryboot bool) (int, error) {
	text, err := fs.ReadFile(first, "autoboot.txt")
	if err != nil {
		return 0, err
	}
	part, both := 1, false
	err = settings(string(text), 1, tryboot, func(key, value string) error {
		var err error
		switch key {
		case "boot_partition":
			part, err = strconv.Atoi(value)
		case "tryboot_a_b":
			both = value == "1"
		default:
			err = errUnknown
		}
		return err
	})
	if err == nil && tryboot && !both {
		err = errors.New("tryboot_a_b is not set: tryboot.txt is not followed here")
	}
	if err != nil {
		return 0, fmt.Errorf("autoboot.txt: %w", err)
	}
	return part, nil
}

var errUnknown = errors.New("this setting is not followed here")

// settings calls each for every setting in force, on the board's start from a
// part.
func settings(text string, part int, tryboot bool, each func(key, value string) error) error {
	on := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			switch name = strings.TrimSuffix(name, "]"); {
			case name == "all" || name == boardSection:
				on = true
			case name == "tryboot":
				on = tryboot
			case strings.HasPrefix(name, "boot_partition="):
				on = name == fmt.Sprintf("boot_partition=%d", part)
			case name == "none" || slices.Contains([]string{"pi0", "pi02", "pi1", "pi2", "pi4", "pi400", "pi5"}, name):
				on = false
			default:
				return fmt.Errorf("section [%s]: %w", name, errUnknown)
			}
			continue
		}
		if !on || line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if rest, ok := strings.CutPrefix(line, "initramfs "); ok {
			key, value = "initramfs", rest
		}
		if err := each(key, value); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return nil
}

// configure follows config.txt of a system, and the kernel's arguments that
// it names.
func (s *start) configure(system fs.FS, tryboot bool) error {
	text, err := fs.ReadFile(system, "config.txt")
	if err != nil {
		return err
	}
	if s.tree, err = tree(system, boardTree); err != nil {
		return err
	}
	var overlay *fdt.Node // that parameters are for, until the next one
	lay := func() error {
		if overlay == nil {
			return nil
		}
		o := overlay
		overlay = nil
		return s.tree.Apply(o)
	}
	wide, line := false, "cmdline.txt"
	err = settings(string(text), s.part, tryboot, func(key, value string) (err error) {
		switch key {
		case "arm_64bit":
			wide = value == "1"
		case "kernel":
			s.kernel, err = fs.ReadFile(system, value)
		case "initramfs":
			name, where, _ := strings.Cut(value, " ")
			if where != "followkernel" {
				return errUnknown
			}
			s.initramfs, err = fs.ReadFile(system, name)
		case "cmdline":
			line = value
		case "enable_uart", "disable_splash", "kernel_watchdog_timeout": // of the firmware's own
		case "dtoverlay":
			words := strings.Split(value, ",")
			if err = lay(); err == nil {
				overlay, err = tree(system, "overlays/"+words[0]+".dtbo")
			}
			for _, p := range words[1:] {
				err = errors.Join(err, param(overlay, p))
			}
		case "dtparam":
			if overlay != nil {
				return param(overlay, value)
			}
			err = param(s.tree, value)
		default:
			err = errUnknown
		}
		return err
	})
	if err := errors.Join(err, lay()); err != nil {
		return fmt.Errorf("config.txt: %w", err)
	}
	if !wide || s.kernel == nil {
		return errors.New("config.txt names no kernel of 64 bits")
	}
	words, err := fs.ReadFile(system, line)
	s.arguments = strings.TrimSpace(s.tree.Find("chosen").Text("bootargs") + " " + strings.TrimSpace(string(words)))
	return err
}

func tree(system fs.FS, name string) (*fdt.Node, error) {
	data, err := fs.ReadFile(system, name)
	if err != nil {
		return nil, err
	}
	t, err := fdt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// param sets "name=value", or "name", which is on.
func param(of *fdt.Node, setting string) error {
	if of == nil {
		return fmt.Errorf("parameter %s of nothing", setting)
	}
	name, value, ok := strings.Cut(setting, "=")
	if !ok {
		value = "on"
	}
	return of.Param(name, value)
}

// tell writes into the tree what a kernel finds there on a board alone.
// Source: Raspberry Pi documentation, "Device tree", "Common bootloader
// properties".
func (s *start) tell() {
	s.tree.Make("system").Set("linux,revision", fdt.Word(boardRevision))
	b := s.tree.Make("chosen/bootloader")
	b.Set("partition", fdt.Word(uint32(s.part)))
	b.Set("tryboot", fdt.Word(map[bool]uint32{true: 1}[s.tried]))
	s.tree.Find("chosen").Set("bootargs", fdt.String(s.arguments))
}
