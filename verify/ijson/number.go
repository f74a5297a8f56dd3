package ijson

import (
	"math"
	"strconv"
	"unsafe"
)

func (p *parser) digits() bool {
	start := p.pos
	for p.pos < len(p.in) && p.in[p.pos]-'0' <= 9 {
		p.pos++
	}
	return p.pos > start
}

// number reads a number as RFC 8259, section 6, writes it.
func (p *parser) number() bool {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return p.malformed("expected a value")
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return p.malformed("a number has no digit after its point")
		}
	}
	exponent := p.peek() == 'e' || p.peek() == 'E'
	if exponent {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return p.malformed("a number has no digit in its exponent")
		}
	}
	// Without an exponent it takes 309 digits to leave a double's range.
	if exponent || p.pos-start > 300 {
		if _, err := strconv.ParseFloat(alias(p.in[start:p.pos]), 64); err != nil {
			return p.malformed("a number beyond an IEEE double")
		}
	}
	_, ok := p.add(Number, start)
	return ok
}

// alias is b as a string for the time of one call: it shares b's memory.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Float returns a Number. ok is false for every other kind.
func (v Value) Float() (f float64, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(alias(v.Raw()), 64)
	return f, err == nil
}

// MaxSafeInteger is the largest integer that every reader takes for the same
// one (RFC 7493, section 2.2).
const MaxSafeInteger = 1<<53 - 1

// Int returns a Number that is an integer of at most [MaxSafeInteger] either
// way, also when it is written 3.0 or 3e0. ok is false for everything else.
func (v Value) Int() (i int64, ok bool) {
	f, ok := v.Float()
	if !ok || f != math.Trunc(f) || math.Abs(f) > MaxSafeInteger {
		return 0, false
	}
	return int64(f), true
}
