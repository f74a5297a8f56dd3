package kms

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"

	"badgekiosk/display"
)

// Open takes over the first connected screen of the card at path, as
// /dev/dri/card0; "" tries every card, and then /dev/fb0.
//
// The errors are display.ErrNoScreen, wrapped, if no screen is connected, or
// the kernel's.
func Open(path string) (*Dev, error) {
	if path != "" {
		return openPath(path)
	}
	cards, _ := filepath.Glob("/dev/dri/card*")
	slices.Sort(cards)
	var all error
	for _, path := range append(cards, "/dev/fb0") {
		d, err := openPath(path)
		if err == nil {
			return d, nil
		}
		all = errors.Join(all, err)
	}
	return nil, fmt.Errorf("kms: %w", errors.Join(display.ErrNoScreen, all))
}

func openPath(path string) (*Dev, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	var d *Dev
	if match, _ := filepath.Match("fb*", filepath.Base(path)); match {
		d, err = openFrameBuffer(f)
	} else {
		d, err = openCard(&kernelCard{f})
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("kms: %s: %w", path, err)
	}
	return d, nil
}

// A kernelCard is a real card.
type kernelCard struct{ *os.File }

// The ioctls of DRM used here, by number: include/uapi/drm/drm.h.
const (
	getResources = 0xA0
	getCRTC      = 0xA1
	setCRTC      = 0xA2
	getEncoder   = 0xA6
	getConnector = 0xA7
	addFB        = 0xAE
	removeFB     = 0xAF
	dirtyFB      = 0xB1
	createDumb   = 0xB2
	mapDumb      = 0xB3
	destroyDumb  = 0xB4
)

// call makes the ioctl whose argument is v: _IOWR('d', number, *v).
func call[T any](c *kernelCard, number uintptr, v *T) error {
	const readWrite = 3 << 30
	request := readWrite | unsafe.Sizeof(*v)<<16 | 'd'<<8 | number
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, c.Fd(), request, uintptr(unsafe.Pointer(v)))
		switch errno {
		case 0:
			return nil
		case unix.EINTR, unix.EAGAIN:
		default:
			return errno
		}
	}
}

// The kernel's structures, field by field: include/uapi/drm/drm_mode.h.
type (
	drmResources struct {
		FBs, CRTCs, Connectors, Encoders     uint64
		NFBs, NCRTCs, NConnectors, NEncoders uint32
		MinW, MaxW, MinH, MaxH               uint32
	}
	drmConnector struct {
		Encoders, Modes, Props, Values uint64
		NModes, NProps, NEncoders      uint32
		Encoder, ID, Type, TypeID      uint32
		Connection, MmW, MmH, Subpixel uint32
		_                              uint32
	}
	drmEncoder struct{ ID, Type, CRTC, PossibleCRTCs, PossibleClones uint32 }
	drmCRTC    struct {
		Connectors          uint64
		NConnectors, ID, FB uint32
		X, Y, Gamma, Valid  uint32
		Mode                [68]byte
	}
	drmDumb struct {
		Height, Width, Bpp, Flags, Handle, Pitch uint32
		Size                                     uint64
	}
	drmFB  struct{ ID, Width, Height, Pitch, Bpp, Depth, Handle uint32 }
	drmMap struct {
		Handle, _ uint32
		Offset    uint64
	}
	drmDirty struct {
		FB, Flags, Colour, NClips uint32
		Clips                     uint64
	}
	drmClip struct{ X1, Y1, X2, Y2 uint16 }
)

// address is where a slice's first element is, for the kernel. The caller
// keeps the slice alive, and pinned, over the call.
func address[T any](pin *runtime.Pinner, s []T) uint64 {
	if len(s) == 0 {
		return 0
	}
	pin.Pin(&s[0])
	return uint64(uintptr(unsafe.Pointer(&s[0])))
}

// maxObjects is more connectors, modes or encoders than any card has.
const maxObjects = 1024

func (c *kernelCard) resources() (crtcs, connectors []uint32, err error) {
	var r drmResources
	if err := call(c, getResources, &r); err != nil {
		return nil, nil, fmt.Errorf("not a card with screens: %w", err)
	}
	if max(r.NCRTCs, r.NConnectors) > maxObjects {
		return nil, nil, fmt.Errorf("%d screens", r.NConnectors)
	}
	crtcs, connectors = make([]uint32, r.NCRTCs), make([]uint32, r.NConnectors)
	var pin runtime.Pinner
	defer pin.Unpin()
	r = drmResources{
		CRTCs: address(&pin, crtcs), Connectors: address(&pin, connectors),
		NCRTCs: uint32(len(crtcs)), NConnectors: uint32(len(connectors)),
	}
	return crtcs, connectors, call(c, getResources, &r)
}

