package qr

import (
	"errors"
	"fmt"

	"badgekiosk/scanner"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Mode indicators (ISO/IEC 18004:2015, Table 2).
const (
	modeTerminator    = 0b0000
	modeNumeric       = 0b0001
	modeAlphanumeric  = 0b0010
	modeAppend        = 0b0011 // structured append
	modeByte          = 0b0100
	modeFNC1First     = 0b0101
	modeECI           = 0b0111
	modeKanji         = 0b1000
	modeFNC1Second    = 0b1001
	modeHanzi         = 0b1101 // GB/T 18284, China's edition
	modeIndicatorBits = 4
)

// alphanumerics are the 45 characters of alphanumeric mode, by value.
//
// Source: ISO/IEC 18004:2015, Table 5.
const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// groupSeparator stands for FNC1 inside a GS1 message.
const groupSeparator = 0x1d

// maxData is above what any symbol holds: 7,089 digits in version 40-L.
const maxData = 7100

var (
	errShort = errors.New("the bit stream ends inside a segment")
	errEmpty = errors.New("the symbol says nothing")
)

// A message is what the data codewords of one symbol say.
type message struct {
	bytes []byte // every segment's characters as encoded, one after the other
	text  string // UTF-8, or empty if they are not text
	// declared tells that the symbol itself says what characters they are.
	declared bool
	append   scanner.Append
	// padded tells that pad codewords, where there are any, are the
	// standard's: further evidence that the symbol was read aright.
	padded bool
}

// parse reads the segments of a symbol's data codewords. Its errors say that
// the symbol was read wrongly or uses what the standard does not define.
//
// Source: ISO/IEC 18004:2015, 7.4.
func parse(codewords []byte, version int) (message, error) {
	p := parser{bits: bitReader{data: codewords}, version: version}
	for {
		mode := modeTerminator // may be left out where there is no room
		if p.bits.left() >= modeIndicatorBits {
			mode = p.bits.read(modeIndicatorBits)
		}
		if mode == modeTerminator {
			break
		}
		p.segment(mode)
		if p.err == nil && p.bits.short {
			p.err = errShort
		}
		if p.err != nil {
			return message{}, p.err
		}
	}
	if len(p.out) == 0 {
		return message{}, errEmpty
	}
	m := message{bytes: p.out, append: p.append, padded: p.bits.padded()}
	m.text, m.declared = p.text.finish(), p.text.declared
	return m, nil
}

type parser struct {
	bits    bitReader
	version int
	out     []byte
	text    textBuilder
	append  scanner.Append
	gs1     bool
	err     error
}

func (p *parser) segment(mode int) {
	switch mode {
	case modeNumeric:
		p.numeric(p.count(10, 12, 14))
	case modeAlphanumeric:
		p.alphanumeric(p.count(9, 11, 13))
	case modeByte:
		p.bytes(p.count(8, 16, 16))
	case modeKanji:
		p.kanji(p.count(8, 10, 12))
	case modeHanzi:
		p.hanzi()
	case modeECI:
		p.eci()
	case modeAppend:
		at := p.bits.read(8)
		p.append = scanner.Append{Index: at >> 4, Total: at&15 + 1, Parity: byte(p.bits.read(8))}
		if p.append.Index >= p.append.Total {
			p.err = fmt.Errorf("structured append symbol %d of %d", p.append.Index+1, p.append.Total)
		}
	case modeFNC1First:
		p.gs1 = true
	case modeFNC1Second:
		p.gs1 = true
		p.bits.read(8) // application indicator
	default:
		p.err = fmt.Errorf("mode indicator %04b is not defined", mode)
	}
}

// count reads a character count; its length depends on the version (Table 3).
func (p *parser) count(small, medium, large int) int {
	switch {
	case p.version <= 9:
		return p.bits.read(small)
	case p.version <= 26:
		return p.bits.read(medium)
	}
	return p.bits.read(large)
}

// add appends one segment's characters; raw tells bytes from ASCII.
func (p *parser) add(b []byte) {
	if len(p.out)+len(b) > maxData {
		p.err = errShort
		return
	}
	p.out = append(p.out, b...)
}

func (p *parser) numeric(n int) {
	var b []byte
	for ; n > 0 && !p.bits.short; n -= 3 {
		digits := min(n, 3)
		v := p.bits.read(1 + 3*digits)
		limit := [...]int{1, 10, 100, 1000}[digits]
		if v >= limit {
			p.err = fmt.Errorf("%d digits cannot be %d", digits, v)
			return
		}
		for limit /= 10; limit > 0; limit /= 10 {
			b = append(b, byte('0'+v/limit%10))
		}
	}
	p.add(b)
	p.text.ascii(b)
}

func (p *parser) alphanumeric(n int) {
	var b []byte
	for ; n > 0 && !p.bits.short; n -= 2 {
		if n == 1 {
			v := p.bits.read(6)
			if v >= len(alphanumerics) {
				p.err = fmt.Errorf("no alphanumeric character has value %d", v)
				return
			}
			b = append(b, alphanumerics[v])
			break
		}
		v := p.bits.read(11)
		if v >= len(alphanumerics)*len(alphanumerics) {
			p.err = fmt.Errorf("no two alphanumeric characters have value %d", v)
			return
		}
		b = append(b, alphanumerics[v/45], alphanumerics[v%45])
	}
	if p.gs1 {
		b = gs1(b)
	}
	p.add(b)
	p.text.ascii(b)
}

// gs1 turns % into the group separator and %% into %, as FNC1 asks for.
//
// Source: ISO/IEC 18004:2015, 7.4.8.2.
func gs1(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == '%' {
			if i+1 < len(b) && b[i+1] == '%' {
				i++
			} else {
				c = groupSeparator
			}
		}
		out = append(out, c)
	}
	return out
}

