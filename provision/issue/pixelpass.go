package issue

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"math"

	"badgekiosk/verify/ijson"
)

// PixelPass packs a badge for a code: JSON becomes CBOR, anything else stays
// the text it is; then zlib, then base45, whose characters a QR code stores
// in 5.5 bits each.
//
// Source: MOSIP PixelPass; RFC 8949, RFC 1950, RFC 9285.
func PixelPass(badge []byte) ([]byte, error) {
	data := badge
	if bytes.HasPrefix(badge, []byte("{")) {
		v, err := ijson.Parse(badge)
		if err != nil {
			return nil, err
		}
		if data, err = appendCBOR(nil, v); err != nil {
			return nil, err
		}
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return appendBase45(nil, packed.Bytes()), nil
}

// The major types of CBOR that JSON needs.
const (
	cborUint   = 0 << 5
	cborNegInt = 1 << 5
	cborText   = 3 << 5
	cborArray  = 4 << 5
	cborMap    = 5 << 5
	cborFalse  = 7<<5 | 20
	cborTrue   = 7<<5 | 21
	cborNull   = 7<<5 | 22
	cborDouble = 7<<5 | 27
)

// appendCBOR writes v in the order it stands in: whole numbers as integers,
// others as 64-bit floats.
func appendCBOR(dst []byte, v ijson.Value) ([]byte, error) {
	var err error
	switch v.Kind() {
	case ijson.Object:
		dst = appendHead(dst, cborMap, uint64(v.Len()))
		for name, member := range v.Members() {
			dst = append(appendHead(dst, cborText, uint64(len(name))), name...)
			if dst, err = appendCBOR(dst, member); err != nil {
				return nil, err
			}
		}
	case ijson.Array:
		dst = appendHead(dst, cborArray, uint64(v.Len()))
		for item := range v.Each() {
			if dst, err = appendCBOR(dst, item); err != nil {
				return nil, err
			}
		}
	case ijson.String:
		dst = append(appendHead(dst, cborText, uint64(len(v.Bytes()))), v.Bytes()...)
	case ijson.Number:
		return appendNumber(dst, v)
	case ijson.True:
		return append(dst, cborTrue), nil
	case ijson.False:
		return append(dst, cborFalse), nil
	case ijson.Null:
		return append(dst, cborNull), nil
	}
	return dst, nil
}

func appendNumber(dst []byte, v ijson.Value) ([]byte, error) {
	if n, ok := v.Int(); ok && n >= 0 {
		return appendHead(dst, cborUint, uint64(n)), nil
	} else if ok {
		return appendHead(dst, cborNegInt, uint64(-1-n)), nil
	}
	f, ok := v.Float()
	if !ok {
		return nil, fmt.Errorf("number %s is beyond a double", v.Raw())
	}
	return binary.BigEndian.AppendUint64(append(dst, cborDouble), math.Float64bits(f)), nil
}

// appendHead writes a major type and its argument in the fewest bytes.
func appendHead(dst []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n <= math.MaxUint8:
		return append(dst, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), n)
}

const base45Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// appendBase45 writes two bytes in three characters, a last one in two.
func appendBase45(dst, b []byte) []byte {
	for ; len(b) >= 2; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		dst = append(dst, base45Alphabet[n%45], base45Alphabet[n/45%45], base45Alphabet[n/45/45])
	}
	if len(b) == 1 {
		dst = append(dst, base45Alphabet[b[0]%45], base45Alphabet[b[0]/45])
	}
	return dst
}
