// Package webcam is a USB camera made of software: an emulator plugs it into
// a board over the usbredir protocol, and the board's own driver takes frames
// from it as from any that one can buy. What it sees can be changed at any
// time.
//
// It is a full-speed device with one uncompressed format, which streams over
// a bulk endpoint, and has manual exposure and focus.
//
// Sources: Universal Serial Bus Specification 2.0, chapter 9; USB Device Class
// Definition for Video Devices 1.1; usbredir, docs/usb-redirection-protocol.md.
package webcam

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"sync"
	"time"
)

// Interval is the time from one frame to the next, unless the board
// takes longer than a third of it to fetch one: then it has twice as long for
// other things.
const Interval = 200 * time.Millisecond

// payload is how many bytes a transfer of video has at most, with its head of
// headSize bytes.
const (
	payload  = 16384
	headSize = 2
)

// Bits of a payload's head. Source: Video Devices 1.1, section 2.4.3.3.
const (
	headEnd    = 0x80 // of the head itself
	headLast   = 0x02 // of the frame's payloads
	headToggle = 0x01 // changes with each frame
)

// A Camera is one camera. Its methods may be called at any time.
type Camera struct {
	size image.Point

	mu       sync.Mutex
	seen     []byte // what it looks at, as it is sent
	frame    []byte // what is being sent, nil between frames
	left     []byte // of the payload that was begun
	toggle   byte
	start    time.Time // of the frame
	next     time.Time // when the next one may begin
	began    int       // frames
	fresh    bool      // the frame being sent, or nothing, shows what is seen now
	shown    time.Time // when a whole frame of that had been taken, or zero
	probe    [probeSize]byte
	controls map[byte]uint32
}

// New returns a camera of that many pixels, whose width must be even. It
// looks at something grey.
func New(size image.Point) *Camera {
	c := &Camera{size: size, controls: map[byte]uint32{}}
	grey := image.NewGray(image.Rectangle{Max: size})
	for i := range grey.Pix {
		grey.Pix[i] = 0x80
	}
	c.Show(grey)
	return c
}

// Show puts a picture in front of the camera. The error says that it has
// another size than the camera's frames.
func (c *Camera) Show(p *image.Gray) error {
	if p.Bounds().Size() != c.size {
		return fmt.Errorf("webcam: a picture of %v before a camera of %v", p.Bounds().Size(), c.size)
	}
	seen := make([]byte, 0, c.frameBytes())
	for y := range c.size.Y {
		for _, v := range p.Pix[y*p.Stride : y*p.Stride+c.size.X] {
			seen = append(seen, v, 0x80) // brightness, and no colour
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen, c.fresh, c.shown = seen, c.frame == nil && len(c.left) == 0, time.Time{}
	return nil
}

// Shown is when the board had taken the first whole frame of the picture in
// front of the camera; zero, while it has not.
func (c *Camera) Shown() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown
}

// Frames is how many frames were begun.
func (c *Camera) Frames() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.began
}

func (c *Camera) frameBytes() int { return 2 * c.size.X * c.size.Y }

// video is up to most bytes of the stream. They are none while the next frame
// is not due; wait says for how long.
//
// A host may take a payload in several requests: it is handed out in pieces,
// and the next one begins with the next request.
func (c *Camera) video(most int, now time.Time) (piece []byte, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.left) == 0 {
		if c.frame == nil {
			if wait := c.next.Sub(now); wait > 0 {
				return nil, wait
			}
			c.frame, c.start, c.fresh = c.seen, now, true
			c.toggle ^= headToggle
			c.began++
		}
		n := min(len(c.frame), payload-headSize)
		head := headEnd | c.toggle
		if n == len(c.frame) {
			head |= headLast
		}
		c.left = append([]byte{headSize, head}, c.frame[:n]...)
		if c.frame = c.frame[n:]; len(c.frame) == 0 {
			c.frame = nil
		}
	}
	n := min(most, len(c.left))
	piece, c.left = c.left[:n], c.left[n:]
	if len(c.left) == 0 && c.frame == nil {
		c.next = now.Add(max(Interval-now.Sub(c.start), 2*now.Sub(c.start)))
		if c.fresh && c.shown.IsZero() {
			c.shown = now
		}
	}
	return piece, 0
}

// restart begins the stream anew.
func (c *Camera) restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frame, c.left = nil, nil
}

