package cbor

import (
	"math"
	"strconv"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// AppendJSON appends it to dst as JSON without white space, as JavaScript's
// JSON.stringify writes the value it decodes to: members in their order (also
// repeated ones, which a strict reader then refuses), integers as integers,
// floats in the shortest form that reads back the same.
//
// The error is S-MALFORMED for what JSON has no word for: byte strings, tags,
// names that are not text, numbers that are not finite.
func AppendJSON(dst []byte, it *Item) ([]byte, error) {
	var err error
	switch it.Kind {
	case Uint:
		return strconv.AppendUint(dst, it.Num, 10), nil
	case Nint:
		return appendNegative(dst, it.Num), nil
	case Text:
		return AppendString(dst, it.Data), nil
	case Bool:
		return strconv.AppendBool(dst, it.Num == 1), nil
	case Null:
		return append(dst, "null"...), nil
	case Float:
		if f := it.Float(); !math.IsInf(f, 0) && !math.IsNaN(f) {
			return ijson.AppendFloat(dst, f), nil
		}
		return nil, reason.Errorf(reason.SMalformed, "CBOR: a number that is not finite, which JSON cannot hold")
	case Array:
		dst = append(dst, '[')
		for i := range it.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = AppendJSON(dst, &it.Items[i]); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case Map:
		return appendMap(dst, it)
	}
	return nil, reason.Errorf(reason.SMalformed, "CBOR: a %v, which JSON cannot hold", it.Kind)
}

func appendMap(dst []byte, it *Item) ([]byte, error) {
	var err error
	dst = append(dst, '{')
	for i := 0; i+1 < len(it.Items); i += 2 {
		name := &it.Items[i]
		if name.Kind != Text {
			return nil, reason.Errorf(reason.SMalformed, "CBOR: a name that is a %v, which JSON cannot hold", name.Kind)
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendString(dst, name.Data), ':')
		if dst, err = AppendJSON(dst, &it.Items[i+1]); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// appendNegative appends -1 - n.
func appendNegative(dst []byte, n uint64) []byte {
	if n == math.MaxUint64 {
		return append(dst, "-18446744073709551616"...)
	}
	return strconv.AppendUint(append(dst, '-'), n+1, 10)
}

const hexDigits = "0123456789abcdef"

// AppendString appends s, which is UTF-8, as a JSON string in its shortest
// form.
//
// Source: ECMA-262, QuoteJSONString.
func AppendString(dst, s []byte) []byte {
	dst = append(dst, '"')
	done := 0
	for i, c := range s {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(append(dst, s[done:i]...), '\\')
		done = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, c)
		case '\b':
			dst = append(dst, 'b')
		case '\f':
			dst = append(dst, 'f')
		case '\n':
			dst = append(dst, 'n')
		case '\r':
			dst = append(dst, 'r')
		case '\t':
			dst = append(dst, 't')
		default:
			dst = append(dst, 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, s[done:]...), '"')
}
