package scanner

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"badgekiosk/scanner/bytewords"
)

const urPrefix = "ur:"

// urBytes is the type whose contents are bytes without a meaning of their own.
const urBytes = "bytes"

// urPart recognises a Uniform Resource: one code, or a part of many. What
// the parts have in common is the type, the number and size of fragments and
// the checksum of the whole, which is CBOR; of type bytes its contents.
//
// Source: BCR-2020-005 (UR), BCR-2024-001 (multipart UR).
func urPart(y *Symbol) (part, func([][]byte) ([]byte, bool), bool) {
	s := strings.ToLower(y.Text)
	rest, ok := strings.CutPrefix(s, urPrefix)
	if !ok {
		return part{}, nil, false
	}
	f := strings.Split(rest, "/")
	if len(f) < 2 || len(f) > 3 || !urType(f[0]) {
		return part{}, nil, false
	}
	body, ok := bytewords.Decode(f[len(f)-1])
	if !ok {
		return part{}, nil, false
	}
	if len(f) == 2 {
		p := part{key: "ur " + f[0], total: 1, data: body, patience: PartTimeout}
		return p, func(parts [][]byte) ([]byte, bool) { return urContents(f[0], parts[0]) }, true
	}
	h, data, ok := urHeader(body)
	if !ok || f[1] != fmt.Sprintf("%d-%d", h.number, h.total) {
		return part{}, nil, false
	}
	p := part{key: fmt.Sprintf("ur %s %d %d %08x", f[0], h.total, h.size, h.checksum),
		index: int(h.number - 1), total: int(h.total), data: data, sums: fragments(h.number, int(h.total), h.checksum), patience: PartTimeout}
	return p, func(parts [][]byte) ([]byte, bool) { return urJoin(f[0], h, parts) }, true
}

// urType tells whether s can name a type: letters, digits and hyphens.
func urType(s string) bool {
	for _, c := range s {
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// A urHead is what each part says of the whole.
type urHead struct{ number, total, size, checksum uint32 }

// urHeader reads a part: a CBOR array of its number, the number of
// fragments, the message's size and CRC-32, and the data.
func urHeader(b []byte) (h urHead, data []byte, ok bool) {
	if len(b) == 0 || b[0] != 0x85 { // array of five
		return h, nil, false
	}
	b = b[1:]
	for _, v := range []*uint32{&h.number, &h.total, &h.size, &h.checksum} {
		if *v, b, ok = cborHead(b, cborUint); !ok {
			return h, nil, false
		}
	}
	n, b, ok := cborHead(b, cborBytes)
	if !ok || int64(n) != int64(len(b)) {
		return h, nil, false
	}
	if h.number == 0 || h.total == 0 || h.total > MaxParts || h.size == 0 || h.size > MaxMessage ||
		n != (h.size+h.total-1)/h.total {
		return h, nil, false
	}
	return h, b, true
}

// CBOR major types (RFC 8949, 3.1).
const (
	cborUint  = 0
	cborBytes = 2
)

// cborHead reads an item's head of up to 32 bits.
func cborHead(b []byte, major byte) (v uint32, rest []byte, ok bool) {
	if len(b) == 0 || b[0]>>5 != major {
		return 0, nil, false
	}
	info := b[0] & 31
	b = b[1:]
	switch {
	case info < 24:
		return uint32(info), b, true
	case info == 24 && len(b) >= 1:
		return uint32(b[0]), b[1:], true
	case info == 25 && len(b) >= 2:
		return uint32(binary.BigEndian.Uint16(b)), b[2:], true
	case info == 26 && len(b) >= 4:
		return binary.BigEndian.Uint32(b), b[4:], true
	}
	return 0, nil, false
}

func urJoin(kind string, h urHead, parts [][]byte) ([]byte, bool) {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	if len(all) < int(h.size) {
		return nil, false
	}
	all = all[:h.size]
	if crc32.ChecksumIEEE(all) != h.checksum {
		return nil, false
	}
	return urContents(kind, all)
}

// urContents takes the head off a byte string; other types stay CBOR.
func urContents(kind string, message []byte) ([]byte, bool) {
	if kind != urBytes {
		return message, true
	}
	n, b, ok := cborHead(message, cborBytes)
	return b, ok && int64(n) == int64(len(b))
}
