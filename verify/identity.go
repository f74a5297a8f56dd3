package verify

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"badgekiosk/verify/ijson"
)

// recipient tells whether the badge is for the person with this identifier,
// which that person gave: Pass if it names it, in clear or hashed, Fail if it
// names others, Unknown if it names nobody.
//
// Source: Open Badges 3.0, section 9.2 and B.1.18, IdentityObject; Open
// Badges 2.0, IdentityObject.
func (c *credential) recipient(identifier string) State {
	found := Unknown
	for _, id := range c.identities() {
		if found = Fail; id.is(identifier) {
			return Pass
		}
	}
	return found
}

// An identity is one identifier of a learner, perhaps hashed.
type identity struct {
	value, salt string
	hashed      bool
}

func (c *credential) identities() (all []identity) {
	if c.assertion != nil {
		return []identity{c.named()}
	}
	subject := first(c.value.Get("credentialSubject"))
	if id := subject.Get("id").Str(); id != "" {
		all = append(all, identity{value: id})
	}
	for i := range some(subject.Get("identifier")) {
		all = append(all, identity{i.Get("identityHash").Str(), i.Get("salt").Str(), i.Get("hashed").Kind() == ijson.True})
	}
	return all
}

// named is whom an assertion names. In 0.5 that is one text, with a salt
// beside it if it is hashed.
func (c *credential) named() identity {
	r := c.value.Get("recipient")
	if id := r.Str(); id != "" {
		return identity{id, c.value.Get("salt").Str(), strings.Contains(id, "$")}
	}
	return identity{r.Get("identity").Str(), r.Get("salt").Str(), r.Get("hashed").Kind() == ijson.True}
}

// is compares without regard to case, as people write addresses; issuers hash
// them as given or in lower case.
func (i identity) is(identifier string) bool {
	identifier = strings.TrimSpace(identifier)
	if !i.hashed {
		return i.value != "" && strings.EqualFold(i.value, identifier)
	}
	return i.hash(identifier) || i.hash(strings.ToLower(identifier))
}

func (i identity) hash(identifier string) bool {
	algorithm, want, _ := strings.Cut(i.value, "$")
	var sum []byte
	switch text := []byte(identifier + i.salt); algorithm {
	case "sha256":
		s := sha256.Sum256(text)
		sum = s[:]
	case "md5":
		s := md5.Sum(text)
		sum = s[:]
	default:
		return false
	}
	return strings.EqualFold(hex.EncodeToString(sum), want)
}
