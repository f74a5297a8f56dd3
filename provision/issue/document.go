package issue

import "encoding/json"

// The JSON of a controller document.
//
// Source: W3C Controlled Identifiers v1.0, section 2; did:web Method
// Specification, section 2.
type controller struct {
	Context []string `json:"@context"`
	ID      string   `json:"id"`
	Methods []method `json:"verificationMethod"`
	Assert  []string `json:"assertionMethod"`
}

type method struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Controller string `json:"controller"`
	Key        string `json:"publicKeyMultibase"`
}

// Document is what an issuer publishes on the web so that others find its
// key: for did:web:HOST at https://HOST/.well-known/did.json.
func (i Issuer) Document() ([]byte, error) {
	out, err := json.MarshalIndent(controller{
		Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
		ID:      i.ID,
		Methods: []method{{i.Key.ID, "Multikey", i.ID, i.Key.Multibase()}},
		Assert:  []string{i.Key.ID},
	}, "", "  ")
	return append(out, '\n'), err
}
