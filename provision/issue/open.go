package issue

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
)

// errNotOurs is the answer for a document that our key did not sign.
var errNotOurs = errors.New("the signature is not by this key, or the contents were changed")

// open returns the credential in a document that this issuer's own key
// signed. It is no judge of anybody else's: see package verify.
func (i Issuer) open(signed []byte) ([]byte, error) {
	if bytes.HasPrefix(signed, []byte("{")) {
		return i.openProof(signed)
	}
	parts := bytes.Split(signed, []byte("."))
	if len(parts) != 3 {
		return nil, errors.New("neither JSON nor a JWT")
	}
	signature, err := b64.DecodeString(string(parts[2]))
	if err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	if !i.Key.made(signature, bytes.Join(parts[:2], []byte("."))) {
		return nil, errNotOurs
	}
	return b64.AppendDecode(nil, parts[1])
}

// openProof checks a Data Integrity proof as prove makes it.
func (i Issuer) openProof(signed []byte) ([]byte, error) {
	document, err := ijson.Parse(signed)
	if err != nil {
		return nil, err
	}
	p := document.Get("proof")
	signature, err := multibase.Decode(nil, p.Get("proofValue").Bytes())
	if err != nil {
		return nil, err
	}
	message, err := Format("di-"+p.Get("cryptosuite").Str()).message(p, document)
	if err != nil {
		return nil, err
	}
	if !i.Key.made(signature, message) {
		return nil, errNotOurs
	}
	return signed, nil
}

// made tells whether the key signed message.
func (k *Key) made(signature, message []byte) bool {
	switch p := k.private.Public().(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(p, message, signature)
	case *ecdsa.PublicKey:
		if len(signature) != 64 {
			return false
		}
		sum := sha256.Sum256(message)
		return ecdsa.Verify(p, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	}
	return false
}