func (c *kernelCard) connector(id uint32) (connector, error) {
	k := drmConnector{ID: id}
	if err := call(c, getConnector, &k); err != nil {
		return connector{}, err
	}
	if max(k.NModes, k.NEncoders) > maxObjects {
		return connector{}, fmt.Errorf("%d modes", k.NModes)
	}
	modes, encoders := make([][68]byte, k.NModes), make([]uint32, k.NEncoders)
	var pin runtime.Pinner
	defer pin.Unpin()
	k = drmConnector{
		ID: id, Modes: address(&pin, modes), Encoders: address(&pin, encoders),
		NModes: uint32(len(modes)), NEncoders: uint32(len(encoders)),
	}
	if err := call(c, getConnector, &k); err != nil {
		return connector{}, err
	}
	const plugged = 1 // DRM_MODE_CONNECTED
	out := connector{id: id, connected: k.Connection == plugged, mm: image.Pt(int(k.MmW), int(k.MmH)), encoders: encoders}
	for _, m := range modes[:min(len(modes), int(k.NModes))] {
		out.modes = append(out.modes, newMode(m))
	}
	return out, nil
}

// newMode finds the size in a struct drm_mode_modeinfo: hdisplay and vdisplay
// are its third and eighth 16-bit words.
func newMode(raw [68]byte) mode {
	word := func(i int) int { return int(*(*uint16)(unsafe.Pointer(&raw[2*i]))) }
	return mode{image.Pt(word(2), word(7)), raw}
}

func (c *kernelCard) encoderCRTCs(encoder uint32) (current, possible uint32, err error) {
	e := drmEncoder{ID: encoder}
	err = call(c, getEncoder, &e)
	return e.CRTC, e.PossibleCRTCs, err
}

func (c *kernelCard) crtc(id uint32) (crtcState, error) {
	k := drmCRTC{ID: id}
	if err := call(c, getCRTC, &k); err != nil {
		return crtcState{}, err
	}
	s := crtcState{id: id, fb: k.FB}
	if k.Valid != 0 && k.FB != 0 {
		m := newMode(k.Mode)
		s.mode = &m
	}
	return s, nil
}

func (c *kernelCard) createDumb(size image.Point) (dumb, error) {
	b := drmDumb{Width: uint32(size.X), Height: uint32(size.Y), Bpp: 32}
	err := call(c, createDumb, &b)
	return dumb{b.Handle, b.Pitch, int(b.Size)}, err
}

func (c *kernelCard) addFB(d dumb, size image.Point) (uint32, error) {
	f := drmFB{Width: uint32(size.X), Height: uint32(size.Y), Pitch: d.pitch, Bpp: 32, Depth: 24, Handle: d.handle}
	err := call(c, addFB, &f)
	return f.ID, err
}

func (c *kernelCard) mapDumb(d dumb) ([]byte, error) {
	m := drmMap{Handle: d.handle}
	if err := call(c, mapDumb, &m); err != nil {
		return nil, err
	}
	return unix.Mmap(int(c.Fd()), int64(m.Offset), d.bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (c *kernelCard) setCRTC(s crtcState) error {
	var pin runtime.Pinner
	defer pin.Unpin()
	k := drmCRTC{ID: s.id, FB: s.fb, Connectors: address(&pin, s.connectors), NConnectors: uint32(len(s.connectors)), Valid: 1, Mode: s.mode.raw}
	return call(c, setCRTC, &k)
}

func (c *kernelCard) dirty(fb uint32, r image.Rectangle) error {
	clip := []drmClip{{uint16(r.Min.X), uint16(r.Min.Y), uint16(r.Max.X), uint16(r.Max.Y)}}
	var pin runtime.Pinner
	defer pin.Unpin()
	err := call(c, dirtyFB, &drmDirty{FB: fb, NClips: 1, Clips: address(&pin, clip)})
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EOPNOTSUPP) {
		return errNoDirty
	}
	return err
}

func (c *kernelCard) removeFB(fb uint32) { _ = call(c, removeFB, &fb) }

func (c *kernelCard) destroyDumb(d dumb, mem []byte) {
	if mem != nil {
		_ = unix.Munmap(mem)
	}
	_ = call(c, destroyDumb, &d.handle)
}

func (c *kernelCard) close() error { return c.Close() }
