package wire

import (
	"fmt"
	"strings"
	"testing"
)

// shcOf writes a token in digits.
func shcOf(token string) string {
	var b strings.Builder
	b.WriteString("shc:/")
	for _, c := range []byte(token) {
		fmt.Fprintf(&b, "%02d", c-45)
	}
	return b.String()
}

func TestNumeric(t *testing.T) {
	for _, c := range []struct{ payload, want string }{
		{shcOf(token), "jwt shc"},
		{shcOf(token) + "\n", "jwt shc"},
		{shcOf(token)[:31], "S-MALFORMED"},
		{strings.Replace(shcOf(token), "shc:/", "shc:/1/2/", 1), "Q-PARTIAL"},
		{shcOf(token) + "7", "Q-UNREADABLE"},
		{shcOf(token) + "99", "Q-UNREADABLE"},
		{shcOf(token) + "7x", "Q-UNREADABLE"},
		{shcOf("hello"), "Q-NOTBADGE"},
		{"shc:/", "Q-NOTBADGE"},
		{"567629595326546034602925407728043360287028", "Q-NOTBADGE"},

		{"B$HU0201ABCDEF", "Q-PARTIAL"},
		{"UR:BYTES/1-9/LPADAXCFAOCYJYCYHKHSHDCXAEADAO", "Q-PARTIAL"},
		{"ur:bytes/lpadaxcfaocyjycyhkhshdcxaeadao", "Q-NOTBADGE"},
		{"B$", "Q-NOTBADGE"},
	} {
		if got := verdict([]byte(c.payload)); got != c.want {
			t.Errorf("%.40q: %s, want %s", c.payload, got, c.want)
		}
	}
	doc, err := Open([]byte(shcOf(token)))
	if err != nil || string(doc.Data) != token {
		t.Errorf("digits of a token: %q, %v", doc.Data, err)
	}
}
