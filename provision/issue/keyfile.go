package issue

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// keyMode is how a private key lies on disk: readable by its owner only.
const keyMode = 0o600

var b64 = base64.RawURLEncoding

// A JWK is a public or, with D, a private key as RFC 7517 writes it.
type JWK struct {
	KeyType string `json:"kty"`
	Curve   string `json:"crv"`
	X       string `json:"x"`
	Y       string `json:"y,omitempty"`
	D       string `json:"d,omitempty"`
	KeyID   string `json:"kid,omitempty"`
}

// Public is the public half, without a kid.
func (k *Key) Public() JWK {
	if p, ok := k.private.Public().(*ecdsa.PublicKey); ok {
		point := uncompressed(p)
		return JWK{KeyType: "EC", Curve: "P-256", X: b64.EncodeToString(point[1:33]), Y: b64.EncodeToString(point[33:])}
	}
	return JWK{KeyType: "OKP", Curve: "Ed25519", X: b64.EncodeToString(k.publicBytes())}
}

// JWK is the private key with its ID as kid, as a file holds it.
func (k *Key) JWK() []byte {
	j := k.Public()
	j.KeyID = k.ID
	switch p := k.private.(type) {
	case ed25519.PrivateKey:
		j.D = b64.EncodeToString(p.Seed())
	case *ecdsa.PrivateKey:
		d, err := p.Bytes()
		if err != nil {
			panic(err) // keyOf let nothing else in
		}
		j.D = b64.EncodeToString(d)
	}
	out, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		panic(err) // a struct of strings
	}
	return append(out, '\n')
}

// PEM is the private key as PKCS#8, which has no place for the ID.
func (k *Key) PEM() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		panic(err) // keyOf let nothing else in
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// ParseKey reads what JWK or PEM wrote; which one follows from the bytes.
func ParseKey(data []byte) (*Key, error) {
	if block, _ := pem.Decode(data); block != nil {
		if block.Type != "PRIVATE KEY" {
			return nil, fmt.Errorf("PEM holds a %q, want an unencrypted \"PRIVATE KEY\" (PKCS#8)", block.Type)
		}
		return keyOf(x509.ParsePKCS8PrivateKey(block.Bytes))
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return nil, errors.New("neither a PEM nor a JWK private key")
	}
	var j JWK
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("JWK: %w", err)
	}
	return j.private()
}

func (j JWK) private() (*Key, error) {
	d, err := b64.DecodeString(j.D)
	if err != nil || len(d) != 32 {
		return nil, errors.New("JWK: \"d\" is not a private key of 32 bytes; a public key cannot sign")
	}
	var k *Key
	switch j.KeyType + " " + j.Curve {
	case "OKP Ed25519":
		k, err = keyOf(ed25519.NewKeyFromSeed(d), nil)
	case "EC P-256":
		k, err = keyOf(ecdsa.ParseRawPrivateKey(elliptic.P256(), d))
	default:
		return nil, fmt.Errorf("JWK: kty %q with crv %q is neither Ed25519 nor P-256", j.KeyType, j.Curve)
	}
	if err != nil {
		return nil, fmt.Errorf("JWK: %w", err)
	}
	if pub := k.Public(); pub.X != j.X || pub.Y != j.Y {
		return nil, errors.New("JWK: the public point does not belong to the private key")
	}
	k.Name(j.KeyID)
	return k, nil
}

// ReadKey reads a private key from a file.
func ReadKey(file string) (*Key, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	k, err := ParseKey(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return k, nil
}

// WriteKey writes data, a private key, to a new file that only its owner can
// read. A file that is there already is never overwritten: a lost issuer's
// key cannot be made again.
func WriteKey(file string, data []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyMode)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; a key is never overwritten, choose another name", file)
	} else if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
