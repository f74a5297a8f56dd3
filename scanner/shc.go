package scanner

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

const shcPrefix = "shc:/"

// maxSHC is the most chunks of a SMART Health Card.
const maxSHC = 32

// shcPart recognises a chunk of a SMART Health Card, shc:/C/N/ and digits.
// Joined they are the card as in one code, shc:/ and all digits.
//
// Source: SMART Health Cards Framework 1.2.0, Encoding Chunks as QR Codes
// (deprecated there, still seen).
func shcPart(y *Symbol) (part, func([][]byte) ([]byte, bool), bool) {
	rest, ok := strings.CutPrefix(y.Text, shcPrefix)
	if !ok {
		return part{}, nil, false
	}
	f := strings.SplitN(rest, "/", 3)
	if len(f) != 3 {
		return part{}, nil, false // one code
	}
	index, err := strconv.Atoi(f[0])
	total, err2 := strconv.Atoi(f[1])
	if err != nil || err2 != nil || total < 2 || total > maxSHC || index < 1 || index > total || !digits(f[2]) {
		return part{}, nil, false
	}
	p := part{key: fmt.Sprintf("shc %d", total), index: index - 1, total: total, data: []byte(f[2]), patience: NamelessTimeout}
	return p, func(parts [][]byte) ([]byte, bool) {
		all := bytes.Join(parts, nil)
		return append([]byte(shcPrefix), all...), shcWhole(all)
	}, true
}

// digits tells whether s is pairs of decimal digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0 && len(s)%2 == 0
}

// shcWhole tells whether digits are one card: a compact JWS whose payload is
// compressed JSON. Chunks of two cards make none. Two digits are a character,
// less 45.
func shcWhole(digits []byte) bool {
	jws := make([]byte, 0, len(digits)/2)
	for i := 0; i+1 < len(digits); i += 2 {
		jws = append(jws, 10*(digits[i]-'0')+digits[i+1]-'0'+45)
	}
	f := strings.Split(string(jws), ".")
	if len(f) != 3 {
		return false
	}
	packed, err := base64.RawURLEncoding.DecodeString(f[1])
	if err != nil {
		return false
	}
	card, ok := inflate(packed)
	return ok && json.Valid(card)
}
