package verify

import (
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// The contexts that every document begins with: of data model 1.1 and 2.0.
const (
	credentialsV1 = "https://www.w3.org/2018/credentials/v1"
	credentialsV2 = "https://www.w3.org/ns/credentials/v2"
)

// structured checks a document against the rules of data model 2.0 that are
// not about its signature: what must be there, and what must be an address.
// Documents of data model 1.1 are taken as they come, but for the context
// that says so; their issuers never had them checked.
//
// The error is S-MALFORMED and names the member.
//
// Source: W3C Verifiable Credentials Data Model v2.0, sections 4.3 to 4.13.
func structured(v ijson.Value) error {
	switch base := first(v.Get("@context")); base.Str() {
	case credentialsV1:
		return nil
	case credentialsV2:
	default:
		return wrong("@context", base)
	}
	for c := range v.Get("@context").Each() {
		if c.Kind() != ijson.Object && !isURL(c) {
			return wrong("@context", c)
		}
	}
	if id := v.Get("id"); id.Exists() && !isURL(id) {
		return wrong("id", id)
	}
	if kindOf(v) == aPresentation {
		return party(v, "holder")
	}
	for _, check := range []func(ijson.Value) error{issuerOf, subjects, typed, labels} {
		if err := check(v); err != nil {
			return err
		}
	}
	return nil
}

func wrong(member string, v ijson.Value) error {
	return reason.Errorf(reason.SMalformed, "%s: %.60s is not what the data model asks for", member, v.Raw())
}

// isURL tells whether v is a text with a scheme and without spaces.
func isURL(v ijson.Value) bool {
	s := v.Str()
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && scheme != "" && rest != "" && !strings.ContainsAny(s, " \t\r\n<>\"")
}

// party checks an issuer or holder: a URL, or an object with one as its id.
func party(v ijson.Value, name string) error {
	p := v.Get(name)
	if !p.Exists() {
		return nil
	}
	id := p
	if p.Kind() == ijson.Object {
		id = p.Get("id")
	}
	if !isURL(id) {
		return wrong(name, p)
	}
	return nil
}

func issuerOf(v ijson.Value) error { return party(v, "issuer") }

// subjects checks that each subject says something.
func subjects(v ijson.Value) error {
	n := 0
	for s := range v.Get("credentialSubject").Each() {
		n++
		if s.Kind() != ijson.Object || s.Len() == 0 || s.Get("id").Exists() && !isURL(s.Get("id")) {
			return wrong("credentialSubject", s)
		}
	}
	if n == 0 {
		return reason.Errorf(reason.SMalformed, "credentialSubject is missing")
	}
	return nil
}

// parts are the members of a credential that are objects with a type, and
// whether they must have an id.
var parts = map[string]bool{
	"credentialStatus": false, "credentialSchema": true, "evidence": false, "refreshService": false, "termsOfUse": false, "proof": false,
}

func typed(v ijson.Value) error {
	for name, identified := range parts {
		for part := range v.Get(name).Each() {
			typ := first(part.Get("type"))
			id := part.Get("id")
			if len(typ.Bytes()) == 0 || identified && !id.Exists() || id.Exists() && !isURL(id) {
				return wrong(name, part)
			}
		}
	}
	return nil
}

// labels checks names and descriptions: texts, or texts with a language.
func labels(v ijson.Value) error {
	for _, of := range []ijson.Value{v, v.Get("issuer")} {
		for _, name := range []string{"name", "description"} {
			for l := range of.Get(name).Each() {
				if l.Kind() == ijson.String {
					continue
				}
				for member := range l.Members() {
					if member != "@value" && member != "@language" && member != "@direction" {
						return wrong(name, l)
					}
				}
				if l.Get("@value").Kind() != ijson.String {
					return wrong(name, l)
				}
			}
		}
	}
	return nil
}
