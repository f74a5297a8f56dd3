package jose

import (
	"strings"

	"badgekiosk/verify/ijson"
)

// Envelope returns what an EnvelopedVerifiableCredential or
// EnvelopedVerifiablePresentation holds: the media type and the text of its
// data URL, such as "application/vc+jwt" and a compact token. base64 tells
// that the text is base64 (application/vc+cose). ok is false if v is neither.
//
// Source: VCDM 2.0 section 4.14; RFC 2397.
func Envelope(v ijson.Value) (mediaType, text string, base64, ok bool) {
	enveloped := false
	for t := range v.Get("type").Each() {
		s := t.Str()
		enveloped = enveloped || s == "EnvelopedVerifiableCredential" || s == "EnvelopedVerifiablePresentation"
	}
	url, isData := strings.CutPrefix(v.Get("id").Str(), "data:")
	if !enveloped || !isData {
		return "", "", false, false
	}
	head, text, ok := strings.Cut(url, ",")
	head, base64 = strings.CutSuffix(head, ";base64")
	head, _, _ = strings.Cut(head, ";")
	return strings.ToLower(head), text, base64, ok
}
