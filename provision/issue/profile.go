package issue

import (
	"errors"
	"fmt"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

// acceptProfile lists the issuer of an Open Badges 2.0 profile, under the name
// and id that the profile gives it where no others are given, with the keys
// that are written out in it.
//
// Source: 1EdTech Open Badges 2.0, Profile and CryptographicKey.
func (t Trust) acceptProfile(member, id, name string, v ijson.Value) error {
	if id == "" {
		id = v.Get("id").Str()
	}
	if name == "" {
		name = v.Get("name").Str()
	}
	listed := 0
	for k := range v.Get("publicKey").Each() {
		pem := k.Get("publicKeyPem").Str()
		if pem == "" {
			continue
		}
		if _, err := key.FromPEM([]byte(pem)); err != nil {
			return fmt.Errorf("publicKey: %w", err)
		}
		if err := t.list(member, id, name, &listedKey{ID: k.Get("id").Str(), PEM: pem}); err != nil {
			return err
		}
		listed++
	}
	if listed == 0 {
		return errors.New("the profile names its key by an address only: fetch what stands there and give that file, with --id and --name")
	}
	return nil
}

// AcceptIssuer is [Trust.AcceptFile], and names the file in which the issuer
// is listed now.
func (t Trust) AcceptIssuer(member, id, name string, data []byte) (file string, err error) {
	w := &written{Folder: t.Folder}
	if err := (Trust{w}).AcceptFile(member, id, name, data); err != nil {
		return "", err
	}
	return w.last, nil
}

// written remembers the file that was written last.
type written struct {
	Folder
	last string
}

// WriteFile implements [Folder].
func (w *written) WriteFile(name string, data []byte) error {
	w.last = name
	return w.Folder.WriteFile(name, data)
}
