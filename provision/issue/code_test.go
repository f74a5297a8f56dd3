package issue

import (
	"bytes"
	"strings"
	"testing"

	"badgekiosk/verify/wire"
)

// TestForCode: each form is chosen where it is the smallest, and opens as the
// badge that went in.
func TestForCode(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example"), "")
	token, err := i.Sign(Badge{Achievement: Achievement{Name: "A"}, From: jan}, Options{Format: VCJOSE})
	if err != nil {
		t.Fatal(err)
	}
	wordy := welding()
	wordy.Achievement.Criteria = strings.Repeat("Cut, grind, tack and weld. ", 20)
	for name, c := range map[string]struct {
		badge  []byte
		prefix string
	}{
		"wordy": {sign(t, i, wordy), "NCF"},
		"token": {token, "NCF"},
		"tiny":  {[]byte("eyJhbGciOiJFZERTQSJ9.e30.AA"), "eyJ"},
	} {
		code, err := ForCode(c.badge)
		if err != nil || !bytes.HasPrefix(code, []byte(c.prefix)) {
			t.Errorf("%s: %.40s…, want %s… (%v)", name, code, c.prefix, err)
			continue
		}
		doc, err := wire.Open(code)
		if err != nil || same(t, doc.Data) != same(t, c.badge) {
			t.Errorf("%s: opens as %s (%v), want %s", name, doc.Data, err, c.badge)
		}
	}
}

func sign(t *testing.T, i Issuer, b Badge) []byte {
	t.Helper()
	doc, err := i.Sign(b, Options{Format: RDFC, Compact: true})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
