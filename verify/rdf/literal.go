package rdf

import (
	"bytes"
	"math"
	"strconv"

	"badgekiosk/verify/ijson"
)

// literal writes a string. Most need no escape and stay where they are.
func (w *walk) literal(v ijson.Value, suffix int32) (int32, string, error) {
	if suffix == suffixDouble {
		// One published processor writes "3.5" as 3.5E0, others leave it.
		return 0, "", unsupported("string %.80s as an xsd:double", v.Raw())
	}
	b := v.Bytes()
	if v.Verbatim() {
		return objectLiteral - suffix, alias(b), nil
	}
	return objectLiteral - suffix, w.escaped(b), nil
}

const upperHex = "0123456789ABCDEF"

// mustEscape marks what canonical N-Quads escape: RDFC-1.0, section 5.2.
var mustEscape = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	t['"'], t['\\'], t[0x7f] = true, true, true
	return t
}()

var shortEscape = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}

// escaped is b as it stands between the quotation marks of a literal.
func (w *walk) escaped(b []byte) string {
	n := 0
	for _, c := range b {
		if mustEscape[c] {
			n++
		}
	}
	if n == 0 {
		return alias(b)
	}
	w.room(len(b) + 5*n)
	start := len(w.arena)
	for _, c := range b {
		switch {
		case !mustEscape[c]:
			w.arena = append(w.arena, c)
		case shortEscape[c] != 0:
			w.arena = append(w.arena, '\\', shortEscape[c])
		default:
			w.arena = append(w.arena, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
		}
	}
	return w.keep(start)
}

// json notes a value of type @json, arrays and null included.
func (w *walk) json(n *node, v ijson.Value, t *term) error {
	object, text, err := w.jsonLiteral(v)
	if err != nil {
		return err
	}
	return w.note(n, t.predicate, object, text)
}

// jsonLiteral writes any value as a literal in JCS form.
func (w *walk) jsonLiteral(v ijson.Value) (int32, string, error) {
	out, err := ijson.AppendCanonical(w.jcs[:0], v)
	if err != nil {
		return 0, "", err
	}
	w.jcs = out
	w.room(len(out))
	start := len(w.arena)
	w.arena = append(w.arena, out...)
	return objectLiteral - suffixJSON, w.escaped(w.arena[start:]), nil
}

// scalar writes a number or a truth value: JSON-LD 1.1, section 8.2.2.
func (w *walk) scalar(v ijson.Value, t *term) (int32, string, error) {
	typed := t.coercion == toDatatype
	suffix := func(otherwise int32) int32 {
		if typed {
			return objectLiteral - t.suffix
		}
		return objectLiteral - otherwise
	}
	switch v.Kind() {
	case ijson.True:
		return suffix(suffixBoolean), "true", nil
	case ijson.False:
		return suffix(suffixBoolean), "false", nil
	}
	f, ok := v.Float()
	if !ok {
		return 0, "", malformed("value %.80s", v.Raw())
	}
	w.room(maxNumber)
	start := len(w.arena)
	if whole := f == math.Trunc(f) && math.Abs(f) < 1e21; whole && !(typed && t.suffix == suffixDouble) {
		if f == 0 {
			f = 0 // never -0
		}
		w.arena = strconv.AppendFloat(w.arena, f, 'f', 0, 64)
		return suffix(suffixInteger), w.keep(start), nil
	}
	if !agreed(f) {
		return 0, "", unsupported("number %.80s: processors write it in different ways", v.Raw())
	}
	w.arena = appendDouble(w.arena, f)
	return suffix(suffixDouble), w.keep(start), nil
}

// maxNumber is more bytes than any number takes.
const maxNumber = 64

// agreed refuses the numbers that published processors write differently:
// those that ECMAScript prints without a point, taken for integers there
// (1e-7 becomes 0), and those that lie exactly between two of 16 digits.
//
// A number of up to 15 digits is none of the latter: its value, a multiple of
// a power of two, would have to end in 05 or 95, and such multiples end in 25,
// 50, 75 or 00.
func agreed(f float64) bool {
	var buf [64]byte
	mantissa, _, _ := bytes.Cut(strconv.AppendFloat(buf[:0], math.Abs(f), 'e', -1, 64), []byte("e"))
	if len(mantissa) == 1 && f != 0 && math.Abs(f) < 1e-6 {
		return false
	}
	if len(mantissa) <= 16 {
		return true
	}
	mantissa, _, _ = bytes.Cut(strconv.AppendFloat(buf[:0], math.Abs(f), 'e', 30, 64), []byte("e"))
	return string(mantissa[len(mantissa)-15:]) != "500000000000000"
}

// appendDouble writes the canonical form of an xsd:double: one digit, a
// point, up to 15 digits, E and the exponent.
func appendDouble(dst []byte, f float64) []byte {
	if f == 0 {
		f = 0 // never -0
	}
	var buf [32]byte
	mantissa, exponent, _ := bytes.Cut(strconv.AppendFloat(buf[:0], f, 'E', 15, 64), []byte("E"))
	mantissa = bytes.TrimRight(mantissa, "0")
	dst = append(dst, mantissa...)
	if mantissa[len(mantissa)-1] == '.' {
		dst = append(dst, '0')
	}
	dst = append(dst, 'E')
	if exponent[0] == '-' {
		dst = append(dst, '-')
	}
	exponent = bytes.TrimLeft(exponent, "+-0")
	if len(exponent) == 0 {
		return append(dst, '0')
	}
	return append(dst, exponent...)
}
