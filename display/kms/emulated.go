package kms

import (
	"fmt"
	"image"
	"image/color"
	"sync"
	"syscall"
)

// A Glass is an emulated card with one screen: what a person would see, and
// what the caller did wrong. It is for tests and demonstrations.
type Glass struct {
	mu       sync.Mutex
	size     image.Point
	inks     color.Palette
	lazy     bool
	mem      []byte // the dumb buffer
	front    []byte // what a lazy card has shown
	fb       uint32
	lit      uint32 // frame buffer that the screen shows, 0 is none
	faults   []string
	shows    func(*image.Paletted)
	unplug   bool
	failures map[string]error
}

// Emulate is the driver on an emulated card, whose screen has size pixels.
// Lazy cards, as SPI panels with a kernel driver are, show changes only when
// told of them. inks are the palette of Glass's pictures.
func Emulate(size image.Point, lazy bool, inks color.Palette) (*Dev, *Glass, error) {
	g := newGlass(size, lazy, inks)
	d, err := openCard(g)
	return d, g, err
}

func newGlass(size image.Point, lazy bool, inks color.Palette) *Glass {
	return &Glass{size: size, lazy: lazy, inks: inks, failures: map[string]error{}}
}

// Size is how large the screen is.
func (g *Glass) Size() image.Point { return g.size }

// Misuse is what the caller did wrong, in order.
func (g *Glass) Misuse() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.faults...)
}

// OnShow has see called with each picture from now on.
func (g *Glass) OnShow(see func(*image.Paletted)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shows = see
}

// Picture is what a person sees: black while the screen is off.
func (g *Glass) Picture() *image.Paletted {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.picture()
}

func (g *Glass) picture() *image.Paletted {
	img := image.NewPaletted(image.Rectangle{Max: g.size}, g.inks)
	index := map[[3]byte]uint8{}
	for i := len(g.inks) - 1; i >= 0; i-- {
		r, gr, b, _ := g.inks[i].RGBA()
		index[[3]byte{byte(b >> 8), byte(gr >> 8), byte(r >> 8)}] = uint8(i)
	}
	mem := g.mem
	if g.lazy {
		mem = g.front
	}
	for i := range img.Pix {
		var c [3]byte
		if at := i/g.size.X*g.pitch() + i%g.size.X*4; g.lit != 0 && at < len(mem) {
			c = [3]byte(mem[at : at+3])
		}
		img.Pix[i] = index[c]
	}
	return img
}

func (g *Glass) pitch() int { return (g.size.X*4 + 63) &^ 63 } // cards align lines

func (g *Glass) fault(format string, args ...any) {
	g.faults = append(g.faults, fmt.Sprintf(format, args...))
}

// fail is the failure injected for a call, if any.
func (g *Glass) fail(call string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failures[call]
}

const (
	theCRTC, theConnector, theEncoder, theHandle, theFB = 31, 32, 33, 1, 77
)

func (g *Glass) resources() (crtcs, connectors []uint32, err error) {
	return []uint32{theCRTC - 1, theCRTC}, []uint32{theConnector - 1, theConnector}, g.fail("resources")
}

func (g *Glass) connector(id uint32) (connector, error) {
	if id != theConnector {
		return connector{id: id}, nil // a socket with nothing in it
	}
	return connector{
		id: id, connected: !g.unplug, mm: image.Pt(g.size.X*254/1330, g.size.Y*254/1330),
		modes: []mode{{size: g.size}, {size: image.Pt(640, 480)}}, encoders: []uint32{theEncoder},
	}, g.fail("connector")
}

func (g *Glass) encoderCRTCs(encoder uint32) (current, possible uint32, err error) {
	if encoder != theEncoder {
		return 0, 0, syscall.ENOENT
	}
	return 0, 1 << 1, nil // the second of the list
}

func (g *Glass) crtc(id uint32) (crtcState, error) { return crtcState{id: id}, nil }

func (g *Glass) createDumb(size image.Point) (dumb, error) {
	if size != g.size {
		g.fault("buffer of %v for a screen of %v", size, g.size)
	}
	if err := g.fail("createDumb"); err != nil {
		return dumb{}, err
	}
	g.mem, g.front = make([]byte, g.pitch()*size.Y), make([]byte, g.pitch()*size.Y)
	return dumb{theHandle, uint32(g.pitch()), len(g.mem)}, nil
}

func (g *Glass) addFB(d dumb, size image.Point) (uint32, error) {
	if d.handle != theHandle || int(d.pitch) != g.pitch() || size != g.size {
		g.fault("frame of %v from buffer %+v", size, d)
		return 0, syscall.EINVAL
	}
	g.fb = theFB
	return g.fb, g.fail("addFB")
}

func (g *Glass) mapDumb(d dumb) ([]byte, error) {
	if d.handle != theHandle {
		return nil, syscall.ENOENT
	}
	return g.mem, g.fail("mapDumb")
}

func (g *Glass) setCRTC(s crtcState) error {
	if err := g.fail("setCRTC"); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.id != theCRTC || s.fb != g.fb || len(s.connectors) != 1 || s.connectors[0] != theConnector || s.mode == nil || s.mode.size != g.size {
		g.fault("screen set to %+v", s)
		return syscall.EINVAL
	}
	g.lit = s.fb
	return nil
}

func (g *Glass) dirty(fb uint32, r image.Rectangle) error {
	if err := g.fail("dirty"); err != nil {
		return err
	}
	img, see, err := g.flush(fb, r)
	if see != nil && err == nil {
		see(img)
	}
	if err == nil && !g.lazy {
		return errNoDirty
	}
	return err
}

// flush shows r, and returns what is seen then and who is to be told.
func (g *Glass) flush(fb uint32, r image.Rectangle) (*image.Paletted, func(*image.Paletted), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if fb != g.fb || !r.In(image.Rectangle{Max: g.size}) || r.Empty() {
		g.fault("change of %v in frame %d", r, fb)
		return nil, nil, syscall.EINVAL
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(g.front[y*g.pitch()+r.Min.X*4:y*g.pitch()+r.Max.X*4], g.mem[y*g.pitch()+r.Min.X*4:])
	}
	if g.shows == nil {
		return nil, nil, nil
	}
	return g.picture(), g.shows, nil
}

func (g *Glass) removeFB(fb uint32) {
	if fb != g.fb {
		g.fault("frame %d removed, there is %d", fb, g.fb)
	}
	g.fb, g.lit = 0, 0
}

func (g *Glass) destroyDumb(d dumb, mem []byte) {
	if d.handle != theHandle {
		g.fault("buffer %d destroyed", d.handle)
	}
	g.mem, g.front = nil, nil
}

func (g *Glass) close() error {
	if g.fb != 0 || g.mem != nil {
		g.fault("closed with a frame or a buffer left")
	}
	return nil
}
