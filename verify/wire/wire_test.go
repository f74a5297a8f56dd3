package wire

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// token is a compact JWS in shape only: its signature is four bytes.
var token = b64(`{"alg":"EdDSA","typ":"JWT"}`) + "." + b64(`{"iss":"https://riverbend.example"}`) + "." + b64("sign")

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// verdict is what Open says of a payload, in one line: the form and the
// transports and notes, or the code.
func verdict(payload []byte) string {
	doc, err := Open(payload)
	if err != nil {
		var e *reason.Error
		if !errors.As(err, &e) {
			return "no code: " + err.Error()
		}
		return strings.TrimSpace(string(e.Code) + " " + doc.URL)
	}
	words := append([]string{doc.Form.String()}, doc.Via...)
	for _, note := range doc.Notes {
		words = append(words, string(note))
	}
	return strings.Join(words, " ")
}

func TestOpenText(t *testing.T) {
	for _, c := range []struct{ payload, want string }{
		{`{"type":"VerifiableCredential"}`, "json"},
		{"\ufeff \r\n{}\n", "json"},
		{token, "jwt"},
		{"\n" + token + "\n", "jwt"},
		{token + "~", "sd-jwt"},
		{token + "~" + b64(`["salt","name","Ada"]`) + "~" + token, "sd-jwt"},
		{`"` + token + `"`, "jwt json-string"},
		{"data:application/vc+jwt," + token, "jwt data-url"},
		{"data:application/vc+sd-jwt," + token + "~", "sd-jwt data-url"},
		{"data:application/vc+cose;base64,0oRDoQEmoEH/QQE=", "cose data-url"},

		// Broken tokens are named as such, so that nobody takes them for text.
		{token[:strings.LastIndex(token, ".")], "S-MALFORMED"},
		{token[:30] + " " + token[30:], "S-MALFORMED"},
		{token + ".a.b", "S-UNSUPPORTED"},
		{token + ".a", "S-MALFORMED"},

		{"https://badges.example/a/1", "Q-LINK https://badges.example/a/1"},
		{" HTTP://BADGES.EXAMPLE/A\n", "Q-LINK HTTP://BADGES.EXAMPLE/A"},
		{"https://badges.example/" + strings.Repeat("a", MaxURL), "Q-LINK"},
		{"INJI_OVP://payload?x=y", "Q-LINK"},
		{"openid4vp:?client_id=x", "Q-LINK"},
		{"openid-credential-offer://?x", "Q-LINK"},

		{"", "Q-NOTBADGE"},
		{" \n", "Q-NOTBADGE"},
		{"hello", "Q-NOTBADGE"},
		{"www.example.com", "Q-NOTBADGE"}, // three parts, yet no token
		{"see https://badges.example/a/1", "Q-NOTBADGE"},
		{"https://badges.example/a b", "Q-NOTBADGE"},
		{"4006381333931", "Q-NOTBADGE"},
		{"WIFI:T:WPA;S:school;P:secret;;", "Q-NOTBADGE"},
		{"BEGIN:VCARD\nVERSION:3.0\nN:Doe\nEND:VCARD", "Q-NOTBADGE"},
		{"mailto:office@riverbend.example", "Q-NOTBADGE"},
		{"otpauth://totp/x?secret=ABC", "Q-NOTBADGE"},
		{"data:image/png;base64,iVBORw0KGgo=", "Q-NOTBADGE"},
		{`"hello"`, "Q-NOTBADGE"},
		{`"hello`, "Q-NOTBADGE"},
		{"[1,2]", "Q-NOTBADGE"},
		{"\x00\x01\x02", "Q-NOTBADGE"},
		{strings.Repeat("a", MaxFile+1), "Q-TOOBIG"},
	} {
		if got := verdict([]byte(c.payload)); got != c.want {
			t.Errorf("Open(%.60q) = %q, want %q", c.payload, got, c.want)
		}
	}
}

// TestOpenKeepsBytes holds that what was signed comes out byte for byte.
func TestOpenKeepsBytes(t *testing.T) {
	for _, s := range []string{token, token + "~x~", `{"a" : "é", "a":1}`} {
		doc, err := Open([]byte(" " + s + "\n"))
		if err != nil || string(doc.Data) != s {
			t.Errorf("Open(%q) = %q, %v", s, doc.Data, err)
		}
	}
}

func TestTooManyLayers(t *testing.T) {
	s := token
	for range MaxLayers + 1 {
		quoted := []byte{'"'}
		for _, c := range []byte(s) {
			if c == '"' || c == '\\' {
				quoted = append(quoted, '\\')
			}
			quoted = append(quoted, c)
		}
		s = string(append(quoted, '"'))
	}
	if got := verdict([]byte(s)); got != "Q-TOOBIG" {
		t.Errorf("%d strings inside one another: %s, want Q-TOOBIG", MaxLayers+1, got)
	}
}

// shared returns the bytes of a published vector, or skips the test.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "vectors", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("SKIP-SHARED: %s", name)
	}
	return data
}

// TestPublished opens published files of every form.
func TestPublished(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"ob30-1edtech/simple.1ob", "json"},
		{"ob30-1edtech/simple.jwt", "jwt"},
		{"clr20-1edtech/complex.json", "json"},
		{"clr20-1edtech/simple.jwt", "jwt"},
		{"ob20-1edtech/simple.jwt", "jwt"},
		{"peers/sd-jwt/sd-jwt-vc-presented-kb.txt", "sd-jwt"},
		{"vc-jose-cose/credential-jose-minimal.txt", "jwt"},
		{"vc-jose-cose/credential-sdjwt-nested.txt", "sd-jwt"},
	} {
		if got := verdict(shared(t, c.file)); got != c.want {
			t.Errorf("%s = %q, want %q", c.file, got, c.want)
		}
	}
}

// FuzzOpen holds that any bytes get a document or a code, and that what came
// out of all transports opens to itself.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{"", "{}", token, token + "~", `"` + token + `"`, "https://a.example", "data:application/vc+jwt," + token} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		doc, err := Open(payload)
		if err != nil {
			if reason.CodeOf(err, "") == "" {
				t.Errorf("error without a code: %v", err)
			}
			return
		}
		again, err := Open(doc.Data)
		if err != nil || again.Form != doc.Form || !bytes.Equal(again.Data, doc.Data) || len(again.Via) != 0 {
			t.Errorf("%q opens to %v %q, then to %v %q, %v", payload, doc.Form, doc.Data, again.Form, again.Data, err)
		}
	})
}
