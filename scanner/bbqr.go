package scanner

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A BBQr code begins with B$, the encoding, the type of the contents, and
// the number of parts and this one's index, two base 36 digits each.
const (
	bbqrPrefix = "B$"
	bbqrHeader = 8
)

// bbqrPart recognises a BBQr code. What the parts have in common is the
// encoding, the type and their number; all but the last are of one length.
//
// Source: BBQr, Better Bitcoin QR (Coinkite), version 1.0.
func bbqrPart(y *Symbol) (part, func([][]byte) ([]byte, bool), bool) {
	s := y.Text
	if len(s) <= bbqrHeader || !strings.HasPrefix(s, bbqrPrefix) {
		return part{}, nil, false
	}
	encoding := s[2]
	total, err := strconv.ParseUint(s[4:6], 36, 16)
	index, err2 := strconv.ParseUint(s[6:8], 36, 16)
	if err != nil || err2 != nil || total == 0 || total > MaxParts || index >= total {
		return part{}, nil, false
	}
	body, ok := bbqrBody(encoding, s[bbqrHeader:])
	if !ok {
		return part{}, nil, false
	}
	p := part{key: "bbqr " + s[2:6], index: int(index), total: int(total), data: body, patience: NamelessTimeout}
	return p, func(parts [][]byte) ([]byte, bool) { return bbqrJoin(encoding, s[3], parts) }, true
}

// bbqrBody decodes one part: H is hexadecimal, 2 base 32, Z base 32 of a
// compressed whole.
func bbqrBody(encoding byte, s string) ([]byte, bool) {
	switch encoding {
	case 'H':
		b, err := hex.DecodeString(s)
		return b, err == nil
	case '2', 'Z':
		b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
		return b, err == nil
	}
	return nil, false
}

func bbqrJoin(encoding, kind byte, parts [][]byte) ([]byte, bool) {
	for _, p := range parts[1:] {
		if len(p) > len(parts[0]) {
			return nil, false
		}
	}
	for _, p := range parts[:len(parts)-1] {
		if len(p) != len(parts[0]) {
			return nil, false // of two senders
		}
	}
	all, ok := bytes.Join(parts, nil), true
	if encoding == 'Z' {
		all, ok = inflate(all)
	}
	switch kind {
	case 'J':
		ok = ok && json.Valid(all)
	case 'U':
		ok = ok && utf8.Valid(all)
	}
	return all, ok
}

// inflate unpacks raw DEFLATE (RFC 1951) up to MaxMessage bytes.
func inflate(packed []byte) ([]byte, bool) {
	in := bytes.NewReader(packed)
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(in), MaxMessage+1))
	return out, err == nil && len(out) <= MaxMessage && in.Len() == 0
}
