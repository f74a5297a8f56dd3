package verify

import (
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// wrapped checks what stands around a credential and that nobody signed: its
// @context must be there, and be known, or its words could mean anything.
func (c *court) wrapped(v ijson.Value) error {
	known := c.set.Contexts()
	n := 0
	for item := range v.Get("@context").Each() {
		if n++; n > rdf.MaxContexts {
			return reason.Errorf(reason.QTooBig, "more than %d contexts", rdf.MaxContexts)
		}
		if _, ok := known.Lookup(item.Str(), false); !ok {
			return reason.Errorf(reason.SContext, "context %.80s", item.Raw())
		}
	}
	if n == 0 {
		return reason.Errorf(reason.SMalformed, "no @context around the credential")
	}
	return nil
}

// envelopes are the media types of what may stand in an envelope.
//
// Source: W3C Securing Verifiable Credentials using JOSE and COSE, section 6.1.
var envelopes = map[string]bool{
	"application/vc+jwt": true, "application/vp+jwt": true, "application/vc+ld+json+jwt": true, "application/vp+ld+json+jwt": true,
	"application/vc+sd-jwt": true, "application/vp+sd-jwt": true, "application/dc+sd-jwt": true,
	"application/vc+ld+json+sd-jwt": true, "application/vp+ld+json+sd-jwt": true,
	"application/vc+cose": true, "application/vp+cose": true, "application/vc+ld+json+cose": true, "application/vp+ld+json+cose": true,
}

// unwrap checks an envelope.
func (c *court) unwrap(v ijson.Value) error {
	mediaType, _, _, ok := jose.Envelope(v)
	if !ok || !envelopes[mediaType] || !strings.HasPrefix(v.Get("id").Str(), "data:"+mediaType) {
		return reason.Errorf(reason.SMalformed, "an envelope of %.60q", mediaType)
	}
	return c.wrapped(v)
}
