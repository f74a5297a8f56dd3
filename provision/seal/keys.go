package seal

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/scrypt"
)

// scrypt's cost: about a tenth of a second and 64 MB on a laptop, so that a
// stolen key file is not worth guessing at.
const (
	scryptN = 1 << 16
	scryptR = 8
	scryptP = 1
	saltLen = 16
)

// A keyFile is one private key at rest.
type keyFile struct {
	Role    string `json:"role"`   // what it was made for; the coalition decides what it may sign
	Public  string `json:"public"` // Ed25519, base64
	Salt    string `json:"salt,omitempty"`
	Sealed  string `json:"sealed,omitempty"`  // XChaCha20-Poly1305 under scrypt of the passphrase
	Private string `json:"private,omitempty"` // seed in clear, only when no passphrase was given
}

var b64 = base64.StdEncoding

// MakeKey makes an Ed25519 key for role and writes it to path, which must not
// exist yet, readable by its owner alone. With an empty passphrase the key is
// in clear.
func MakeKey(path, role, passphrase string) (*metadata.Key, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	k := keyFile{Role: role, Public: b64.EncodeToString(public)}
	if passphrase == "" {
		k.Private = b64.EncodeToString(private.Seed())
	} else if err := k.seal(private.Seed(), passphrase); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("a key is never written over another: %w", err)
	}
	_, err = f.Write(append(data, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return metadata.KeyFromPublicKey(public)
}

func (k *keyFile) seal(seed []byte, passphrase string) error {
	salt := make([]byte, saltLen)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if _, err := io.ReadFull(rand.Reader, salt); err != nil {
		return err
	}
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return err
	}
	box, err := k.box(passphrase, salt)
	if err != nil {
		return err
	}
	k.Salt = b64.EncodeToString(salt)
	k.Sealed = b64.EncodeToString(box.Seal(nonce, nonce, seed, []byte(k.Public)))
	return nil
}

func (k *keyFile) box(passphrase string, salt []byte) (interface {
	Seal(dst, nonce, plaintext, additionalData []byte) []byte
	Open(dst, nonce, ciphertext, additionalData []byte) ([]byte, error)
}, error) {
	key, err := scrypt.Key([]byte(passphrase), salt, scryptN, scryptR, scryptP, chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

// open returns the key's seed.
func (k *keyFile) open(passphrase string) ([]byte, error) {
	if k.Private != "" {
		return b64.DecodeString(k.Private)
	}
	salt, err := b64.DecodeString(k.Salt)
	if err != nil {
		return nil, err
	}
	sealed, err := b64.DecodeString(k.Sealed)
	if err != nil || len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, errors.New("the file is damaged")
	}
	box, err := k.box(passphrase, salt)
	if err != nil {
		return nil, err
	}
	seed, err := box.Open(nil, sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:], []byte(k.Public))
	if err != nil {
		return nil, errors.New("wrong passphrase")
	}
	return seed, nil
}

// ReadKey opens a key file that [MakeKey] wrote.
func ReadKey(path, passphrase string) (Signer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var k keyFile
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s is not a key file: %w", path, err)
	}
	seed, err := k.open(passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s: a key of %d bytes is no Ed25519 seed", path, len(seed))
	}
	private := ed25519.NewKeyFromSeed(seed)
	if b64.EncodeToString(private.Public().(ed25519.PublicKey)) != k.Public {
		return nil, fmt.Errorf("%s: private and public key do not belong together", path)
	}
	return signature.LoadSigner(private, crypto.Hash(0))
}

// PublicKey reads the public half of a key file, which needs no passphrase.
func PublicKey(path string) (*metadata.Key, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var k keyFile
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s is not a key file: %w", path, err)
	}
	public, err := b64.DecodeString(k.Public)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%s: %q is no Ed25519 public key", path, k.Public)
	}
	return metadata.KeyFromPublicKey(ed25519.PublicKey(public))
}
