package v4l2

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/scanner"
)

// A fake is a camera's side of the kernel's interface.
type fake struct {
	t       *testing.T
	caps    uint32
	formats []string
	pad     int // bytes that the kernel adds to each row
	size    image.Point
	frames  []frame // what it will see, in order
	ready   int     // how many of them are waiting when asked
	pulled  bool

	maps   [][]byte
	queued []uint32
	chosen string
	stride int
	closed bool
}

type frame struct {
	data  []byte
	flags uint32
}

func (f *fake) ioctl(req uintptr, b []byte) error {
	if f.pulled {
		return syscall.ENODEV
	}
	switch req {
	case querycap:
		copy(b[16:], "Fake camera")
		native.PutUint32(b[84:], f.caps|capDeviceCaps)
		native.PutUint32(b[88:], f.caps)
	case enumFmt:
		i := int(native.Uint32(b))
		if i >= len(f.formats) {
			return syscall.EINVAL
		}
		native.PutUint32(b[44:], fourCC(f.formats[i]))
	case setFmt:
		pix := b[abi.formatAt:]
		native.PutUint32(pix, uint32(f.size.X)) // whatever was asked
		native.PutUint32(pix[4:], uint32(f.size.Y))
		for _, m := range formats {
			if fourCC(m.code) == native.Uint32(pix[8:]) {
				f.chosen, f.stride = m.code, f.size.X*m.bytes+f.pad
			}
		}
		native.PutUint32(pix[16:], uint32(f.stride))
	case reqbufs:
		native.PutUint32(b, 3)
	case querybuf:
		i := native.Uint32(b[atIndex:])
		native.PutUint32(b[abi.offsetAt:], i)
		native.PutUint32(b[abi.lenAt:], uint32(f.stride*f.size.Y*2+1024))
	case qbuf:
		f.queued = append(f.queued, native.Uint32(b[atIndex:]))
	case dqbuf:
		if f.ready == 0 || len(f.frames) == 0 || len(f.queued) == 0 {
			return syscall.EAGAIN
		}
		f.ready--
		i := f.queued[0]
		f.queued = f.queued[1:]
		n := copy(f.maps[i], f.frames[0].data)
		native.PutUint32(b[atIndex:], i)
		native.PutUint32(b[atBytesused:], uint32(n))
		native.PutUint32(b[atFlags:], f.frames[0].flags)
		f.frames = f.frames[1:]
	case streamon, streamoff, setCtrl:
	default:
		f.t.Errorf("request %#x", req)
	}
	return nil
}

func (f *fake) mmap(_ int64, length int) ([]byte, error) {
	f.maps = append(f.maps, make([]byte, length))
	return f.maps[len(f.maps)-1], nil
}
func (f *fake) munmap([]byte) error { return nil }
func (f *fake) close() error        { f.closed = true; return nil }
func (f *fake) wait(d time.Duration) error {
	if f.pulled {
		return syscall.ENODEV
	}
	if f.ready == 0 {
		time.Sleep(d)
		return syscall.EAGAIN
	}
	return nil
}

const streams = capVideoCapture | capStreaming

// shot is a frame in which every pixel's luma is its column plus ten times
// its row plus n, laid out as the format and padding say.
func shot(format string, size image.Point, pad, n int) []byte {
	var out []byte
	for y := range size.Y {
		for x := range size.X {
			v := byte(x + 10*y + n)
			switch format {
			case "YUYV":
				out = append(out, v, 99)
			case "UYVY":
				out = append(out, 99, v)
			default:
				out = append(out, v)
			}
		}
		out = append(out, make([]byte, pad)...)
	}
	if format == "NV12" {
		out = append(out, make([]byte, len(out)/2)...)
	}
	return out
}

func TestFormats(t *testing.T) {
	size := image.Pt(21, 4) // no multiple of eight
	for _, format := range []string{"GREY", "NV12", "YUYV", "UYVY"} {
		for _, pad := range []int{0, 24} {
			k := &fake{t: t, caps: streams, formats: []string{"MJPG", format}, size: size, pad: pad, ready: 1, frames: []frame{{shot(format, size, pad, 0), 0}}}
			c, err := start(k, "fake", 1280, 720)
			if err != nil {
				t.Fatal(err)
			}
			if k.chosen != format {
				t.Errorf("chose %s, want %s", k.chosen, format)
			}
			var f scanner.Frame
			if err := c.Next(t.Context(), &f); err != nil {
				t.Fatal(err)
			}
			for y := range size.Y {
				for x := range size.X {
					if got, want := f.GrayAt(x, y).Y, byte(x+10*y); got != want {
						t.Fatalf("%s, %d bytes of padding: pixel %d,%d is %d, want %d", format, pad, x, y, got, want)
					}
				}
			}
		}
	}
}

