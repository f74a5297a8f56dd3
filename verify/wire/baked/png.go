package baked

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/inflate"
)

const signature = "\x89PNG\r\n\x1a\n"

// MaxChunks is how many chunks a PNG may have.
const MaxChunks = 16384

// maxChunk is the longest chunk that the standard allows.
const maxChunk = 1<<31 - 1

// IsPNG tells whether data begins as a PNG does.
func IsPNG(data []byte) bool { return bytes.HasPrefix(data, []byte(signature)) }

// PNG returns the badge baked into the PNG data.
//
// The error is Q-NOTBADGE if there is none, Q-AMBIG if there are two different
// ones of one standard, Q-UNREADABLE if any chunk's checksum is wrong,
// Q-PARTIAL if the file ends before its IEND chunk, Q-TOOBIG over [MaxChunks]
// or [MaxText]. A compressed text is read, though the standards forbid it.
//
// Source: W3C PNG (Third Edition), sections 5 and 11.3.3.
func PNG(data []byte) (Text, error) {
	var found shelf
	rest := data[min(len(signature), len(data)):]
	for range MaxChunks {
		kind, body, after, err := chunk(rest)
		if err != nil {
			return Text{}, err
		}
		switch kind {
		case "iTXt", "tEXt":
			if err := found.chunk(kind, body); err != nil {
				return Text{}, err
			}
		case "IEND":
			return found.first()
		}
		rest = after
	}
	return Text{}, reason.Errorf(reason.QTooBig, "a PNG of more than %d chunks", MaxChunks)
}

// chunk reads the chunk that data begins with.
func chunk(data []byte) (kind string, body, rest []byte, err error) {
	const frame = 4 + 4 + 4 // length, type and checksum
	if len(data) < frame {
		return "", nil, nil, reason.Errorf(reason.QPartial, "a PNG that ends before its IEND chunk")
	}
	n := int64(binary.BigEndian.Uint32(data))
	switch {
	case n > maxChunk:
		return "", nil, nil, reason.Errorf(reason.QUnreadable, "a PNG chunk of %d bytes, the standard allows %d", n, maxChunk)
	case n > int64(len(data)-frame):
		return "", nil, nil, reason.Errorf(reason.QPartial, "a PNG that ends inside a chunk of %d bytes", n)
	}
	end := 8 + int(n)
	if crc32.ChecksumIEEE(data[4:end]) != binary.BigEndian.Uint32(data[end:]) {
		return "", nil, nil, reason.Errorf(reason.QUnreadable, "a PNG chunk of type %q with a wrong checksum", data[4:8])
	}
	return string(data[4:8]), data[8:end], data[end+4:], nil
}

// keyword tells which standard a text chunk's keyword belongs to.
func keyword(word []byte) (standard, bool) {
	switch string(word) {
	case "openbadgecredential":
		return openBadges3, true
	case "clrcredential":
		return clr2, true
	case "openbadges":
		return openBadges2, true
	}
	return 0, false
}

// chunk keeps the text of a tEXt or iTXt chunk if it is a badge.
func (s *shelf) chunk(kind string, body []byte) error {
	word, text, ok := bytes.Cut(body, []byte{0})
	st, known := keyword(word)
	if !ok || !known {
		return nil
	}
	if kind == "tEXt" {
		return s.put(st, Text{text, "png-text"})
	}
	if len(text) < 2 {
		return reason.Errorf(reason.QUnreadable, "an iTXt chunk of %d bytes", len(body))
	}
	compressed, method := text[0], text[1]
	_, text, ok1 := bytes.Cut(text[2:], []byte{0}) // language
	_, text, ok2 := bytes.Cut(text, []byte{0})     // translated keyword
	switch {
	case !ok1 || !ok2 || compressed > 1 || method != 0:
		return reason.Errorf(reason.QUnreadable, "an iTXt chunk with compression %d, method %d", compressed, method)
	case compressed == 0:
		return s.put(st, Text{text, "png-itxt"})
	}
	text, err := inflate.Zlib(text, MaxText)
	if err != nil {
		return err
	}
	return s.put(st, Text{text, "png-itxt-compressed"})
}
