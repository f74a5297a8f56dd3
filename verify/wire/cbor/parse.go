package cbor

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf8"

	"badgekiosk/verify/reason"
)

type parser struct {
	rest []byte
	size int // of everything
	left int // items that may still come
}

func (p *parser) malformed(format string, args ...any) error {
	args = append(args, p.size-len(p.rest))
	return reason.Errorf(reason.SMalformed, "CBOR: "+format+" at byte %d", args...)
}

func (p *parser) short() error {
	return reason.Errorf(reason.QPartial, "CBOR: ends at byte %d, inside an item", p.size)
}

// indefinite is the argument of an item whose end is marked by a break.
const indefinite = math.MaxUint64

// breakByte ends an item of indefinite length.
const breakByte = 0xff

// head reads an item's initial byte and argument. For major type 7, info is
// kept, for it tells a float's size.
func (p *parser) head() (major, info byte, arg uint64, err error) {
	if len(p.rest) == 0 {
		return 0, 0, 0, p.short()
	}
	major, info = p.rest[0]>>5, p.rest[0]&31
	size := 0
	switch {
	case info < 24:
		arg = uint64(info)
	case info < 28:
		size = 1 << (info - 24)
	case info == 31 && major >= 2 && major <= 5:
		arg = indefinite
	default:
		return 0, 0, 0, p.malformed("initial byte %#02x", p.rest[0])
	}
	if len(p.rest) < 1+size {
		return 0, 0, 0, p.short()
	}
	if size > 0 {
		var room [8]byte
		copy(room[8-size:], p.rest[1:1+size])
		arg = binary.BigEndian.Uint64(room[:])
	}
	if arg == indefinite && info != 31 && major >= 2 && major <= 5 {
		return 0, 0, 0, p.short() // no text is that long
	}
	p.rest = p.rest[1+size:]
	return major, info, arg, nil
}

func (p *parser) item(it *Item, depth int) error {
	if depth > MaxDepth {
		return reason.Errorf(reason.QTooBig, "CBOR: more than %d items inside one another", MaxDepth)
	}
	major, info, arg, err := p.head()
	if err != nil {
		return err
	}
	switch it.Num = arg; major {
	case 0:
		it.Kind = Uint
	case 1:
		it.Kind = Nint
	case 2, 3:
		it.Kind, it.Num = Bytes+Kind(major-2), 0
		return p.str(it, arg)
	case 4:
		it.Kind, it.Num = Array, 0
		return p.list(it, arg, 1, depth)
	case 5:
		it.Kind, it.Num = Map, 0
		return p.list(it, arg, 2, depth)
	case 6:
		it.Kind = Tag
		return p.list(it, 1, 1, depth)
	default:
		return p.simple(it, info, arg)
	}
	return nil
}

// str reads the n bytes of a string, or its chunks.
func (p *parser) str(it *Item, n uint64) error {
	if n != indefinite {
		if n > uint64(len(p.rest)) {
			return p.short()
		}
		it.Data, p.rest = p.rest[:n:n], p.rest[n:]
		return p.checkText(it)
	}
	it.Data = []byte{}
	for {
		if len(p.rest) > 0 && p.rest[0] == breakByte {
			p.rest = p.rest[1:]
			return p.checkText(it)
		}
		major, _, n, err := p.head()
		switch {
		case err != nil:
			return err
		case Bytes+Kind(major-2) != it.Kind || n == indefinite:
			return p.malformed("a chunk of another type")
		case n > uint64(len(p.rest)):
			return p.short()
		}
		it.Data, p.rest = append(it.Data, p.rest[:n]...), p.rest[n:]
	}
}

func (p *parser) checkText(it *Item) error {
	if it.Kind == Text && !utf8.Valid(it.Data) {
		return p.malformed("text of %d bytes that is not UTF-8", len(it.Data))
	}
	return nil
}

// list reads n groups of items, or groups up to a break.
func (p *parser) list(it *Item, n uint64, group, depth int) error {
	if n == indefinite {
		return p.openList(it, group, depth)
	}
	// Every item takes a byte at least, and is paid for before any memory is.
	if n > uint64(len(p.rest)) {
		return p.short()
	}
	if err := p.pay(int(n) * group); err != nil {
		return err
	}
	it.Items = make([]Item, int(n)*group)
	for i := range it.Items {
		if err := p.item(&it.Items[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) openList(it *Item, group, depth int) error {
	for {
		if len(p.rest) > 0 && p.rest[0] == breakByte {
			p.rest = p.rest[1:]
			return nil
		}
		if err := p.pay(group); err != nil {
			return err
		}
		if len(it.Items)+group > cap(it.Items) {
			// Doubled, for append's smaller steps would leave five times the
			// list behind.
			it.Items = slices.Grow(it.Items, len(it.Items)+group)
		}
		for range group {
			it.Items = append(it.Items, Item{})
			if err := p.item(&it.Items[len(it.Items)-1], depth+1); err != nil {
				return err
			}
		}
	}
}

func (p *parser) pay(n int) error {
	if p.left -= n; p.left < 0 {
		return reason.Errorf(reason.QTooBig, "CBOR: more than %d items", MaxItems)
	}
	return nil
}

// The values of major type 7 that JSON has too.
const (
	simpleFalse = 20
	simpleTrue  = 21
	simpleNull  = 22
)

func (p *parser) simple(it *Item, info byte, arg uint64) error {
	switch info {
	case simpleFalse, simpleTrue:
		it.Kind, it.Num = Bool, arg-simpleFalse
	case simpleNull:
		it.Kind, it.Num = Null, 0
	case 25:
		it.Kind, it.Num = Float, math.Float64bits(half(uint16(arg)))
	case 26:
		it.Kind, it.Num = Float, math.Float64bits(float64(math.Float32frombits(uint32(arg))))
	case 27:
		it.Kind = Float
	default:
		return p.malformed("simple value %d", arg)
	}
	return nil
}

// half widens a half-precision float.
//
// Source: RFC 8949 appendix D.
func half(h uint16) float64 {
	exp, mant := int(h>>10&31), float64(h&0x3ff)
	v := math.Ldexp(mant+1024, exp-25)
	switch {
	case exp == 0:
		v = math.Ldexp(mant, -24)
	case exp == 31 && mant == 0:
		v = math.Inf(1)
	case exp == 31:
		v = math.NaN()
	}
	if h&0x8000 != 0 {
		v = -v
	}
	return v
}
