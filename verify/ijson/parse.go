package ijson

import (
	"bytes"
	"slices"

	"badgekiosk/verify/reason"
)

type parser struct {
	d   *Doc
	in  []byte
	pos int
}

func tooBig(format string, args ...any) error {
	return reason.Errorf(reason.QTooBig, "json: "+format, args...)
}

func (p *parser) malformed(what string) error {
	return reason.Errorf(reason.SMalformed, "json: byte %d: %s", p.pos, what)
}

// peek is the byte at the position, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.in) {
		switch p.in[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// add appends a node that starts at the position and returns its index.
func (p *parser) add(k Kind) (int32, error) {
	i := len(p.d.nodes)
	if i == MaxValues {
		return 0, tooBig("more than %d values", MaxValues)
	}
	p.d.nodes = append(p.d.nodes, node{kind: k, start: uint32(p.pos)})
	return int32(i), nil
}

// value reads one value, the first of whose nodes is the next one added.
func (p *parser) value(depth int) error {
	c := p.peek()
	switch c {
	case '{', '[':
		if depth == MaxDepth {
			return tooBig("nested deeper than %d", MaxDepth)
		}
		if c == '{' {
			return p.object(depth)
		}
		return p.array(depth)
	case '"':
		i, err := p.add(String)
		if err != nil {
			return err
		}
		s, err := p.str()
		if err != nil {
			return err
		}
		n := &p.d.nodes[i]
		n.end, n.del = uint32(p.pos), s.del
		if s.escaped {
			n.escaped, n.at, n.n = true, s.at, int32(s.n)
		}
		return nil
	case 't':
		return p.literal("true", True)
	case 'f':
		return p.literal("false", False)
	case 'n':
		return p.literal("null", Null)
	}
	return p.number()
}

func (p *parser) literal(word string, k Kind) error {
	if len(p.in)-p.pos < len(word) || string(p.in[p.pos:p.pos+len(word)]) != word {
		return p.malformed("expected a value")
	}
	i, err := p.add(k)
	p.pos += len(word)
	if err == nil {
		p.d.nodes[i].end = uint32(p.pos)
	}
	return err
}

func (p *parser) array(depth int) error {
	self, err := p.add(Array)
	if err != nil {
		return err
	}
	p.pos++
	p.space()
	if p.peek() == ']' {
		return p.close(self, 0)
	}
	for n, last := int32(1), int32(0); ; n++ {
		p.space()
		item := int32(len(p.d.nodes))
		if err := p.value(depth + 1); err != nil {
			return err
		}
		if last != 0 {
			p.d.nodes[last].next = item
		}
		last = item
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
		case ']':
			return p.close(self, n)
		default:
			return p.malformed("expected , or ] in an array")
		}
	}
}

func (p *parser) object(depth int) error {
	self, err := p.add(Object)
	if err != nil {
		return err
	}
	p.pos++
	p.space()
	if p.peek() == '}' {
		return p.close(self, 0)
	}
	for n, last := int32(1), int32(0); ; n++ {
		p.space()
		if p.peek() != '"' {
			return p.malformed("expected a name in quotation marks")
		}
		name, err := p.str()
		if err != nil {
			return err
		}
		p.space()
		if p.peek() != ':' {
			return p.malformed("expected : after a name")
		}
		p.pos++
		p.space()
		item := int32(len(p.d.nodes))
		if err := p.value(depth + 1); err != nil {
			return err
		}
		node := &p.d.nodes[item]
		node.name, node.nameLen, node.nameEsc = name.at, name.n, name.escaped
		if last != 0 {
			p.d.nodes[last].next = item
		}
		last = item
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
		case '}':
			if err := p.close(self, n); err != nil {
				return err
			}
			return p.unique(self)
		default:
			return p.malformed("expected , or } in an object")
		}
	}
}

func (p *parser) close(self, n int32) error {
	p.pos++
	p.d.nodes[self].n = n
	p.d.nodes[self].end = uint32(p.pos)
	return nil
}

// fewNames is up to where comparing every pair of names beats sorting them.
const fewNames = 16

// unique refuses an object in which a name occurs twice.
func (p *parser) unique(self int32) error {
	d := p.d
	if d.nodes[self].n > fewNames {
		return p.uniqueSorted(self)
	}
	for a := self + 1; a != 0; a = d.nodes[a].next {
		na := d.nodes[a].nameLen
		for b := d.nodes[a].next; b != 0; b = d.nodes[b].next {
			if d.nodes[b].nameLen == na && bytes.Equal(d.name(a), d.name(b)) {
				return p.twice(a)
			}
		}
	}
	return nil
}

// uniqueSorted takes n log n steps, so that a hostile object of a hundred
// thousand names costs no more than its reading.
func (p *parser) uniqueSorted(self int32) error {
	d := p.d
	d.order = d.order[:0]
	for a := self + 1; a != 0; a = d.nodes[a].next {
		d.order = append(d.order, a)
	}
	slices.SortFunc(d.order, func(a, b int32) int { return bytes.Compare(d.name(a), d.name(b)) })
	for i, a := range d.order[1:] {
		if bytes.Equal(d.name(a), d.name(d.order[i])) {
			return p.twice(a)
		}
	}
	return nil
}

func (p *parser) twice(a int32) error {
	const shown = 40
	name := p.d.name(a)
	return p.malformed("the name " + quoted(name[:min(len(name), shown)]) + " occurs twice in one object")
}
