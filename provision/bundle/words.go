package bundle

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"strings"

	"badgekiosk/scanner/bytewords"
)

// wordCount is how many words name a root; stretch is how many rounds of
// SHA-256 whoever looks for another root with the same words pays for each
// try, some 2^64 in all.
const (
	wordCount = 6
	stretch   = 1 << 16
)

// Words are six short words for a root.json, which two people can read to
// one another: those that a kiosk shows before it takes a first root from a
// stick, and those that kiosk bundle inspect prints for the same file, are
// the same. They are told from the file's bytes: one byte changed, other
// words.
//
// 48 bits alone could be searched through, so they are stretched:
// PBKDF2-HMAC-SHA-256 (RFC 8018) of the file's SHA-256, 65,536 rounds, each
// byte of the outcome a word. It takes some 10 ms on a desktop and a few
// tenths of a second on a Raspberry Pi Zero.
func Words(root []byte) string {
	sum := sha256.Sum256(root)
	key, err := pbkdf2.Key(sha256.New, string(sum[:]), []byte("badge-kiosk root words"), stretch, wordCount)
	if err != nil {
		panic("bundle: pbkdf2 refuses constants: " + err.Error())
	}
	words := make([]string, wordCount)
	for i, b := range key {
		words[i] = bytewords.Word(b)
	}
	return strings.Join(words, " ")
}
