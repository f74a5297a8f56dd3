package provision

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// PINs are short, so what protects them is that only so many can be tried at
// a kiosk; the hash keeps who reads the bundle from reading them off it.
const (
	MinPIN    = 4
	pinRounds = 200_000 // about 60 ms on the slowest board
	maxRounds = 2_000_000
	pinKind   = "pbkdf2-sha256"
)

// HashPIN is how signed settings hold a PIN: KIND$ROUNDS$SALT$HASH.
//
// Source: RFC 8018, PBKDF2.
func HashPIN(pin string) (string, error) {
	if len(pin) < MinPIN || strings.Trim(pin, "0123456789") != "" {
		return "", fmt.Errorf("a PIN has digits only, at least %d", MinPIN)
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	sum, err := pbkdf2.Key(sha256.New, pin, salt, pinRounds, sha256.Size)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("%s$%d$%s$%s", pinKind, pinRounds, b64.EncodeToString(salt), b64.EncodeToString(sum)), err
}

// CheckPIN tells whether pin is the one that hash was made of. No hash has no
// PIN.
func CheckPIN(hash, pin string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 4 || parts[0] != pinKind {
		return false, errors.New("the signed settings hold no PIN that can be read")
	}
	b64 := base64.RawStdEncoding
	rounds, err := strconv.Atoi(parts[1])
	salt, err2 := b64.DecodeString(parts[2])
	want, err3 := b64.DecodeString(parts[3])
	if err := errors.Join(err, err2, err3); err != nil || rounds < 1 || rounds > maxRounds || len(want) != sha256.Size {
		return false, fmt.Errorf("the PIN's hash is damaged: %w", err)
	}
	got, err := pbkdf2.Key(sha256.New, pin, salt, rounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}