func (p *parser) bytes(n int) {
	if 8*n > p.bits.left() {
		p.err = errShort
		return
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(p.bits.read(8))
	}
	p.add(b)
	p.text.bytes(b)
}

// kanji unpacks 13 bits to the two bytes of a Shift-JIS character.
//
// Source: ISO/IEC 18004:2015, 7.4.6.
func (p *parser) kanji(n int) {
	var b []byte
	for ; n > 0 && !p.bits.short; n-- {
		v := p.bits.read(13)
		c := v/0xc0<<8 | v%0xc0
		if c < 0x1f00 {
			c += 0x8140
		} else {
			c += 0xc140
		}
		b = append(b, byte(c>>8), byte(c))
	}
	p.add(b)
	p.text.double(japanese.ShiftJIS, b)
}

// hanzi unpacks 13 bits to the two bytes of a GB 2312 character.
//
// Source: GB/T 18284-2000, 6.4.7.
func (p *parser) hanzi() {
	const gb2312 = 1
	if subset := p.bits.read(4); subset != gb2312 {
		p.err = fmt.Errorf("hanzi subset %d is not defined", subset)
		return
	}
	var b []byte
	for n := p.count(8, 10, 12); n > 0 && !p.bits.short; n-- {
		v := p.bits.read(13)
		c := v/0x60<<8 | v%0x60
		if c < 0x0a00 {
			c += 0xa1a1
		} else {
			c += 0xa6a1
		}
		b = append(b, byte(c>>8), byte(c))
	}
	p.add(b)
	p.text.double(simplifiedchinese.GBK, b)
}

// eci reads the designator of the character set of what follows.
//
// Source: ISO/IEC 18004:2015, 7.4.2.
func (p *parser) eci() {
	v := p.bits.read(8)
	switch {
	case v < 0x80:
	case v < 0xc0:
		v = v&0x3f<<8 | p.bits.read(8)
	case v < 0xe0:
		v = v&0x1f<<16 | p.bits.read(16)
	default:
		p.err = fmt.Errorf("ECI designator %#x is not defined", v)
	}
	p.text.eci(v)
}

// A bitReader reads bits, most significant first.
type bitReader struct {
	data  []byte
	at    int // bit
	short bool
}

func (r *bitReader) left() int { return 8*len(r.data) - r.at }

// read returns the next n bits, up to 16; zero, and short is set, where
// there are fewer.
func (r *bitReader) read(n int) int {
	if n > r.left() {
		r.short = true
		r.at = 8 * len(r.data)
		return 0
	}
	v := 0
	for range n {
		v = v<<1 | int(r.data[r.at>>3]>>(7-r.at&7)&1)
		r.at++
	}
	return v
}

// padded tells whether the codewords after the terminator are the pad
// codewords 11101100 and 00010001 in turn (7.4.10).
func (r *bitReader) padded() bool {
	for i, b := range r.data[min(len(r.data), (r.at+7)/8):] {
		if b != [2]byte{0xec, 0x11}[i&1] {
			return false
		}
	}
	return true
}
