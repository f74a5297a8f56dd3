package scanner

import (
	"crypto/sha256"
	"time"
)

// Limits of a message in many codes.
const (
	// MaxParts is the most codes, not counting fountain codes' extra ones.
	MaxParts = 512
	// MaxMessage is the most bytes of a joined message, unpacked.
	MaxMessage = 256 << 10
	// MaxOpen is how many messages are put together at the same time; a
	// further one replaces the one that was longest without a part.
	MaxOpen = 4
	// PartTimeout is how long a message waits for its next part.
	PartTimeout = 20 * time.Second
	// NamelessTimeout is how long it waits in formats whose parts do not say
	// which message they are of: long enough for a sender who shows one part
	// after the other, too short for the next person to step in.
	NamelessTimeout = 3 * time.Second
)

// Progress is how far the message is that got a part last: Have of Total
// parts. The zero value is no message in parts.
type Progress struct{ Have, Total int }

// A Joiner puts the codes of one message together: ISO structured append,
// BBQr, Uniform Resources (BC-UR) and the chunks of SMART Health Cards. It
// never mixes two senders: parts belong together only if everything that
// they say of the whole agrees, a part that contradicts one already there
// starts the message anew, and the whole is checked as its format allows.
//
// The zero value is ready. A Joiner serves one goroutine.
type Joiner struct {
	open map[string]*message
	done map[[sha256.Size]byte]time.Time // parts of complete messages
	last Progress
}

// A part is one code of a message.
type part struct {
	key   string // all that the codes of one message have in common
	index int    // from 0; a fountain's may be beyond total
	total int
	data  []byte
	// sums are the parts that data is the exclusive or of, for fountains,
	// whose key identifies the message.
	sums []int
	// patience is how long the message waits for its next part.
	patience time.Duration
}

// A message is a collection of parts.
type message struct {
	first, last time.Time
	patience    time.Duration
	codes       int
	parts       [][]byte
	have        int
	rows        []*mixture // of a fountain
	hashes      [][sha256.Size]byte
	join        func(parts [][]byte) ([]byte, bool)
}

// formats recognise the codes of each format. The first that knows a symbol
// says what it is part of, and how the parts become one.
var formats = []func(*Symbol) (part, func([][]byte) ([]byte, bool), bool){
	appendPart, bbqrPart, urPart, shcPart,
}

// Progress tells how far the message is that got a part last.
func (j *Joiner) Progress() Progress { return j.last }

// Add takes the code that a frame of that time showed. It returns a payload
// when the code is a whole message, or completes one.
func (j *Joiner) Add(y *Symbol, at time.Time) (Payload, bool) {
	for _, f := range formats {
		if p, join, ok := f(y); ok {
			return j.add(p, join, at)
		}
	}
	return Payload{Data: y.Data(), Symbols: 1, First: at, Last: at}, true
}

func (j *Joiner) add(p part, join func([][]byte) ([]byte, bool), at time.Time) (Payload, bool) {
	j.expire(at)
	hash := p.hash()
	if _, old := j.done[hash]; old {
		j.done[hash] = at // the sender is still showing what is complete
		return Payload{}, false
	}
	m := j.open[p.key]
	if m == nil || !m.agrees(p) {
		m = j.begin(p, join, at)
	}
	m.last = at
	if m.take(p) {
		m.codes++
		m.hashes = append(m.hashes, hash)
	}
	j.last = Progress{m.have, p.total}
	if m.have < p.total {
		return Payload{}, false
	}
	delete(j.open, p.key)
	data, ok := m.join(m.parts)
	if p.total > 1 {
		m.wipe() // the whole is a copy
	}
	if !ok || len(data) == 0 || len(data) > MaxMessage {
		j.last = Progress{}
		return Payload{}, false
	}
	for _, h := range m.hashes {
		j.done[h] = at
	}
	return Payload{Data: data, Symbols: m.codes, First: m.first, Last: at}, true
}

// hash tells a part, or a fountain, from others.
func (p *part) hash() [sha256.Size]byte {
	if p.sums != nil {
		return sha256.Sum256([]byte(p.key))
	}
	return sha256.Sum256(append([]byte(p.key+string(rune(p.index))), p.data...))
}

// expire forgets messages and finished parts that nobody shows any more.
func (j *Joiner) expire(at time.Time) {
	for k, m := range j.open {
		if at.Sub(m.last) > m.patience {
			m.wipe()
			delete(j.open, k)
		}
	}
	for k, t := range j.done {
		if at.Sub(t) > DefaultAgain {
			delete(j.done, k)
		}
	}
	if len(j.open) == 0 {
		j.last = Progress{}
	}
}

// Wipe overwrites and forgets the parts of messages that are not complete.
func (j *Joiner) Wipe() {
	for k, m := range j.open {
		m.wipe()
		delete(j.open, k)
	}
	j.last = Progress{}
}

// wipe overwrites the parts of a message.
func (m *message) wipe() {
	for _, p := range m.parts {
		clear(p)
	}
	for _, x := range m.rows {
		if x != nil {
			clear(x.data)
		}
	}
}

// begin opens a message with its first part.
func (j *Joiner) begin(p part, join func([][]byte) ([]byte, bool), at time.Time) *message {
	if j.open == nil {
		j.open, j.done = map[string]*message{}, map[[sha256.Size]byte]time.Time{}
	}
	if len(j.done) > MaxOpen*MaxParts {
		clear(j.done)
	}
	delete(j.open, p.key)
	if len(j.open) == MaxOpen {
		oldest := ""
		for k, m := range j.open {
			if oldest == "" || m.last.Before(j.open[oldest].last) {
				oldest = k
			}
		}
		j.open[oldest].wipe()
		delete(j.open, oldest)
	}
	m := &message{first: at, patience: p.patience, parts: make([][]byte, p.total), join: join}
	j.open[p.key] = m
	return m
}

// agrees tells whether p does not contradict what is there already.
func (m *message) agrees(p part) bool {
	if len(m.parts) != p.total {
		return false
	}
	if p.sums != nil {
		return true // held together by a checksum
	}
	old := m.parts[p.index]
	return old == nil || string(old) == string(p.data)
}

// take enters a part and tells whether it was news.
func (m *message) take(p part) bool {
	if p.sums != nil {
		return m.mix(p)
	}
	if m.parts[p.index] != nil {
		return false
	}
	m.parts[p.index] = p.data
	m.have++
	return true
}