// Requests. Sources: USB 2.0, table 9-4; Video Devices 1.1, table A-8.
const (
	getStatus     = 0x00
	clearFeature  = 0x01
	getDescriptor = 0x06

	setCur  = 0x01
	getCur  = 0x81
	getMin  = 0x82
	getMax  = 0x83
	getRes  = 0x84
	getLen  = 0x85
	getInfo = 0x86
	getDef  = 0x87
)

// bothWays says of a control that it can be read and set.
const bothWays = 3

// A request is a control transfer. Source: USB 2.0, section 9.3.
type request struct {
	kind, code byte
	value      uint16
	index      uint16
	length     uint16
	data       []byte // to the camera
}

// control answers a control transfer; ok is false for one that the camera
// does not know.
func (c *Camera) control(r request) (answer []byte, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	const in, class, kinds = 0x80, 0x20, 0x60
	switch {
	case r.kind == in && r.code == getDescriptor:
		answer, ok = c.descriptor(byte(r.value>>8), byte(r.value))
	case r.kind&in != 0 && r.kind&kinds == 0 && r.code == getStatus:
		answer, ok = []byte{0, 0}, true
	case r.kind&kinds == 0 && r.code == clearFeature:
		ok = true
	case r.kind&kinds == class && r.index == streaming:
		answer, ok = c.negotiate(byte(r.value>>8), r)
	case r.kind&kinds == class && r.index == lens<<8|controlling:
		answer, ok = c.adjust(byte(r.value>>8), r)
	}
	return answer[:min(len(answer), int(r.length))], ok
}

// probeSize is that of the stream's parameters, and these are where they
// stand. Source: Video Devices 1.1, table 4-75.
const (
	probeSize     = 34
	probeFormat   = 2
	probeFrame    = 3
	probeInterval = 4
	probeBytes    = 18
	probePayload  = 22
	probeClock    = 26
)

// negotiate agrees on how to stream: there is one way.
func (c *Camera) negotiate(selector byte, r request) ([]byte, bool) {
	const probe, commit = 1, 2
	if selector != probe && selector != commit {
		return nil, false
	}
	switch r.code {
	case setCur:
		copy(c.probe[:], r.data)
		if selector == commit {
			c.frame, c.left = nil, nil
		}
		return nil, true
	case getLen:
		return []byte{probeSize, 0}, true
	case getInfo:
		return []byte{bothWays}, true
	case getCur, getMin, getMax, getDef:
		p := c.probe
		p[probeFormat], p[probeFrame] = 1, 1
		for at, v := range map[int]uint32{probeInterval: intervals, probeBytes: uint32(c.frameBytes()), probePayload: payload, probeClock: ticks} {
			binary.LittleEndian.PutUint32(p[at:], v)
		}
		return p[:], true
	}
	return nil, false
}

// A setting is a control of the lens and what is behind it.
type setting struct {
	selector       byte
	size           int // bytes
	low, high, now uint32
	step           uint32
}

// settings are those that the camera has: exposure by hand and its time,
// focus and its automatic. Source: Video Devices 1.1, section 4.2.2.1.
func settings() []setting {
	return []setting{{2, 1, 1, 15, 8, 9}, {4, 4, 1, 10000, 156, 1}, {6, 2, 0, 255, 30, 1}, {8, 1, 0, 1, 1, 1}}
}

func (c *Camera) adjust(selector byte, r request) ([]byte, bool) {
	all := settings()
	i := slices.IndexFunc(all, func(s setting) bool { return s.selector == selector })
	if i < 0 {
		return nil, false
	}
	s := all[i]
	bytes := func(v uint32) ([]byte, bool) { return binary.LittleEndian.AppendUint32(nil, v)[:s.size], true }
	switch r.code {
	case setCur:
		var v [4]byte
		copy(v[:], r.data)
		c.controls[selector] = binary.LittleEndian.Uint32(v[:])
		return nil, true
	case getCur:
		if v, set := c.controls[selector]; set {
			return bytes(v)
		}
		return bytes(s.now)
	case getDef:
		return bytes(s.now)
	case getMin:
		return bytes(s.low)
	case getMax:
		return bytes(s.high)
	case getRes:
		return bytes(s.step)
	case getLen:
		return []byte{byte(s.size), 0}, true
	case getInfo:
		return []byte{bothWays}, true
	}
	return nil, false
}
