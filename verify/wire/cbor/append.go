package cbor

import "encoding/binary"

// The major types of RFC 8949 section 3.1, for [AppendHead].
const (
	MajorUint byte = iota
	MajorNint
	MajorBytes
	MajorText
	MajorArray
	MajorMap
	MajorTag
)

// AppendHead appends the head of an item: its major type and its argument in
// the shortest form. The argument of an array is its length, that of a map
// the number of its pairs.
func AppendHead(dst []byte, major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n < 1<<8:
		return append(dst, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, major|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), n)
}

// AppendInt appends an integer.
func AppendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return AppendHead(dst, MajorNint, uint64(-1-n))
	}
	return AppendHead(dst, MajorUint, uint64(n))
}

// AppendText appends a text string, which must be UTF-8.
func AppendText(dst []byte, s string) []byte {
	return append(AppendHead(dst, MajorText, uint64(len(s))), s...)
}

// AppendBytes appends a byte string.
func AppendBytes(dst, b []byte) []byte {
	return append(AppendHead(dst, MajorBytes, uint64(len(b))), b...)
}
