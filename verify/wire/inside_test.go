package wire

import (
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// TestInside holds what may stand as a text inside a document, and that the
// forms of codes and pictures may not: level for level one could hold hundreds
// of others.
func TestInside(t *testing.T) {
	const token = "eyJhbGciOiJFUzI1NiJ9.e30.AA"
	for text, want := range map[string]string{
		`{"type":"VerifiableCredential"}`:                  "json",
		" " + token + "\n":                                 "jwt",
		token + "~":                                        "sd-jwt",
		"data:application/vc+jwt," + token:                 "jwt",
		"data:application/vc+cose;base64,0oRDoQEmoEJ7fUA=": "cose",
		"0oRDoQEmoEJ7fUA":                                  "cose",
		"https://riverbend.example/a/1":                    "Q-LINK",
		"":                                                 "Q-NOTBADGE",
		`"` + token + `"`:                                  "Q-NOTBADGE",
		"shc:/567629":                                      "Q-NOTBADGE",
		"<svg/>":                                           "Q-NOTBADGE",
		"VC1-R" + encode45([]byte{0xd9, 6, 0, 0}):        "Q-NOTBADGE",
		encode45(deflate([]byte(`{"a":1}`))):             "Q-NOTBADGE",
		"HC1:" + encode45(deflate([]byte(`{"a":1}`))):    "Q-NOTBADGE",
		"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 40): "Q-NOTBADGE",
	} {
		doc, err := Inside([]byte(text))
		got := doc.Form.String()
		if err != nil {
			got = string(reason.CodeOf(err, ""))
		}
		if got != want {
			t.Errorf("%.60q: %s, %v; want %s", text, got, err, want)
		}
	}
}
