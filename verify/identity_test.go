package verify

import (
	"strings"
	"testing"
)

// TestRecipient asks whose badge it is. The hashes are those of sha256sum and
// md5sum over "ada@school.example" and the salt.
func TestRecipient(t *testing.T) {
	sha := identity{"sha256$802439b2d0c58cfbcbf028fbfa59a2584e35f87c487f8c301cb124430fae2c36", "deadsea", true}
	md5 := identity{"md5$06dc6a95b030aed02c33f6253f5dbc18", "salt", true}
	for _, c := range []struct {
		identity identity
		asked    string
		want     bool
	}{
		{identity{value: "ada@school.example"}, "Ada@school.example ", true},
		{identity{value: "ada@school.example"}, "bob@school.example", false},
		{identity{value: ""}, "", false},
		{sha, "ada@school.example", true},
		{sha, "ADA@school.example", true},
		{sha, "bob@school.example", false},
		{sha, "ada@school.exampledeadsea", false},
		{md5, "ada@school.example", true},
		{md5, "bob@school.example", false},
		{identity{"sha1$" + strings.Repeat("0", 40), "", true}, "ada", false},
	} {
		if got := c.identity.is(c.asked); got != c.want {
			t.Errorf("%+v is %q: %v", c.identity, c.asked, got)
		}
	}
}
