package verify

import (
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// wellFormed checks an Open Badges 2.0 assertion against rules that are not
// about who signed it: its picture stands at an address of its own, as a baked
// one must, and what it adds to the standard says what it is.
//
// The error is S-MALFORMED and names the member. What an extension's own
// schema asks for is not looked at: nothing of it is shown.
//
// Source: 1EdTech Open Badges 2.0, sections 4.1 (Assertion, image) and 4.8
// (Extensions); Baking Specification.
func wellFormed(v ijson.Value) error {
	if strings.HasPrefix(strings.ToLower(idOf(v.Get("image"))), "data:") {
		return reason.Errorf(reason.SMalformed, "image: a picture inside an assertion, which must be one that the assertion is baked into")
	}
	for name, part := range v.Members() {
		for e := range some(part) {
			if e.Kind() != ijson.Object || !has(e.Get("type"), "Extension") {
				continue
			}
			if !e.Get("@context").Exists() || e.Get("type").Len() < 2 {
				return reason.Errorf(reason.SMalformed, "%.60s: an extension without its @context or type", name)
			}
		}
	}
	return nil
}
