package webcam

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Kinds of packets of the protocol.
const (
	hello          = 0
	connected      = 1
	reset          = 3
	interfaceInfo  = 4
	endpointInfo   = 5
	setConfig      = 6
	getConfig      = 7
	configIs       = 8
	setAlternative = 9
	getAlternative = 10
	alternativeIs  = 11
	cancel         = 21
	controlPacket  = 100
	bulkPacket     = 101
)

// What either side may say that it can do.
const (
	canVersion    = 1 << 1
	canPacketSize = 1 << 4
	canLongIDs    = 1 << 5
	canLongBulk   = 1 << 6
)

// States of an answer.
const (
	statusOK        = 0
	statusCancelled = 1
	statusStall     = 4
)

// maxPacketData is the longest packet that is read, in bytes.
const maxPacketData = 1 << 20

// Serve plugs the camera in at the other end of c, until that hangs up. The
// error says what the other end sent that is none of the protocol.
func (c *Camera) Serve(conn net.Conn) error {
	s := &session{camera: c, conn: conn, done: make(chan struct{})}
	defer conn.Close() //nolint:errcheck // the other end sees it
	defer close(s.done)
	if err := s.greet(); err != nil {
		return err
	}
	for {
		p, err := s.receive()
		if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err == nil {
			err = s.answer(p)
		}
		if err != nil {
			return err
		}
	}
}

// A session is one time that the camera is plugged in.
type session struct {
	camera *Camera
	conn   net.Conn
	done   chan struct{}
	long   bool // identifiers of eight bytes

	mu      sync.Mutex // of writing, and of what is below
	waiting []bulk
	busy    bool
}

// A bulk is a request for video.
type bulk struct {
	id   uint64
	most int
}

// A packet is one of the protocol's.
type packet struct {
	kind uint32
	id   uint64
	data []byte
}

func (s *session) receive() (p packet, err error) {
	n := 12
	if s.long {
		n = 16
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(s.conn, head); err != nil {
		return p, err
	}
	le := binary.LittleEndian
	p.kind = le.Uint32(head)
	if p.id = uint64(le.Uint32(head[8:])); s.long {
		p.id = le.Uint64(head[8:])
	}
	size := le.Uint32(head[4:])
	if size > maxPacketData {
		return p, fmt.Errorf("webcam: a packet of %d bytes", size)
	}
	p.data = make([]byte, size)
	_, err = io.ReadFull(s.conn, p.data)
	return p, err
}

// send sends a packet; the caller does not hold mu.
func (s *session) send(kind uint32, id uint64, fields ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var body []byte
	for _, f := range fields {
		var err error
		if body, err = binary.Append(body, binary.LittleEndian, f); err != nil {
			return err
		}
	}
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32(nil, kind), uint32(len(body)))
	if s.long && kind != hello {
		b = le.AppendUint64(b, id)
	} else {
		b = le.AppendUint32(b, uint32(id))
	}
	_, err := s.conn.Write(append(b, body...))
	return err
}

// greet exchanges who can do what, and says what is plugged in.
func (s *session) greet() error {
	var who [64]byte
	copy(who[:], name)
	if err := s.send(hello, 0, who, uint32(canVersion|canPacketSize|canLongIDs|canLongBulk)); err != nil {
		return err
	}
	p, err := s.receive()
	if err != nil || p.kind != hello || len(p.data) < 68 {
		return fmt.Errorf("webcam: the other end does not greet (%w)", err)
	}
	s.long = binary.LittleEndian.Uint32(p.data[64:])&canLongIDs != 0
	if err := s.describe(); err != nil {
		return err
	}
	const fullSpeed = 1
	return s.send(connected, 0, [4]byte{fullSpeed, 0xef, 2, 1}, [3]uint16{vendor, product, 0x0100})
}

// describe says which interfaces and endpoints there are: 0 to 15 are out, 16
// to 31 in.
func (s *session) describe() error {
	var numbers, class, sub, protocol [32]byte
	numbers[1] = streaming
	class[0], class[1], sub[0], sub[1] = 0x0e, 0x0e, 1, 2
	if err := s.send(interfaceInfo, 0, uint32(2), numbers, class, sub, protocol); err != nil {
		return err
	}
	const controlKind, bulkKind, none = 0, 2, 255
	var kinds, intervals, owner [32]byte
	var most [32]uint16
	for i := range kinds {
		kinds[i] = none
	}
	kinds[0], kinds[16], most[0], most[16] = controlKind, controlKind, 64, 64
	const in = 16 + videoIn&0x0f
	kinds[in], owner[in], most[in] = bulkKind, streaming, maxPacket
	return s.send(endpointInfo, 0, kinds, intervals, owner, most)
}

