package status

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"badgekiosk/verify/reason"
)

const (
	// MinBits is the shortest list that the standard allows, in bits.
	MinBits = 131_072
	// ShortBits is the shortest list that is read all the same: the lists of
	// the Digital Credentials Consortium have 100,000 entries.
	ShortBits = 100_000
	// MaxBits is the longest list that is unpacked, in bits (8 MiB). It is
	// the length of a TerseBitstringStatusList.
	MaxBits = 1 << 26
	// MaxEncoded is the longest text of a list that is looked at, in bytes.
	MaxEncoded = 4 << 20
)

// Bits are the unpacked entries of a bit string list. Entry 0 begins at the
// most significant bit of the first byte.
type Bits []byte

// Unpack undoes base64url and gzip. The multibase letter "u" before them is
// the standard's; lists of its draft of 2021 lack it. No gzip begins with it.
//
// The error is R-BADLIST for text that is not base64url or gzip, for bytes
// after the end of the gzip member, for a list shorter than [ShortBits] or
// longer than [MaxBits].
//
// Source: W3C Bitstring Status List v1.0, section 3.4, Bitstring Expansion
// Algorithm; RFC 1952.
func Unpack(text string) (Bits, error) { return unpack(text, MaxBits) }

// unpack is the same for a list of at most this many bits.
func unpack(text string, most int) (Bits, error) {
	if len(text) > MaxEncoded {
		return nil, reason.Errorf(reason.RBadList, "encodedList has %d characters, limit %d", len(text), MaxEncoded)
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimPrefix(text, "u"))
	if err != nil {
		return nil, reason.Errorf(reason.RBadList, "encodedList: %w", err)
	}
	bits, err := gunzip(packed, most/8)
	if err != nil {
		return nil, reason.Errorf(reason.RBadList, "encodedList: %w", err)
	}
	if len(bits)*8 < ShortBits {
		return nil, reason.Errorf(reason.RBadList, "encodedList holds %d bits, the standard asks for %d", len(bits)*8, MinBits)
	}
	return bits, nil
}

// gunzip reads one gzip member of most bytes at most and nothing after it.
// The length that the member states is only believed as far as that bound, so
// a short text never reserves more.
func gunzip(packed []byte, most int) ([]byte, error) {
	const trailer = 8
	if len(packed) < trailer {
		return nil, io.ErrUnexpectedEOF
	}
	in := bytes.NewReader(packed) // an io.ByteReader: gzip reads no further than the member's end
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	stated := binary.LittleEndian.Uint32(packed[len(packed)-4:])
	return drain(z, in, int(stated), most)
}

// unzlib reads one zlib stream of most bytes at most and nothing after it.
func unzlib(packed []byte, most int) ([]byte, error) {
	in := bytes.NewReader(packed)
	z, err := zlib.NewReader(in)
	if err != nil {
		return nil, err
	}
	return drain(z, in, 4*len(packed), most)
}

// drain reads what z unpacks from in: about size bytes, at most most.
func drain(z io.Reader, in *bytes.Reader, size, most int) ([]byte, error) {
	// One byte more than stated, so that the read sees the end and the sum.
	out := bytes.NewBuffer(make([]byte, 0, max(0, min(size, most))+bytes.MinRead))
	n, err := io.Copy(out, io.LimitReader(z, int64(most)+1))
	switch {
	case err != nil:
		return nil, err
	case n > int64(most):
		return nil, fmt.Errorf("expands past %d bytes", most)
	case in.Len() > 0:
		return nil, errors.New("bytes after the packed list")
	}
	return out.Bytes(), nil
}

// Len is how many entries of size bits the list has.
func (b Bits) Len(size int) uint64 { return uint64(len(b)) * 8 / uint64(size) }

// At returns entry index of a list whose entries have size bits, 1 to 8.
// ok is false past the end of the list.
func (b Bits) At(index uint64, size int) (value uint8, ok bool) {
	if size < 1 || size > MaxSize || index >= b.Len(size) {
		return 0, false
	}
	first := index * uint64(size)
	for bit := first; bit < first+uint64(size); bit++ {
		value = value<<1 | b[bit/8]>>(7-bit%8)&1
	}
	return value, true
}

// MaxSize is the largest entry that is read, in bits.
const MaxSize = 8
