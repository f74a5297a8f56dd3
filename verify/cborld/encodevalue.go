package cborld

import (
	"encoding/binary"
	"math"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// valueWriter writes the values of one member.
type valueWriter struct {
	*encoder
	kind  string
	inner *active
}

func (w valueWriter) list(v ijson.Value) error {
	w.out = cbor.AppendHead(w.out, cbor.MajorArray, uint64(v.Len()))
	for el := v.First(); el.Exists(); el = el.Next() {
		if err := w.write(el); err != nil {
			return err
		}
	}
	return nil
}

func (w valueWriter) write(v ijson.Value) error {
	switch v.Kind() {
	case ijson.Object:
		return w.object(v, w.inner)
	case ijson.Array:
		return w.list(v)
	case ijson.Null:
		w.out = append(w.out, 0xf6)
	case ijson.True:
		w.out = append(w.out, 0xf5)
	case ijson.False:
		w.out = append(w.out, 0xf4)
	case ijson.String:
		w.text(v.Str())
	default:
		return w.numeral(v)
	}
	return nil
}

// numeral writes a number, unless it would read back as something else.
func (w valueWriter) numeral(v ijson.Value) error {
	switch w.kind {
	case kindURL, kindDate, kindDateTime, cryptosuiteIRI:
		return reason.Errorf(reason.SUnsupported, "CBOR-LD: a number where %s is expected", w.kind)
	}
	if n, ok := v.Int(); ok {
		w.out = cbor.AppendInt(w.out, n)
		return nil
	}
	f, ok := v.Float()
	if !ok {
		return malformed("number %.40s", v.Raw())
	}
	w.out = binary.BigEndian.AppendUint64(append(w.out, 0xfb), math.Float64bits(f))
	return nil
}

// text writes a string in the shortest form that reads back the same.
func (w valueWriter) text(s string) {
	plain := len(w.out)
	w.out = cbor.AppendText(w.out, s)
	short := w.compressed(s)
	if short != nil && len(short) < len(w.out)-plain {
		w.out = append(w.out[:plain], short...)
	}
}

// compressed returns the compressed form of s, or nil.
func (w valueWriter) compressed(s string) []byte {
	switch w.kind {
	case kindURL:
		if id, ok := w.number(s); ok && !w.shadowed(id) {
			return cbor.AppendHead(nil, cbor.MajorUint, id)
		}
		if w.singleton && strings.HasPrefix(s, "data:") {
			return nil
		}
		return compressURL(s)
	case kindMultibase:
		if b := multibaseBytes(s); b != nil {
			return cbor.AppendBytes(nil, b)
		}
	case kindDate, kindDateTime:
		return compressTime(s, w.kind)
	}
	return nil
}

// shadowed tells that a number would be read as an entry of the URL table.
func (w valueWriter) shadowed(id uint64) bool {
	_, ok := legacyStrings[id]
	return w.singleton && ok
}
