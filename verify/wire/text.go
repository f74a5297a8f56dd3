package wire

import (
	"bytes"
	"encoding/json"

	"badgekiosk/verify/cborld"
	"badgekiosk/verify/reason"
)

// text opens a payload that is none of the binary formats.
func (o opener) text(raw []byte) (Document, error) {
	data := trim(raw)
	switch {
	case len(data) == 0:
		return Document{}, reason.Errorf(reason.QNotBadge, "empty")
	case data[0] == '{':
		return o.is(JSON, data)
	case data[0] == '<':
		return o.svg(data)
	case data[0] == '"':
		return o.quoted(data)
	case looksJOSE(data):
		return o.jose(data)
	case bytes.HasPrefix(data, shcScheme):
		return o.shc(data[len(shcScheme):])
	case bytes.HasPrefix(data, licenceHeader):
		return o.licence(data)
	case isPart(data):
		return Document{}, reason.Errorf(reason.QPartial, "one part of an animated code")
	}
	if s, ok := scheme(data); ok {
		return o.link(s, data)
	}
	if doc, ok, err := o.vpqr(data); ok {
		return doc, err
	}
	if doc, ok, err := o.base45Text(data); ok {
		return doc, err
	}
	if doc, ok, err := o.base64(data); ok {
		return doc, err
	}
	return Document{}, reason.Errorf(reason.QNotBadge, "%d bytes that are no kind of badge", len(data))
}

// Inside opens what stands as a text inside a document: JSON, a token, a data:
// URL, a COSE_Sign1 in base64. The forms of codes and pictures have no place
// there: most are compressed, and each could hold hundreds of others.
func Inside(text []byte) (Document, error) {
	o, data := opener{}, trim(text)
	if bytes.HasPrefix(data, []byte("{")) {
		return o.is(JSON, data)
	}
	if looksJOSE(data) {
		return o.jose(data)
	}
	if s, ok := scheme(data); ok {
		return o.link(s, data)
	}
	if raw, ok := base64Any(data); ok && looksCOSE(raw) {
		return o.cose(raw)
	}
	return Document{}, reason.Errorf(reason.QNotBadge, "%d bytes inside a document that are no kind of badge", len(data))
}

// base64 opens the binary forms in base64. Hexadecimal is not taken.
func (o opener) base64(data []byte) (doc Document, ok bool, err error) {
	raw, valid := base64Any(data)
	switch {
	case valid && looksCOSE(raw):
		doc, err = o.within("base64", func(in opener) (Document, error) { return in.cose(raw) })
	case valid && cborld.Is(raw):
		doc, err = o.within("base64", func(in opener) (Document, error) { return in.cborld(raw) })
	default:
		return Document{}, false, nil
	}
	return doc, true, err
}

// quoted opens a JSON string, in which some issuers wrap a compact token.
func (o opener) quoted(data []byte) (Document, error) {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return Document{}, reason.Errorf(reason.QNotBadge, "%d bytes that only begin as a JSON string", len(data))
	}
	return o.within("json-string", func(in opener) (Document, error) { return in.text([]byte(s)) })
}

// maxScheme is longer than any link's scheme in use.
const maxScheme = 32

// scheme returns the lower-case scheme of data if all of data is one link.
//
// The letters are those of RFC 3986 section 3.1 and the underscore that
// INJI_OVP uses in spite of it.
func scheme(data []byte) (string, bool) {
	if bytes.ContainsAny(data, " \t\r\n") {
		return "", false
	}
	i := bytes.IndexByte(data, ':')
	if i < 1 || i > maxScheme || i == len(data)-1 {
		return "", false
	}
	for j, c := range data[:i] {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (j == 0 || !('0' <= c && c <= '9' || bytes.IndexByte([]byte("+-._"), c) >= 0)) {
			return "", false
		}
	}
	s := string(bytes.ToLower(data[:i]))
	if bytes.HasPrefix(data[i+1:], []byte("//")) {
		return s, true
	}
	return s, opaque[s]
}

// opaque are the schemes in use among wallets that need no "//".
var opaque = map[string]bool{
	"openid4vp": true, "openid-credential-offer": true, "openid-vc": true,
	"openid": true, "haip": true, "mdoc": true, "mdoc-openid4vp": true,
	"eudi-openid4vp": true, "didcomm": true, "data": true,
}

// link answers for a text that is one link. It is never opened.
func (o opener) link(scheme string, data []byte) (Document, error) {
	switch scheme {
	case "data":
		return o.dataURL(data)
	case "otpauth", "otpauth-migration":
		// A secret for a log-in, not an address: nothing of it is kept.
		return Document{}, reason.Errorf(reason.QNotBadge, "a key for one-time passwords")
	case "http", "https":
		doc := Document{Via: o.via}
		if len(data) <= MaxURL {
			doc.URL = string(data)
		}
		return doc, reason.Errorf(reason.QLink, "a web address of %d bytes", len(data))
	}
	return Document{Via: o.via}, reason.Errorf(reason.QLink, "a link with scheme %q", scheme)
}

// dataURL opens the data: URL of an enveloped credential.
//
// Source: W3C Verifiable Credentials Data Model 2.0, Enveloped Verifiable
// Credentials; W3C VC-JOSE-COSE, section 3.
func (o opener) dataURL(data []byte) (Document, error) {
	head, body, found := bytes.Cut(data[len("data:"):], []byte(","))
	media, param, _ := bytes.Cut(bytes.ToLower(head), []byte(";"))
	switch {
	case !found:
	case bytes.HasSuffix(media, []byte("jwt")) && looksJOSE(body):
		return o.within("data-url", func(in opener) (Document, error) { return in.jose(body) })
	case bytes.HasSuffix(media, []byte("cose")) && string(param) == "base64":
		if raw, ok := base64Any(body); ok {
			return o.within("data-url", func(in opener) (Document, error) { return in.cose(raw) })
		}
	}
	return Document{}, reason.Errorf(reason.QNotBadge, "a data: URL that holds no credential")
}
