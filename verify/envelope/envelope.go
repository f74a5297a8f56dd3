// Package envelope keeps what is about one learner in a bundle that everybody
// may read: encrypted under a value that only that learner's badge yields.
//
// The value is what a code holds: the unguessable URL of a shared or hosted
// badge, or a badge's own signature. Who has the bundle and not the badge learns
// nothing of it but its length, rounded up.
//
//	name = HKDF-SHA-256(secret, "badge-kiosk envelope", "name"), 16 bytes, hex
//	key  = HKDF-SHA-256(secret, "badge-kiosk envelope", "key"), 32 bytes
//	file = nonce (12 bytes) || AES-256-GCM(key, nonce, padded contents, name)
//
// Source: RFC 5869 (HKDF), NIST SP 800-38D (GCM).
package envelope

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Sizes.
const (
	MinSecret = 20      // bytes; a shorter secret can be guessed
	MaxFile   = 1 << 20 // bytes of an envelope
	padTo     = 512     // contents are padded to a multiple of it
	salt      = "badge-kiosk envelope"
)

// Name is the file name of the envelope for secret.
func Name(secret []byte) (string, error) {
	name, err := derive(secret, "name", 16)
	return hex.EncodeToString(name), err
}

func derive(secret []byte, info string, n int) ([]byte, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("a secret of %d bytes can be guessed; it needs at least %d", len(secret), MinSecret)
	}
	return hkdf.Key(sha256.New, secret, []byte(salt), info, n)
}

func box(secret []byte) (cipher.AEAD, error) {
	key, err := derive(secret, "key", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Seal encrypts contents for whoever has secret, and names the file.
func Seal(secret, contents []byte) (name string, file []byte, err error) {
	if name, err = Name(secret); err != nil {
		return "", nil, err
	}
	aead, err := box(secret)
	if err != nil {
		return "", nil, err
	}
	padded := binary.BigEndian.AppendUint32(nil, uint32(len(contents)))
	padded = append(padded, contents...)
	padded = append(padded, make([]byte, (padTo-len(padded)%padTo)%padTo)...)
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", nil, err
	}
	file = aead.Seal(nonce, nonce, padded, []byte(name))
	if len(file) > MaxFile {
		return "", nil, fmt.Errorf("%d bytes are over the limit of %d", len(file), MaxFile)
	}
	return name, file, nil
}

var errForeign = errors.New("this envelope is not for this badge, or damaged")

// Open decrypts what [Seal] made. The error does not tell a wrong secret from
// a damaged file.
func Open(secret, file []byte) ([]byte, error) {
	name, err := Name(secret)
	if err != nil {
		return nil, err
	}
	aead, err := box(secret)
	if err != nil {
		return nil, err
	}
	if len(file) < aead.NonceSize() || len(file) > MaxFile {
		return nil, errForeign
	}
	padded, err := aead.Open(nil, file[:aead.NonceSize()], file[aead.NonceSize():], []byte(name))
	if err != nil || len(padded) < 4 {
		return nil, errForeign
	}
	n := binary.BigEndian.Uint32(padded)
	if uint64(n) > uint64(len(padded)-4) || len(bytes.Trim(padded[4+n:], "\x00")) > 0 {
		return nil, errForeign
	}
	return padded[4 : 4+n], nil
}