// TestMotionJPEG reads compressed frames, also such as cameras give that
// leave out the Huffman tables, and none that is larger than a camera's.
func TestMotionJPEG(t *testing.T) {
	const grey = 200
	whole := func(w, h int, m image.Image) []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		at := bytes.Index(data, []byte{0xff, 0xc0}) // SOF0: length, precision, height, width
		binary.BigEndian.PutUint16(data[at+5:], uint16(h))
		binary.BigEndian.PutUint16(data[at+7:], uint16(w))
		return append(data, make([]byte, 100)...) // what is behind it in the buffer
	}
	colour := image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio422)
	plain := image.NewGray(colour.Rect)
	for _, pix := range [][]byte{colour.Y, plain.Pix} {
		for i := range pix {
			pix[i] = grey
		}
	}
	bare := whole(16, 16, colour)
	tables := segment(bare, markerDHT)
	bare = bytes.Replace(bare, tables, nil, 1)
	if len(tables) == 0 || segment(bare, markerDHT) != nil {
		t.Fatal("the picture without tables has some")
	}
	for name, c := range map[string]struct {
		data []byte
		ok   bool
	}{
		"grey":            {whole(16, 16, plain), true},
		"colour":          {whole(16, 16, colour), true},
		"without tables":  {bare, true},
		"no picture":      {[]byte("no picture"), false},
		"only a start":    {bare[:2], false},
		"larger than all": {whole(maxSide+1, 16, plain), false},
	} {
		k := &fake{t: t, caps: streams, formats: []string{"MJPG"}, size: image.Pt(16, 16), ready: 1, frames: []frame{{c.data, 0}}}
		camera, err := start(k, "fake", 1280, 720)
		if err != nil {
			t.Fatal(err)
		}
		var g image.Gray
		if err := camera.mode.grey(&g, c.data); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if !c.ok {
			continue
		}
		var f scanner.Frame
		if err := camera.Next(t.Context(), &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if v := f.GrayAt(3, 3).Y; v != grey || f.Rect != colour.Rect {
			t.Errorf("%s: %v, pixel %d, want %d", name, f.Rect, v, grey)
		}
	}
}

// FuzzMotionJPEG reads mangled frames: an error or a picture of what the
// camera may claim at most, never a panic.
func FuzzMotionJPEG(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 8)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(bytes.Replace(b.Bytes(), segment(b.Bytes(), markerDHT), nil, 1))
	m := mode{format: formats[len(formats)-1], width: 16, height: 8}
	f.Fuzz(func(t *testing.T, data []byte) {
		var g image.Gray
		if err := m.grey(&g, data); err == nil && max(g.Rect.Dx(), g.Rect.Dy()) > maxSide {
			t.Errorf("a picture of %v", g.Rect)
		}
	})
}

// TestNewest: of several frames that wait, the last good one is handed out and
// every buffer goes back to the camera.
func TestNewest(t *testing.T) {
	size := image.Pt(8, 4)
	k := &fake{t: t, caps: streams, formats: []string{"GREY"}, size: size, ready: 3, frames: []frame{
		{shot("GREY", size, 0, 1), 0}, {shot("GREY", size, 0, 2), 0}, {shot("GREY", size, 0, 3), flagError},
	}}
	c, err := start(k, "fake", 1280, 720)
	if err != nil {
		t.Fatal(err)
	}
	var f scanner.Frame
	if err := c.Next(t.Context(), &f); err != nil {
		t.Fatal(err)
	}
	if f.Pix[0] != 2 {
		t.Errorf("frame %d was handed out, want 2: the newest that is not broken", f.Pix[0])
	}
	if len(k.queued) != 3 {
		t.Errorf("the camera has %d of its 3 buffers back", len(k.queued))
	}
}

func TestNoCamera(t *testing.T) {
	for name, c := range map[string]struct {
		k    *fake
		want string
	}{
		"an output":       {&fake{caps: capStreaming, formats: []string{"GREY"}}, "takes no pictures"},
		"a strange one":   {&fake{caps: streams, formats: []string{"H264", "Z16 "}}, "none of its 2 formats"},
		"no size":         {&fake{caps: streams, formats: []string{"GREY"}}, "0x0"},
		"a monstrous one": {&fake{caps: streams, formats: []string{"GREY"}, size: image.Pt(1<<20, 1<<20)}, "1048576"},
		"a pulled one":    {&fake{caps: streams, pulled: true}, "no such device"},
	} {
		c.k.t = t
		if _, err := start(c.k, "/dev/video9", 1280, 720); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "/dev/video9") {
			t.Errorf("%s: %v, want it to say %q", name, err, c.want)
		}
	}
}

