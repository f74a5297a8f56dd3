package verify

import (
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
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

// TestNamed: whom an assertion names, in each version's words.
func TestNamed(t *testing.T) {
	for doc, want := range map[string]identity{
		`{"recipient":{"type":"email","identity":"ada@school.example","hashed":false}}`:       {value: "ada@school.example"},
		`{"recipient":{"identity":"sha256$00","salt":"s","hashed":true},"salt":"of another"}`: {"sha256$00", "s", true},
		`{"recipient":"sha256$00","salt":"s"}`:                                                {"sha256$00", "s", true},
		`{"recipient":"ada@school.example"}`:                                                  {value: "ada@school.example"},
		`{"recipient":5}`:                                                                     {},
		`{}`:                                                                                  {},
	} {
		v, err := ijson.Parse([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if got := (&credential{value: v}).named(); got != want {
			t.Errorf("%s names %+v, want %+v", doc, got, want)
		}
	}
}