// errPacket says that a packet is shorter than its kind has.
var errPacket = errors.New("webcam: a packet is too short")

func (s *session) answer(p packet) error {
	need := map[uint32]int{setConfig: 1, setAlternative: 2, getAlternative: 1, controlPacket: 10, bulkPacket: 10}
	if len(p.data) < need[p.kind] {
		return fmt.Errorf("%w: kind %d of %d bytes", errPacket, p.kind, len(p.data))
	}
	switch p.kind {
	case reset:
		s.camera.restart()
	case setConfig:
		return errors.Join(s.describe(), s.send(configIs, p.id, [2]byte{statusOK, p.data[0]}))
	case getConfig:
		return s.send(configIs, p.id, [2]byte{statusOK, 1})
	case setAlternative:
		return errors.Join(s.describe(), s.send(alternativeIs, p.id, [3]byte{statusOK, p.data[0], p.data[1]}))
	case getAlternative:
		return s.send(alternativeIs, p.id, [3]byte{statusOK, p.data[0], 0})
	case cancel:
		return s.cancel(p.id)
	case controlPacket:
		return s.control(p)
	case bulkPacket:
		le := binary.LittleEndian
		s.stream(bulk{p.id, int(le.Uint16(p.data[2:])) | int(le.Uint16(p.data[8:]))<<16})
	}
	return nil // the rest says nothing to a camera
}

// control answers a control transfer.
func (s *session) control(p packet) error {
	le := binary.LittleEndian
	r := request{kind: p.data[2], code: p.data[1], value: le.Uint16(p.data[4:]), index: le.Uint16(p.data[6:]), length: le.Uint16(p.data[8:]), data: p.data[10:]}
	answer, ok := s.camera.control(r)
	status, length := byte(statusOK), r.length
	if !ok {
		status, length, answer = statusStall, 0, nil
	} else if r.kind&0x80 != 0 {
		length = uint16(len(answer))
	} else {
		answer = nil
	}
	return s.send(controlPacket, p.id, [4]byte{p.data[0], r.code, r.kind, status}, [3]uint16{r.value, r.index, length}, answer)
}

// stream queues a request for video, and serves the queue.
func (s *session) stream(b bulk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, b)
	if !s.busy {
		s.busy = true
		go s.serve()
	}
}

// rest is how long a request for video waits when there is none; then it is
// answered with nothing, as a camera may between frames. The emulated
// controller of a Pi never takes back what it asked, and fails if the board
// gave it up and asks anew before there was an answer.
const rest = 20 * time.Millisecond

// serve answers requests for video.
func (s *session) serve() {
	rested := false
	for {
		s.mu.Lock()
		if s.busy = len(s.waiting) > 0; !s.busy {
			s.mu.Unlock()
			return
		}
		b := s.waiting[0]
		piece, wait := s.camera.video(b.most, time.Now())
		answered := wait == 0 || rested
		if answered {
			s.waiting = s.waiting[1:]
		}
		s.mu.Unlock()
		rested = !answered
		if answered {
			if s.video(b.id, statusOK, piece) != nil {
				return // the other end is gone
			}
			continue
		}
		select {
		case <-time.After(min(wait, rest)):
		case <-s.done:
			return
		}
	}
}

func (s *session) video(id uint64, status byte, piece []byte) error {
	return s.send(bulkPacket, id, [2]byte{videoIn, status}, uint16(len(piece)), uint32(0), uint16(len(piece)>>16), piece)
}

// cancel gives a request back without video, unless it was answered already.
func (s *session) cancel(id uint64) error {
	s.mu.Lock()
	found := false
	for i, b := range s.waiting {
		if b.id == id {
			s.waiting, found = append(s.waiting[:i:i], s.waiting[i+1:]...), true
			break
		}
	}
	s.mu.Unlock()
	if !found {
		return nil
	}
	return s.video(id, statusCancelled, nil)
}
