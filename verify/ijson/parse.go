package ijson

import (
	"bytes"
	"slices"

	"badgekiosk/verify/reason"
)

// A parser reads one input. Its methods return false after they have set
// err; the position is then where the fault is.
type parser struct {
	in    []byte
	pos   int
	nodes []node
	text  []byte
	order []int32
	reach reach
	most  int // values
	err   error
}

func tooBig(format string, args ...any) error {
	return reason.Errorf(reason.QTooBig, "json: "+format, args...)
}

func (p *parser) malformed(what string) bool {
	p.err = reason.Errorf(reason.SMalformed, "json: byte %d: %s", p.pos, what)
	return false
}

func (p *parser) tooBig(what string, limit int) bool {
	p.err = tooBig("%s than %d", what, limit)
	return false
}

// peek is the byte at the position, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

// token skips white space and is the byte after it, 0 at the end.
func (p *parser) token() byte {
	if p.pos < len(p.in) && p.in[p.pos] > ' ' {
		return p.in[p.pos]
	}
	return p.space()
}

func (p *parser) space() byte {
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; c {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

// add appends a node, filled in place: the arena may hold an old one.
func (p *parser) add(k Kind, start int) (n *node, ok bool) {
	if len(p.nodes) == cap(p.nodes) && !p.grow() {
		return nil, false
	}
	i := len(p.nodes)
	p.nodes = p.nodes[:i+1]
	n = &p.nodes[i]
	n.kind, n.flags = k, 0
	n.nameLen = 0
	n.start, n.end = uint32(start), uint32(p.pos)
	n.next, n.n = 0, 0
	return n, true
}

// fewNodes are as many as are allocated for by guessing, in bytes 150,000.
const fewNodes = 4096

// grow makes room for more nodes. Where there are many already, it counts what
// may follow, so that it need not be done again and again.
func (p *parser) grow() bool {
	n := len(p.nodes)
	if n >= p.most {
		return p.tooBig("more values", p.most)
	}
	size := 2*n + 64
	if n >= fewNodes {
		rest := p.in[p.pos:] // each value but this one stands behind one of these
		size = n + 1 + bytes.Count(rest, []byte(",")) + bytes.Count(rest, []byte("{")) + bytes.Count(rest, []byte("["))
	}
	next := make([]node, n, min(p.most, size))
	copy(next, p.nodes)
	p.nodes = next
	return true
}

// value reads one value, the first of whose nodes is the next one added. The
// position is on its first byte.
func (p *parser) value(depth int) bool {
	switch p.peek() {
	case '"':
		start := p.pos
		s, ok := p.str()
		if !ok {
			return false
		}
		n, ok := p.add(String, start)
		if ok {
			n.flags, n.n, n.at = s.flags, int32(s.n), s.at
		}
		return ok
	case '{':
		return p.nested(depth) && p.object(depth)
	case '[':
		return p.nested(depth) && p.array(depth)
	case 't':
		return p.literal("true", True)
	case 'f':
		return p.literal("false", False)
	case 'n':
		return p.literal("null", Null)
	}
	return p.number()
}

func (p *parser) nested(depth int) bool {
	return depth < MaxDepth || p.tooBig("nested deeper", MaxDepth)
}

func (p *parser) literal(word string, k Kind) bool {
	if len(p.in)-p.pos < len(word) || string(p.in[p.pos:p.pos+len(word)]) != word {
		return p.malformed("expected a value")
	}
	start := p.pos
	p.pos += len(word)
	_, ok := p.add(k, start)
	return ok
}

func (p *parser) array(depth int) bool {
	self := int32(len(p.nodes))
	if _, ok := p.add(Array, p.pos); !ok {
		return false
	}
	p.pos++
	if p.token() == ']' {
		return p.close(self, 0)
	}
	for n, last := int32(1), int32(0); ; n++ {
		p.token()
		item := int32(len(p.nodes))
		if !p.value(depth + 1) {
			return false
		}
		if last != 0 {
			p.nodes[last].next = item
		}
		last = item
		switch p.token() {
		case ',':
			p.pos++
		case ']':
			return p.close(self, n)
		default:
			return p.malformed("expected , or ] in an array")
		}
	}
}

func (p *parser) object(depth int) bool {
	self := int32(len(p.nodes))
	if _, ok := p.add(Object, p.pos); !ok {
		return false
	}
	p.pos++
	if p.token() == '}' {
		return p.close(self, 0)
	}
	var seen signs
	for n, last := int32(1), int32(0); ; n++ {
		item := int32(len(p.nodes))
		if !p.member(depth, &seen) {
			return false
		}
		if last != 0 {
			p.nodes[last].next = item
		}
		last = item
		switch p.token() {
		case ',':
			p.pos++
		case '}':
			p.close(self, n)
			return !seen.again || p.unique(self)
		default:
			return p.malformed("expected , or } in an object")
		}
	}
}

// member reads a name and its value.
func (p *parser) member(depth int, seen *signs) bool {
	if p.token() != '"' {
		return p.malformed("expected a name in quotation marks")
	}
	name, ok := p.str()
	if !ok {
		return false
	}
	if p.token() != ':' {
		return p.malformed("expected : after a name")
	}
	p.pos++
	p.token()
	item := len(p.nodes)
	if !p.value(depth + 1) {
		return false
	}
	node := &p.nodes[item]
	node.name, node.nameLen = name.at, name.n
	if name.flags&escaped != 0 {
		node.flags |= nameEscaped
		seen.note(p.text[name.at : name.at+name.n])
	} else {
		seen.note(p.in[name.at : name.at+name.n])
	}
	return true
}

func (p *parser) close(self, n int32) bool {
	p.pos++
	p.nodes[self].n = n
	p.nodes[self].at = 0
	if n > 0 {
		p.nodes[self].at = uint32(self) + 1
	}
	p.nodes[self].end = uint32(p.pos)
	return true
}

// signs remembers the names of one object roughly: again is set when two may
// be the same, which is then looked into.
type signs struct {
	bits  [4]uint64
	again bool
}

func (s *signs) note(name []byte) {
	h := uint(len(name))
	if h > 0 {
		h += 7*uint(name[0]) + 13*uint(name[len(name)-1]) + 31*uint(name[len(name)/2])
	}
	bit, word := uint64(1)<<(h%64), &s.bits[h/64%4]
	s.again = s.again || *word&bit != 0
	*word |= bit
}

// fewNames is up to where comparing every pair of names beats sorting them.
const fewNames = 16

// unique refuses an object in which a name occurs twice.
func (p *parser) unique(self int32) bool {
	if p.nodes[self].n > fewNames {
		return p.uniqueSorted(self)
	}
	for a := self + 1; a != 0; a = p.nodes[a].next {
		na := p.nodes[a].nameLen
		for b := p.nodes[a].next; b != 0; b = p.nodes[b].next {
			if p.nodes[b].nameLen == na && bytes.Equal(p.name(a), p.name(b)) {
				return p.twice(a)
			}
		}
	}
	return true
}

// uniqueSorted takes n log n steps, so that a hostile object of a hundred
// thousand names costs no more than its reading.
func (p *parser) uniqueSorted(self int32) bool {
	p.order = p.order[:0]
	for a := self + 1; a != 0; a = p.nodes[a].next {
		p.order = append(p.order, a)
	}
	slices.SortFunc(p.order, func(a, b int32) int { return bytes.Compare(p.name(a), p.name(b)) })
	for i, a := range p.order[1:] {
		if bytes.Equal(p.name(a), p.name(p.order[i])) {
			return p.twice(a)
		}
	}
	return true
}

func (p *parser) name(i int32) []byte { return p.nodes[i].nameIn(p.in, p.text) }

func (p *parser) twice(a int32) bool {
	const shown = 40
	name := p.name(a)
	return p.malformed("the name " + quoted(name[:min(len(name), shown)]) + " occurs twice in one object")
}
