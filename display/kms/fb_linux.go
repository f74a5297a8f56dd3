package kms

import (
	"fmt"
	"image"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A frameBuffer is the older way, which some SPI LCDs' drivers have alone.
type frameBuffer struct {
	*os.File
	mem          []byte
	pitch, depth int
}

// The kernel's structures: include/uapi/linux/fb.h.
type (
	fbBitfield struct{ Offset, Length, MsbRight uint32 }
	fbVar      struct {
		X, Y, VirtualX, VirtualY, OffsetX, OffsetY, Bpp, Grey uint32
		Red, Green, Blue, Alpha                               fbBitfield
		Nonstd, Activate, MmH, MmW                            uint32
		_                                                     [16]uint32
	}
	fbFix struct {
		ID                         [16]byte
		Start                      uintptr
		Len, Type, TypeAux, Visual uint32
		PanX, PanY, WrapY, _       uint16
		LineLength                 uint32
		MmioStart                  uintptr
		MmioLen, Accel             uint32
		Capabilities               uint16
		_                          [2]uint16
	}
)

const (
	fbGetVar = 0x4600
	fbGetFix = 0x4602
)

func openFrameBuffer(f *os.File) (*Dev, error) {
	var v fbVar
	var x fbFix
	if err := fbCall(f, fbGetVar, unsafe.Pointer(&v)); err != nil {
		return nil, fmt.Errorf("not a frame buffer: %w", err)
	}
	if err := fbCall(f, fbGetFix, unsafe.Pointer(&x)); err != nil {
		return nil, err
	}
	b := &frameBuffer{File: f, pitch: int(x.LineLength), depth: int(v.Bpp / 8)}
	packed := b.depth == 4 && v.Red.Offset == 16 || b.depth == 2 && v.Red.Offset == 11 && v.Green.Length == 6
	if !packed || int(v.X)*b.depth > b.pitch || int(v.Y)*b.pitch > int(x.Len) {
		return nil, fmt.Errorf("pixels of %d bits, red from bit %d, are not supported", v.Bpp, v.Red.Offset)
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, int(x.Len), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	b.mem = mem
	return newDev(b, image.Pt(int(v.X), int(v.Y)), image.Pt(int(int32(v.MmW)), int(int32(v.MmH))))
}

func fbCall(f *os.File, request uintptr, v unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(v)); errno != 0 {
		return errno
	}
	return nil
}

func (b *frameBuffer) frame() ([]byte, int, int)   { return b.mem, b.pitch, b.depth }
func (b *frameBuffer) flush(image.Rectangle) error { return nil }

func (b *frameBuffer) close() error {
	if err := unix.Munmap(b.mem); err != nil {
		return err
	}
	return b.File.Close()
}
