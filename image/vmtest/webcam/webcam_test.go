package webcam

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestConfiguration walks the descriptors by their own lengths, as a host
// does, and holds every total against what is there.
func TestConfiguration(t *testing.T) {
	c := New(image.Pt(640, 480))
	all, ok := c.control(request{kind: 0x80, code: getDescriptor, value: 2 << 8, length: 1000})
	if !ok || int(binary.LittleEndian.Uint16(all[2:])) != len(all) {
		t.Fatalf("%d bytes, the head says %d", len(all), binary.LittleEndian.Uint16(all[2:]))
	}
	totals := map[int]int{} // of each interface's class descriptors
	said, face := map[int]int{}, -1
	var endpoints []byte
	for left := all; len(left) > 0; left = left[left[0]:] {
		if left[0] < 2 || int(left[0]) > len(left) {
			t.Fatalf("a descriptor of %d bytes, %d are left", left[0], len(left))
		}
		switch left[1] {
		case 4:
			face = int(left[2])
		case 5:
			endpoints = append(endpoints, left[2])
		case 0x24:
			totals[face] += int(left[0])
			if left[2] == 1 {
				said[face] = int(binary.LittleEndian.Uint16(left[map[int]int{controlling: 5, streaming: 4}[face]:]))
			}
		}
	}
	for f, n := range totals {
		if said[f] != n {
			t.Errorf("interface %d has %d bytes of its class and says %d", f, n, said[f])
		}
	}
	if len(totals) != 2 || !bytes.Equal(endpoints, []byte{videoIn}) {
		t.Errorf("interfaces %v, endpoints %x", totals, endpoints)
	}
}

// film puts frames together from payloads as a driver does.
func film(t *testing.T, c *Camera, most int) (frame []byte) {
	t.Helper()
	for {
		var p []byte
		for len(p) < payload { // a payload ends when a piece is short
			piece, wait := c.video(most, time.Now())
			time.Sleep(wait)
			if p = append(p, piece...); wait == 0 && len(piece) < most {
				break
			}
		}
		frame = append(frame, p[headSize:]...)
		if p[1]&headLast != 0 {
			return frame
		}
	}
}

func grey(size image.Point, of byte) *image.Gray {
	g := image.NewGray(image.Rectangle{Max: size})
	for i := range g.Pix {
		g.Pix[i] = of + byte(i)
	}
	return g
}

// TestFilm shows one picture and then another: whole frames come, no sooner
// than their time, and none is made of both.
func TestFilm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		size := image.Pt(160, 120)
		c := New(size)
		began := time.Now()
		for i, of := range []byte{1, 2, 3} {
			g := grey(size, of)
			if err := c.Show(g); err != nil {
				t.Fatal(err)
			}
			for _, most := range []int{512, 2048, payload} {
				frame := film(t, c, most)
				if len(frame) != c.frameBytes() {
					t.Fatalf("a frame of %d bytes, want %d", len(frame), c.frameBytes())
				}
				for at, v := range g.Pix {
					if frame[2*at] != v || frame[2*at+1] != 0x80 {
						t.Fatalf("picture %d in pieces of %d: pixel %d is %x, want %x80", i, most, at, frame[2*at:2*at+2], v)
					}
				}
			}
		}
		if got, want := time.Since(began), 8*Interval; got != want {
			t.Errorf("9 frames took %v, want %v", got, want)
		}
		if c.Frames() != 9 {
			t.Errorf("%d frames, want 9", c.Frames())
		}
	})
}

// TestShown holds that a picture counts as shown once a frame that began after
// it has been taken to its end.
func TestShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		size := image.Pt(160, 120)
		c := New(size)
		began := time.Now()
		if _, wait := c.video(100, began); wait != 0 { // the first frame has begun
			t.Fatal("no frame")
		}
		if err := c.Show(grey(size, 1)); err != nil {
			t.Fatal(err)
		}
		for len(c.left) > 0 || c.frame != nil {
			c.video(payload, time.Now())
		}
		if at := c.Shown(); !at.IsZero() {
			t.Errorf("a frame of the picture before it: shown at %v", at.Sub(began))
		}
		film(t, c, 2048)
		if got := c.Shown().Sub(began); got != Interval {
			t.Errorf("shown after %v, want %v", got, Interval)
		}
	})
}

func TestShowAnotherSize(t *testing.T) {
	if err := New(image.Pt(640, 480)).Show(grey(image.Pt(640, 400), 0)); err == nil {
		t.Error("no error")
	}
}

