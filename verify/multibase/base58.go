package multibase

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"badgekiosk/verify/reason"
)

const alphabet58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

var digits58 = digits(alphabet58)

// chunk58 is how many digits are taken at a time: 58^10 fits 64 bits.
const chunk58 = 10

// Base58 appends to dst the bytes that s stands for in base58btc, without a
// multibase prefix. Each leading "1" is a zero byte. The error is S-MALFORMED
// for a character outside the alphabet or more than [MaxBase58] of them.
//
// Source: draft-msporny-base58.
func Base58[T text](dst []byte, s T) ([]byte, error) {
	if len(s) > MaxBase58 {
		return dst, reason.Errorf(reason.SMalformed, "base58 value of %d characters is over %d", len(s), MaxBase58)
	}
	for len(s) > 0 && s[0] == '1' {
		dst, s = append(dst, 0), s[1:]
	}
	var room [16]uint64 // little-endian limbs: 128 bytes, a usual key or signature
	num := room[:0]
	for len(s) > 0 {
		n := min(len(s), chunk58)
		value, scale := uint64(0), uint64(1)
		for i := range n {
			d := digits58[s[i]]
			if d == bad {
				return dst, errorAt("base58", s, digits58)
			}
			value, scale = value*58+uint64(d), scale*58
		}
		num, s = mulAdd(num, scale, value), s[n:]
	}
	return appendBigEndian(dst, num), nil
}

// mulAdd returns num*scale + value.
func mulAdd(num []uint64, scale, value uint64) []uint64 {
	for i, limb := range num {
		hi, lo := bits.Mul64(limb, scale)
		sum, carry := bits.Add64(lo, value, 0)
		num[i], value = sum, hi+carry
	}
	if value != 0 {
		num = append(num, value)
	}
	return num
}

// appendBigEndian appends num without leading zero bytes.
func appendBigEndian(dst []byte, num []uint64) []byte {
	if len(num) == 0 {
		return dst
	}
	top := num[len(num)-1]
	for shift := (bits.Len64(top) - 1) &^ 7; shift >= 0; shift -= 8 {
		dst = append(dst, byte(top>>shift))
	}
	for i := len(num) - 2; i >= 0; i-- {
		dst = binary.BigEndian.AppendUint64(dst, num[i])
	}
	return dst
}

// EncodeBase58 writes b in base58btc with its multibase prefix "z".
func EncodeBase58(b []byte) string {
	out := []byte{}
	zeros := 0
	for zeros < len(b) && b[zeros] == 0 {
		zeros++
	}
	for num := slices.Clone(b[zeros:]); len(num) > 0; {
		rest := 0
		for i, c := range num {
			v := rest<<8 | int(c)
			num[i], rest = byte(v/58), v%58
		}
		out = append(out, alphabet58[rest])
		for len(num) > 0 && num[0] == 0 {
			num = num[1:]
		}
	}
	for range zeros {
		out = append(out, '1')
	}
	out = append(out, 'z')
	slices.Reverse(out)
	return string(out)
}
