package issue

import (
	"bytes"
	"encoding/json"
	"errors"
)

// presentation is what a holder signs to say that a badge is theirs.
//
// Source: W3C Securing VCs using JOSE and COSE, section 3.1.2; OpenID for
// Verifiable Presentations 1.0, section 14.1 (nonce, aud).
type presentation struct {
	Context  []string `json:"@context"`
	Type     string   `json:"type"`
	Holder   string   `json:"holder"`
	Issuer   string   `json:"iss"`
	Audience string   `json:"aud"`
	Nonce    string   `json:"nonce"`
	Badges   []any    `json:"verifiableCredential"`
}

// enveloped is a badge that is a token, inside a presentation.
//
// Source: W3C VC Data Model v2.0, section 4.13.
type enveloped struct {
	Context string `json:"@context"`
	ID      string `json:"id"`
	Type    string `json:"type"`
}

// Present is what a holder's phone answers a verifier that gave it a nonce:
// the badge in a presentation, a compact JWS signed with the holder's key. It
// proves something only if the badge is about the key's own did:key.
//
// badge is as Sign returned it.
func (k *Key) Present(badge []byte, nonce, audience string) ([]byte, error) {
	if nonce == "" || audience == "" {
		return nil, errors.New("an answer needs the nonce and the name of who asked")
	}
	var inner any = json.RawMessage(badge)
	if !bytes.HasPrefix(badge, []byte("{")) {
		inner = enveloped{contextVC, "data:application/vc+jwt," + string(badge), "EnvelopedVerifiableCredential"}
	}
	head, err := compactJSON(joseHeader{Algorithm: k.Algorithm, Type: "vp+jwt", KeyID: k.DID() + "#" + k.Multibase()})
	if err != nil {
		return nil, err
	}
	payload, err := compactJSON(presentation{
		Context: []string{contextVC}, Type: "VerifiablePresentation", Holder: k.DID(), Issuer: k.DID(),
		Audience: audience, Nonce: nonce, Badges: []any{inner},
	})
	if err != nil {
		return nil, err
	}
	return Issuer{Key: k}.jws(head, payload)
}