// TestControls sets what a kiosk sets, and reads it back.
func TestControls(t *testing.T) {
	c := New(image.Pt(640, 480))
	for _, s := range settings() {
		get := func(code byte) []byte {
			a, ok := c.control(request{kind: 0xa1, code: code, value: uint16(s.selector) << 8, index: lens << 8, length: 4})
			if !ok || len(a) == 0 {
				t.Fatalf("control %d: request %02x is not known", s.selector, code)
			}
			return a
		}
		set := binary.LittleEndian.AppendUint32(nil, s.high)[:s.size]
		if _, ok := c.control(request{kind: 0x21, code: setCur, value: uint16(s.selector) << 8, index: lens << 8, data: set}); !ok {
			t.Fatalf("control %d cannot be set", s.selector)
		}
		if got := get(getCur); !bytes.Equal(got, set) {
			t.Errorf("control %d is %x, want %x", s.selector, got, set)
		}
		for _, code := range []byte{getMin, getMax, getRes, getDef} {
			if len(get(code)) != s.size {
				t.Errorf("control %d, request %02x: %x", s.selector, code, get(code))
			}
		}
	}
	if _, ok := c.control(request{kind: 0xa1, code: getCur, value: 0x7f00, index: lens << 8, length: 4}); ok {
		t.Error("a control that is not there was read")
	}
}

// host is the emulator's end.
func host(t *testing.T, c *Camera) (*session, <-chan error) {
	t.Helper()
	a, b := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- c.Serve(b) }()
	t.Cleanup(func() { _ = a.Close() })
	h := &session{conn: a, long: false}
	if p, err := h.receive(); err != nil || p.kind != hello {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := h.send(hello, 0, [64]byte{}, uint32(canVersion|canPacketSize|canLongIDs|canLongBulk)); err != nil {
		t.Fatal(err)
	}
	h.long = true
	for _, kind := range []uint32{interfaceInfo, endpointInfo, connected} {
		if p, err := h.receive(); err != nil || p.kind != kind {
			t.Fatalf("%+v, %v; want kind %d", p, err, kind)
		}
	}
	return h, done
}

// TestServe speaks the protocol: a descriptor, video, and a request that is
// taken back before its frame is due; any other is answered soon.
func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(image.Pt(16, 16))
		h, done := host(t, c)
		ask := func(kind uint32, id uint64, fields ...any) packet {
			t.Helper()
			if err := h.send(kind, id, fields...); err != nil {
				t.Fatal(err)
			}
			p, err := h.receive()
			if err != nil || p.id != id {
				t.Fatalf("%+v, %v; want id %d", p, err, id)
			}
			return p
		}
		p := ask(controlPacket, 1, [4]byte{0x80, getDescriptor, 0x80, 0}, [3]uint16{1 << 8, 0, 18})
		if p.kind != controlPacket || len(p.data) != 28 || p.data[3] != statusOK {
			t.Errorf("the device: %+v", p)
		}
		p = ask(controlPacket, 2, [4]byte{0x80, getDescriptor, 0x80, 0}, [3]uint16{0x66 << 8, 0, 18})
		if p.data[3] != statusStall {
			t.Errorf("an unknown descriptor: %+v", p)
		}
		take := func(id uint64) packet {
			return ask(bulkPacket, id, [2]byte{videoIn, 0}, uint16(2048), uint32(0), uint16(0))
		}
		if p = take(3); len(p.data) != 10+headSize+2*16*16 || p.data[10+1]&headLast == 0 {
			t.Errorf("a frame of %d bytes", len(p.data))
		}
		if err := h.send(bulkPacket, 4, [2]byte{videoIn, 0}, uint16(2048), uint32(0), uint16(0)); err != nil {
			t.Fatal(err)
		}
		if p = ask(cancel, 4); p.kind != bulkPacket || p.data[1] != statusCancelled || len(p.data) != 10 {
			t.Errorf("taken back: %+v", p)
		}
		asked := time.Now()
		if p = take(5); len(p.data) != 10 || p.data[1] != statusOK || time.Since(asked) != rest {
			t.Errorf("between frames: %d bytes after %v, want none after %v", len(p.data)-10, time.Since(asked), rest)
		}
		for len(p.data) == 10 && time.Since(asked) < 2*Interval {
			p = take(6)
		}
		if len(p.data) != 10+headSize+2*16*16 {
			t.Errorf("the frame after it: %d bytes", len(p.data))
		}
		_ = h.conn.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// FuzzServe sends anything: Serve ends without a panic.
func FuzzServe(f *testing.F) {
	f.Add([]byte{})
	f.Add(append(append([]byte{100, 0, 0, 0, 10, 0, 0, 0}, make([]byte, 8)...), 0x80, 6, 0x80, 0, 0, 2, 0, 0, 255, 0))
	f.Add(append(append([]byte{101, 0, 0, 0, 10, 0, 0, 0}, make([]byte, 8)...), videoIn, 0, 255, 255, 0, 0, 0, 0, 1, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := New(image.Pt(16, 16))
		h, done := host(t, c)
		go io.Copy(io.Discard, h.conn) //nolint:errcheck // until it is closed
		_, _ = h.conn.Write(data)      // Serve may have hung up in the middle
		_ = h.conn.Close()
		<-done
	})
}
