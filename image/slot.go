package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"badgekiosk/image/cpio"
	"badgekiosk/image/fat32"
)

// The inputs, by the last word of their modules.
const (
	kernelInput   = "kernel.rpi"
	firmwareInput = "firmware"
	rootsInput    = "fallback"
)

// firmwareFiles start a board: bootcode.bin up to the Pi 3 and Zero 2 W, the
// others by the kind of processor.
func firmwareFiles() []string {
	return []string{bootcode, "start.elf", "fixup.dat", "start4.elf", "fixup4.dat", "LICENSE.broadcom"}
}

// bootcode is what the oldest boards read first, from the first part too.
const bootcode = "bootcode.bin"

// slot is a whole system, about says which.
func slot(s sources, trees []string, kiosk, about []byte, fonts []cpio.File) ([]fat32.File, error) {
	var files []fat32.File
	take := func(from, name string) error {
		data, err := s.read(from, name)
		files = append(files, fat32.File{Name: name, Data: data})
		return err
	}
	for _, name := range firmwareFiles() {
		if err := take(firmwareInput, name); err != nil {
			return nil, err
		}
	}
	for _, name := range append([]string{"vmlinuz"}, trees...) {
		if err := take(kernelInput, name); err != nil {
			return nil, err
		}
	}
	overlays, err := fs.Glob(s[kernelInput], "overlays/*.dtb*")
	if err != nil {
		return nil, err
	}
	for _, name := range overlays {
		if err := take(kernelInput, name); err != nil {
			return nil, err
		}
	}
	release, err := s.release()
	if err != nil {
		return nil, err
	}
	parts, err := modules(s, release, wanted())
	if err != nil {
		return nil, err
	}
	trusted, err := certificates(s)
	if err != nil {
		return nil, err
	}
	self := cpio.File{Name: aboutName, Mode: cpio.Regular | 0o644, Data: about}
	first, err := initramfs(kiosk, parts, append(append(trusted, fonts...), self))
	if err != nil {
		return nil, err
	}
	return append(files, fat32.File{Name: "initramfs.cpio.gz", Data: first},
		fat32.File{Name: aboutName, Data: about},
		fat32.File{Name: "config.txt", Data: []byte(firmwareSettings)},
		fat32.File{Name: "cmdline.txt", Data: []byte(kernelSettings(""))},
		fat32.File{Name: "cmdline-a.txt", Data: []byte(kernelSettings("a"))},
		fat32.File{Name: "cmdline-b.txt", Data: []byte(kernelSettings("b"))}), nil
}

// release is the kernel's, from the folder of its modules.
func (s sources) release() (string, error) {
	if s[kernelInput] == nil {
		return "", fmt.Errorf("inputs.lock names no %s", kernelInput)
	}
	found, err := fs.Glob(s[kernelInput], "lib/modules/*/modules.dep")
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("%s has modules for %d kernels, want one: %s", kernelInput, len(found), strings.Join(found, " "))
	}
	return path.Base(path.Dir(found[0])), nil
}
