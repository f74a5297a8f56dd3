package ijson

import (
	"math"
	"slices"
	"strconv"
	"unsafe"
)

// AppendCanonical appends v in canonical form (JCS) to dst. If v is an
// object, its own members named in without are left out; those of objects
// inside it are not.
//
// It does not fail on a Value that exists; Absent is S-MALFORMED.
//
// Source: RFC 8785.
func AppendCanonical(dst []byte, v Value, without ...string) ([]byte, error) {
	return AppendEdited(dst, v, Edit{Drop: without})
}

// AppendEdited appends the canonical form of v as e changes it to dst.
func AppendEdited(dst []byte, v Value, e Edit) ([]byte, error) {
	if err := e.check(v); err != nil {
		return dst, err
	}
	if v.Kind() != Object || e.empty() {
		return v.canonical(dst), nil
	}
	return v.members(dst, e), nil
}

func (v Value) canonical(dst []byte) []byte {
	switch v.n.kind {
	case Number:
		return appendNumber(dst, v.Raw())
	case String:
		return appendString(dst, v.Bytes())
	case Array:
		dst = append(dst, '[')
		for c := v.First(); c.d != nil; c = c.Next() {
			dst = append(c.canonical(dst), ',')
		}
		return closed(dst, ']')
	case Object:
		return v.members(dst, Edit{})
	}
	return append(dst, v.Raw()...)
}

// closed puts the bracket in the place of the last comma, if there is one.
func closed(dst []byte, bracket byte) []byte {
	if last := len(dst) - 1; dst[last] == ',' {
		dst[last] = bracket
		return dst
	}
	return append(dst, bracket)
}

// members appends the object v as e changes it, sorted by name. Its members
// are sorted on the end of d.order: a number below 0 is one of e.Set.
func (v Value) members(dst []byte, e Edit) []byte {
	d := v.d
	base := len(d.order)
	for i := v.child(); i != 0; i = d.nodes[i].next {
		if !e.Drops(d.name(i)) {
			d.order = append(d.order, i)
		}
	}
	for k := range e.Set {
		d.order = append(d.order, ^int32(k))
	}
	name := func(i int32) []byte {
		if i < 0 {
			set := e.Set[^i].Name
			return unsafe.Slice(unsafe.StringData(set), len(set))
		}
		return d.name(i)
	}
	slices.SortFunc(d.order[base:], func(a, b int32) int { return compareUTF16(name(a), name(b)) })
	end := len(d.order)
	dst = append(dst, '{')
	for k := base; k < end; k++ {
		i := d.order[k]
		dst = append(appendString(dst, name(i)), ':')
		if i < 0 {
			dst = e.Set[^i].canonical(dst)
		} else {
			dst = d.at(i).canonical(dst)
		}
		dst = append(dst, ',')
	}
	d.order = d.order[:base]
	return closed(dst, '}')
}

// compareUTF16 orders by UTF-16 code units, as RFC 8785, section 3.2.3,
// wants it. It differs from the order of bytes in one thing only: surrogates
// stand before U+E000 to U+FFFF.
func compareUTF16(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		// 0xEE and 0xEF begin U+E000 to U+FFFF, 0xF0 and above what lies beyond.
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	}
	return len(a) - len(b)
}

const hex = "0123456789abcdef"

func appendString(dst, s []byte) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		j := plain(s, i)
		for j < len(s) && s[j] >= del {
			j = plain(s, j+1)
		}
		dst = append(dst, s[i:j]...)
		if j < len(s) {
			dst = appendEscape(dst, s[j])
		}
		i = j + 1
	}
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// appendNumber writes a number as ECMAScript does. A parsed number is finite.
func appendNumber(dst, raw []byte) []byte {
	if short(raw) {
		return append(dst, raw...)
	}
	f, _ := strconv.ParseFloat(alias(raw), 64)
	return AppendFloat(dst, f)
}

// short tells a number that already stands in its canonical form: a plain
// integer of at most 15 digits.
func short(raw []byte) bool {
	if raw[0] == '-' {
		raw = raw[1:]
		if raw[0] == '0' {
			return false // -0 is written 0
		}
	}
	for _, c := range raw {
		if c-'0' > 9 {
			return false
		}
	}
	return len(raw) <= 15
}

// AppendFloat appends a finite number as JCS writes it (RFC 8785, section
// 3.2.2.3; ECMA-262, Number::toString).
func AppendFloat(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0')
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go writes at least two digits of exponent, ECMAScript as few as it takes.
	if n := len(dst); dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