// TestGone: a camera that is pulled or falls silent is gone within Patience,
// and a kiosk that is switched off does not wait for it.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &fake{t: t, caps: streams, formats: []string{"GREY"}, size: image.Pt(8, 4)}
		c, err := start(k, "fake", 1280, 720)
		if err != nil {
			t.Fatal(err)
		}
		var f scanner.Frame
		begin := time.Now()
		if err := c.Next(t.Context(), &f); !errors.Is(err, ErrGone) || time.Since(begin) > Patience+poll {
			t.Errorf("a silent camera: %v after %s", err, time.Since(begin))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Next(ctx, &f); !errors.Is(err, context.Canceled) {
			t.Errorf("switched off: %v", err)
		}
		k.pulled = true
		if err := c.Next(t.Context(), &f); !errors.Is(err, ErrGone) {
			t.Errorf("a pulled camera: %v", err)
		}
		if err := c.Close(); err != nil || !k.closed {
			t.Errorf("closing a pulled camera: %v, closed %v", err, k.closed)
		}
	})
}

// TestWiped: nothing of what a camera saw stays in its buffers.
func TestWiped(t *testing.T) {
	size := image.Pt(8, 4)
	k := &fake{t: t, caps: streams, formats: []string{"GREY"}, size: size, ready: 1, frames: []frame{{shot("GREY", size, 0, 1), 0}}}
	c, err := start(k, "fake", 1280, 720)
	if err != nil {
		t.Fatal(err)
	}
	var f scanner.Frame
	if err := c.Next(t.Context(), &f); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for i, m := range k.maps {
		if len(bytes.Trim(m, "\x00")) > 0 {
			t.Errorf("buffer %d still holds what the camera saw", i)
		}
	}
}

// TestLayouts holds the sizes of the kernel's structures on both kinds of
// board (linux/videodev2.h).
func TestLayouts(t *testing.T) {
	if l := layoutOf(true); l.formatSize != 208 || l.bufferSize != 88 || l.lenAt+16 != l.bufferSize {
		t.Errorf("64-bit: %+v", l)
	}
	if l := layoutOf(false); l.formatSize != 204 || l.bufferSize != 68 || l.lenAt+12 != l.bufferSize {
		t.Errorf("32-bit: %+v", l)
	}
	if got := request(dirRead|dirWrite, 17, 88); got != 0xc0585611 { // VIDIOC_DQBUF on arm64
		t.Errorf("VIDIOC_DQBUF is %#x", got)
	}
}

func BenchmarkYUYV720(b *testing.B) {
	size := image.Pt(1280, 720)
	m := mode{format: formats[4], width: size.X, height: size.Y, stride: size.X * 2}
	data := shot("YUYV", size, 0, 0)
	var g image.Gray
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := m.grey(&g, data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWipe: nothing is left of what the camera saw, taken or not, and the
// next frame comes all the same.
func TestWipe(t *testing.T) {
	size := image.Pt(21, 4)
	k := &fake{t: t, caps: streams, formats: []string{"GREY"}, size: size, ready: 1}
	for n := range 3 {
		k.frames = append(k.frames, frame{shot("GREY", size, 0, 1+n), 0})
	}
	c, err := start(k, "fake", 21, 4)
	if err != nil {
		t.Fatal(err)
	}
	var f scanner.Frame
	if err := c.Next(t.Context(), &f); err != nil {
		t.Fatal(err)
	}
	k.ready = 1 // and nobody takes it
	c.Wipe()
	for i, m := range k.maps {
		if bytes.ContainsFunc(m, func(r rune) bool { return r != 0 }) {
			t.Errorf("buffer %d still shows a picture", i)
		}
	}
	if len(k.queued) != len(k.maps) {
		t.Errorf("%d of %d buffers are the camera's again", len(k.queued), len(k.maps))
	}
	k.ready = 1
	if err := c.Next(t.Context(), &f); err != nil || f.GrayAt(0, 0).Y != 3 {
		t.Errorf("the third picture begins with %d: %v", f.GrayAt(0, 0).Y, err)
	}
	k.pulled = true
	c.Wipe() // of a camera that is gone
}
