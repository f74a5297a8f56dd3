package issue

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

// listedKey is a key as a trust folder writes it: one of JWK and PEM.
type listedKey struct {
	ID  string `json:"id,omitempty"`
	JWK any    `json:"publicKeyJwk,omitempty"`
	PEM string `json:"publicKeyPem,omitempty"`
}

// Accept lists an issuer in a member's part, under its name and with its key.
// An issuer that is listed already gets the key beside those it has.
func (t Trust) Accept(member string, i Issuer) error {
	if strings.HasPrefix(i.ID, "did:key:") || strings.HasPrefix(i.ID, "did:jwk:") {
		return t.list(member, i.ID, i.Name, nil) // the identifier is the key
	}
	return t.list(member, i.ID, i.Name, &listedKey{ID: i.Key.ID, JWK: i.Key.Public()})
}

// MarkSpecimen makes a listed issuer's badges specimens: genuine ones show
// as DEMO, for training and for fairs.
func (t Trust) MarkSpecimen(member, id string) error {
	return t.edit(issuerFile(member, id), func(o map[string]any) error {
		if o["ids"] == nil {
			return fmt.Errorf("%s does not list %s", member, id)
		}
		o["specimen"] = true
		return nil
	})
}

// AcceptFile is [Trust.Accept] for an issuer of whom there is a file with its
// key: a DID document, a JWK or PEM, or a key file of this package. The id
// may be empty if the file names the issuer. Nothing private is copied.
func (t Trust) AcceptFile(member, id, name string, file []byte) error {
	if block, _ := pem.Decode(file); block != nil && block.Type != "PRIVATE KEY" {
		if _, err := key.FromPEM(file); err != nil {
			return err
		}
		return t.list(member, id, name, &listedKey{PEM: string(pem.EncodeToMemory(block))})
	} else if block != nil {
		return t.acceptPrivate(member, id, name, file)
	}
	v, err := ijson.Parse(bytes.TrimSpace(file))
	switch {
	case err != nil:
		return err
	case v.Get("verificationMethod").Exists() || v.Get("assertionMethod").Exists():
		return t.acceptDocument(member, id, name, v)
	case v.Get("d").Exists():
		return t.acceptPrivate(member, id, name, file)
	case v.Get("kty").Exists():
		return t.acceptJWK(member, id, name, v)
	case v.Get("publicKey").Exists():
		return t.acceptProfile(member, id, name, v)
	}
	return errors.New("holds no key that is known: want a DID document, a profile with its publicKey, a JWK or a PEM")
}

func (t Trust) acceptPrivate(member, id, name string, file []byte) error {
	k, err := ParseKey(file)
	if err != nil {
		return err
	}
	if id != "" {
		k.Name(id)
	}
	return t.Accept(member, NewIssuer(k, name))
}

// acceptJWK takes the kid for the key's name where it is a whole identifier.
func (t Trust) acceptJWK(member, id, name string, v ijson.Value) error {
	if _, err := key.FromJWK(v); err != nil {
		return err
	}
	listed := &listedKey{JWK: json.RawMessage(v.Raw())}
	if kid := v.Get("kid").Str(); strings.Contains(kid, ":") {
		listed.ID = kid
		if id == "" {
			id, _, _ = strings.Cut(kid, "#")
		}
	}
	return t.list(member, id, name, listed)
}

// acceptDocument keeps a DID document as it is: all its keys count, under
// the names it gives them.
func (t Trust) acceptDocument(member, id, name string, v ijson.Value) error {
	if id == "" {
		id = v.Get("id").Str()
	}
	if err := t.list(member, id, name, nil); err != nil {
		return err
	}
	return t.edit(issuerFile(member, id), func(o map[string]any) error {
		o["didDocument"] = json.RawMessage(v.Raw())
		return nil
	})
}

func issuerFile(member, id string) string {
	return path.Join("districts", member, "issuers", fileName(id)+".json")
}

// list writes an issuer's file, with k, if any, beside the keys it has.
func (t Trust) list(member, id, name string, k *listedKey) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("an issuer needs the name that kiosks show")
	case !strings.Contains(id, ":"):
		return fmt.Errorf("issuer %q is neither a DID nor a URL: name the identifier that its badges carry", id)
	}
	if err := checkSlug(member); err != nil {
		return err
	}
	return t.edit(issuerFile(member, id), func(o map[string]any) error {
		o["name"], o["ids"] = name, []string{id}
		if k == nil {
			return nil
		}
		keys, _ := o["keys"].([]any)
		keys = slices.DeleteFunc(keys, func(old any) bool {
			m, _ := old.(map[string]any)
			return k.ID != "" && m["id"] == k.ID
		})
		o["keys"] = append(keys, k)
		return nil
	})
}
