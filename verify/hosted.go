package verify

import (
	"bytes"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// hostedAssertion judges an assertion that nobody signed, by the copy of what
// stands at its address. What was shown is only a pointer to that, so where
// they differ nothing is known of it.
func (c *court) hostedAssertion(v ijson.Value, depth int) []Report {
	link := reason.Errorf(reason.QLink, "a hosted badge: what counts stands at its address")
	m := verification(v)
	if !isOldest(v) && !has(m.Get("type"), "hosted") && !has(m.Get("type"), "HostedBadge") {
		return c.refuse(reason.Errorf(reason.SNoProof, "an assertion that is neither signed nor hosted"))
	}
	cred := c.assertion(v)
	cred.format = "ob2-hosted"
	if isOldest(v) {
		cred.id = c.address // it does not say itself where it stands
	}
	for _, d := range c.set.Document(cred.id) {
		if !c.sameJSON(v, d.Data) {
			continue
		}
		if cred.hosted == nil || c.lists(cred.issuer, d.Member) {
			cred.hosted = d
		}
	}
	if cred.hosted == nil {
		return c.refuse(link)
	}
	return c.credential(cred, depth)
}

// isOldest tells whether a document is an assertion of Open Badges 0.5, which
// has its badge and issuer written out in it. All are hosted.
//
// Source: Mozilla Open Badges, Assertions before 1.0 ("0.5.0").
func isOldest(v ijson.Value) bool {
	return v.Get("recipient").Kind() == ijson.String && v.Get("badge").Get("issuer").Get("origin").Kind() == ijson.String
}

// sameJSON tells whether a document says the same as v, however it is
// written.
func (c *court) sameJSON(v ijson.Value, data []byte) bool {
	other, err := c.parse(bytes.TrimSpace(data))
	if err != nil {
		return false
	}
	a, err := ijson.AppendCanonical(nil, v)
	if err != nil {
		return false
	}
	b, err := ijson.AppendCanonical(nil, other)
	return err == nil && bytes.Equal(a, b)
}

// hostedHere judges whether a hosted badge stands where its issuer's badges
// may: at the issuer's own host, or where its profile says.
//
// Source: Open Badges 2.0, section 5.1, Hosted Verification; VerificationObject.
func (c *credential) hostedHere() bool {
	rules := verification(c.assertion.profile)
	starts, begins := rules.Get("startsWith"), false
	for s := range some(starts) {
		begins = begins || s.Str() != "" && strings.HasPrefix(c.id, s.Str())
	}
	if starts.Exists() && !begins {
		return false
	}
	origins := rules.Get("allowedOrigins")
	if !origins.Exists() {
		return host(c.id) != "" && host(c.id) == host(c.issuer)
	}
	for o := range some(origins) {
		if o.Str() != "" && o.Str() == host(c.id) {
			return true
		}
	}
	return false
}

// host is the host of a web address, empty for anything else.
func host(url string) string {
	scheme, rest, _ := strings.Cut(strings.ToLower(url), "://")
	if scheme != "https" && scheme != "http" {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}
