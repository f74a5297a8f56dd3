package seal

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// maxExternal is the most bytes that an external signer may answer with.
const maxExternal = 64 << 10

// An External signer is a command that holds a key where we cannot: a
// hardware token, a vault, another machine.
//
//	COMMAND public    writes its Ed25519 public key, PEM, to standard output
//	COMMAND sign      reads the message from standard input and writes its
//	                  signature in base64
type External struct{ Command string }

func (e External) run(word string, in io.Reader) ([]byte, error) {
	words := append(strings.Fields(e.Command), word)
	cmd := exec.Command(words[0], words[1:]...)
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("signer %s: %w", strings.Join(words, " "), err)
	}
	if out.Len() > maxExternal {
		return nil, fmt.Errorf("signer %s answered with %d bytes", strings.Join(words, " "), out.Len())
	}
	return out.Bytes(), nil
}

// PublicKey implements [Signer].
func (e External) PublicKey(...signature.PublicKeyOption) (crypto.PublicKey, error) {
	if strings.TrimSpace(e.Command) == "" {
		return nil, errors.New("the signer's command is empty")
	}
	text, err := e.run("public", nil)
	if err != nil {
		return nil, err
	}
	return publicPEM(text)
}

// SignMessage implements [Signer]. A signature that does not verify is an
// error here, not at a kiosk.
func (e External) SignMessage(message io.Reader, _ ...signature.SignOption) ([]byte, error) {
	data, err := io.ReadAll(message)
	if err != nil {
		return nil, err
	}
	public, err := e.PublicKey()
	if err != nil {
		return nil, err
	}
	text, err := e.run("sign", bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	sig, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || !ed25519.Verify(public.(ed25519.PublicKey), data, sig) {
		return nil, fmt.Errorf("signer %s: its answer is not the signature, in base64, of what it was given", e.Command)
	}
	return sig, nil
}

func publicPEM(text []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM public key (-----BEGIN PUBLIC KEY-----)")
	}
	k, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := k.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a %T; bundles are signed with Ed25519", k)
	}
	return public, nil
}

// PublicPEM is the key of somebody who signs elsewhere, from their PEM text.
func PublicPEM(text []byte) (*Key, error) {
	public, err := publicPEM(text)
	if err != nil {
		return nil, err
	}
	return metadata.KeyFromPublicKey(public)
}
