package issue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/status"
	"badgekiosk/verify/wire"
)

// Read opens a badge in any transport: the credential's JSON, and the badge
// as its issuer encoded it. Nothing is judged.
func Read(payload []byte) (credential ijson.Value, encoded []byte, err error) {
	doc, err := wire.Open(payload)
	if err != nil {
		return ijson.Value{}, nil, err
	}
	text := doc.Data
	if doc.Form == wire.JWT || doc.Form == wire.SDJWT {
		_, rest, _ := strings.Cut(string(doc.Data), ".")
		claims, _, _ := strings.Cut(rest, ".")
		if text, err = b64.DecodeString(claims); err != nil {
			return ijson.Value{}, nil, fmt.Errorf("payload: %w", err)
		}
	} else if doc.Form != wire.JSON {
		return ijson.Value{}, nil, fmt.Errorf("a badge secured as %v has no text to put into a code", doc.Form)
	}
	credential, err = ijson.Parse(text)
	if vc := credential.Get("vc"); vc.Exists() {
		credential = vc
	}
	return credential, doc.Data, err
}

// EntryOf finds the badge's place in the list at url.
func EntryOf(payload []byte, url string) (int, error) {
	credential, _, err := Read(payload)
	if err != nil {
		return 0, err
	}
	entries, err := status.Entries(credential)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.List == url && e.Index < status.MinBits {
			return int(e.Index), nil
		}
	}
	return 0, fmt.Errorf("the badge has no place in the list %s", url)
}

// errFull ends a list: it cannot happen before half of it is used.
var errFull = errors.New("no free place in the status list was found: begin another list")

// FreeEntry picks a random place in a status list that is not in used. Places
// are not given in order, so that nobody can tell from one when it was given.
func FreeEntry(used map[int]bool) (int, error) {
	for range 1000 {
		n, err := rand.Int(rand.Reader, big.NewInt(status.MinBits))
		if err != nil {
			return 0, err
		}
		if at := int(n.Int64()); !used[at] {
			return at, nil
		}
	}
	return 0, errFull
}
