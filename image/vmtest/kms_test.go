package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
	"testing"

	"badgekiosk/image/cpio"
)

// module is the least of a kernel module: what it needs.
func module(t *testing.T, depends string) []byte {
	t.Helper()
	names, info := "\x00.modinfo\x00.shstrtab\x00", "license=GPL\x00depends="+depends+"\x00"
	const head = 64
	h := elf.Header64{Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: 1, Machine: uint16(elf.EM_AARCH64), Version: 1,
		Shoff: uint64(head + len(names) + len(info)), Ehsize: head, Shentsize: 64, Shnum: 3, Shstrndx: 2}
	var b bytes.Buffer
	for _, v := range []any{h, []byte(names), []byte(info), elf.Section64{},
		elf.Section64{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: uint64(head + len(names)), Size: uint64(len(info))},
		elf.Section64{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: head, Size: uint64(len(names))}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// TestModulesIn: drivers are laid out so that each comes after what it needs,
// once, and nobody else's.
func TestModulesIn(t *testing.T) {
	archive, err := cpio.Archive([]cpio.File{
		{Name: "lib", Mode: cpio.Dir | 0o755},
		{Name: "lib/virtio-gpu.ko", Mode: cpio.Regular, Data: module(t, "drm,virtio_dma-buf,built_in")},
		{Name: "lib/drm.ko", Mode: cpio.Regular, Data: module(t, "")},
		{Name: "lib/other.ko", Mode: cpio.Regular, Data: module(t, "drm")},
		{Name: "lib/virtio_dma_buf.ko", Mode: cpio.Regular, Data: module(t, "drm")},
		{Name: "lib/modules.dep", Mode: cpio.Regular, Data: []byte("text")},
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := modulesIn(archive, []string{"virtio_gpu", "drm"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if got, want := strings.Join(names, " "), "modules modules/spare-01-drm.ko modules/spare-02-virtio_dma_buf.ko modules/spare-03-virtio_gpu.ko"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if _, err := modulesIn(archive, []string{"bochs"}); err == nil {
		t.Error("a driver that is not there was found")
	}
	for n := range archive { // cut anywhere it is an error, never a panic
		if _, err := modulesIn(archive[:n], []string{"virtio_gpu"}); err == nil && n < len(archive)-1024 {
			t.Fatalf("an archive of %d of %d bytes was taken", n, len(archive))
		}
	}
}
