package issue

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
)

// AcceptFile lists an issuer in a member's part from the bytes of a file that
// holds its public key: a DID document, a public JWK, or a key file of this
// package, of which the private part is left out. id may be empty where the
// file says it; name is what kiosks show.
func (t Trust) AcceptFile(member, id, name string, data []byte) error {
	if err := errors.Join(checkSlug(member), checkName(name)); err != nil {
		return err
	}
	var doc struct {
		ID      string `json:"id"`
		Kty     string `json:"kty"`
		Context any    `json:"@context"`
		Methods []any  `json:"verificationMethod"`
		Asserts []any  `json:"assertionMethod"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("the issuer's file is no JSON: %w", err)
	}
	o := map[string]any{"name": name}
	switch {
	case len(doc.Methods) > 0 || len(doc.Asserts) > 0:
		if id != "" && id != doc.ID {
			return fmt.Errorf("the DID document is of %q, not of %q", doc.ID, id)
		}
		id = doc.ID
		o["didDocument"] = json.RawMessage(data)
	case doc.Kty != "":
		key, err := publicJWK(data)
		if err != nil {
			return err
		}
		o["keys"] = []any{key}
	default:
		return errors.New("the issuer's file is neither a DID document nor a JWK")
	}
	if id == "" {
		return errors.New("the file does not say whose key it is: give the issuer's identifier")
	}
	o["ids"] = []string{id}
	out, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return t.WriteFile(path.Join("districts", member, "issuers", fileName(id)+".json"), append(out, '\n'))
}

// publicJWK is a key of a trust folder made of a JWK, without its private
// members. Its kid, where it is a URL, becomes the key's id.
func publicJWK(data []byte) (map[string]any, error) {
	var jwk map[string]any
	if err := json.Unmarshal(data, &jwk); err != nil {
		return nil, err
	}
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		delete(jwk, private)
	}
	key := map[string]any{"publicKeyJwk": jwk}
	if kid, _ := jwk["kid"].(string); kid != "" {
		key["id"] = kid
	}
	return key, nil
}
