package ijson

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func quoted(b []byte) string { return strconv.QuoteToASCII(string(b)) }

// text is where the contents of a string stand: in the input, or, when it
// holds escapes, in Doc.text.
type text struct {
	at, n uint32
	flags flags
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
	del  = 0x7F
)

// plain returns the first position at or after i whose byte is a quotation
// mark, a backslash, a control character (also U+007F) or not ASCII. It looks
// at eight bytes at a time.
func plain(in []byte, i int) int {
	for ; i+8 <= len(in); i += 8 {
		x := binary.LittleEndian.Uint64(in[i:])
		// Each term has a byte's top bit set if it is (or, beyond the first
		// one found, seems) not plain: the first or the last if it is not ASCII.
		odd := (x - ' '*ones) | ((x ^ '"'*ones) - ones) | ((x ^ '\\'*ones) - ones) | (x + ones)
		if odd &= tops; odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	for i < len(in) && in[i] >= ' ' && in[i] < del && in[i] != '"' && in[i] != '\\' {
		i++
	}
	return i
}

// str reads a string; the position is on its opening quotation mark.
func (p *parser) str() (s text, ok bool) {
	start := p.pos + 1
	p.pos = plain(p.in, start)
	if p.peek() == '"' {
		p.pos++
		return text{at: uint32(start), n: uint32(p.pos - 1 - start)}, true
	}
	return p.oddString(start)
}

// oddString reads on at the first byte that is not plain.
func (p *parser) oddString(start int) (out text, ok bool) {
	done := start // up to where the contents stand in text
	out.at = uint32(start)
	for {
		c := p.peek()
		switch {
		case p.pos == len(p.in):
			return out, p.malformed("a string does not end")
		case c == '"':
			p.pos++
			if out.flags&escaped == 0 {
				out.n = uint32(p.pos - 1 - start)
				return out, true
			}
			p.text = append(p.text, p.in[done:p.pos-1]...)
			out.n = uint32(len(p.text)) - out.at
			return out, true
		case c == '\\':
			if out.flags&escaped == 0 {
				out.at, out.flags = uint32(len(p.text)), out.flags|escaped
			}
			p.text = append(p.text, p.in[done:p.pos]...)
			if !p.escape() {
				return out, false
			}
			done = p.pos
		case c < ' ':
			return out, p.malformed("a control character in a string")
		case c == del:
			out.flags |= holdsDelete
			p.pos++
		default:
			r, n := utf8.DecodeRune(p.in[p.pos:])
			if r == utf8.RuneError && n < 2 {
				return out, p.malformed("not UTF-8")
			}
			if noncharacter(r) {
				return out, p.malformed("a noncharacter in a string")
			}
			p.note(r)
			p.pos += n
		}
		p.pos = plain(p.in, p.pos)
	}
}

// note remembers characters that UTF-16 puts in another order.
func (p *parser) note(r rune) {
	switch {
	case r > 0xFFFF:
		p.reach |= reachBeyond
	case r >= 0xE000:
		p.reach |= reachTop
	}
}

// noncharacter tells the code points that RFC 7493, section 2.1, keeps out
// of strings beside the surrogates.
func noncharacter(r rune) bool {
	return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one escape and appends what it stands for to text.
func (p *parser) escape() bool {
	p.pos++
	c := p.peek()
	if c != 'u' {
		if escapes[c] == 0 {
			return p.malformed("no such escape in a string")
		}
		p.text = append(p.text, escapes[c])
		p.pos++
		return true
	}
	p.pos++
	r, ok := p.hex4()
	if ok && utf16.IsSurrogate(r) {
		if p.peek() != '\\' || p.pos+1 >= len(p.in) || p.in[p.pos+1] != 'u' {
			return p.malformed("a lone surrogate in a string")
		}
		p.pos += 2
		low, okLow := p.hex4()
		r, ok = utf16.DecodeRune(r, low), okLow
		if ok && r == utf8.RuneError {
			return p.malformed("a lone surrogate in a string")
		}
	}
	if !ok {
		return p.malformed("\\u needs four hexadecimal digits")
	}
	if noncharacter(r) {
		return p.malformed("a noncharacter in a string")
	}
	p.note(r)
	p.text = utf8.AppendRune(p.text, r)
	return true
}

func (p *parser) hex4() (r rune, ok bool) {
	if len(p.in)-p.pos < 4 {
		return 0, false
	}
	for _, c := range p.in[p.pos : p.pos+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	p.pos += 4
	return r, true
}
