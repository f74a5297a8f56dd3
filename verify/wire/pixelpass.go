package wire

import (
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
	"badgekiosk/verify/wire/inflate"
)

// base45Text opens text in base45: PixelPass, or the envelope that health
// certificates made known, with its prefix or without. ok is false if s is
// neither.
//
// The blank is a base45 digit, yet neither end of such a text: a group's last
// digit is never so large, and no compressed stream or COSE_Sign1 begins so.
//
// Source: MOSIP PixelPass; EU Digital COVID Certificates, technical
// specifications volume 3 (HC1).
func (o opener) base45Text(s []byte) (doc Document, ok bool, err error) {
	via := "pixelpass"
	raw, valid := base45(s)
	if !valid || !inflate.IsZlib(raw) && !looksCOSE(raw) {
		via = "hc1"
		raw, valid = base45(afterPrefix(s))
	}
	switch {
	case valid && inflate.IsZlib(raw):
		if raw, err = inflate.Zlib(raw, inflatedLimit(len(raw))); err == nil {
			doc, err = o.within(via, func(in opener) (Document, error) { return in.inflated(raw) })
		}
		return doc, true, err
	case valid && looksCOSE(raw):
		doc, err = o.within("base45", func(in opener) (Document, error) { return in.cose(raw) })
		return doc, true, err
	}
	return Document{}, false, nil
}

// afterPrefix cuts a context identifier such as "HC1:" off.
func afterPrefix(s []byte) []byte {
	upper := func(c byte) bool { return 'A' <= c && c <= 'Z' }
	if len(s) > 4 && upper(s[0]) && upper(s[1]) && '0' <= s[2] && s[2] <= '9' && s[3] == ':' {
		return s[4:]
	}
	return nil
}

// inflated opens what a compressed transport held: a COSE_Sign1, a CBOR item
// that stands for JSON, or text.
func (o opener) inflated(data []byte) (Document, error) {
	if looksCOSE(data) {
		return o.cose(data)
	}
	it, err := cbor.Parse(data)
	switch {
	case reason.CodeOf(err, "") == reason.QTooBig:
		return Document{}, err
	case err != nil:
		return o.text(data)
	case it.Kind == cbor.Text:
		return o.text(it.Data)
	case isSign1(&it):
		return o.is(COSE, data)
	case it.Kind != cbor.Map:
		return Document{}, reason.Errorf(reason.QNotBadge, "a CBOR %v", it.Kind)
	}
	// Names alone seldom take less room in JSON than in CBOR.
	json, err := cbor.AppendJSON(make([]byte, 0, len(data)+len(data)/4), &it)
	if err != nil {
		return Document{}, err
	}
	return o.is(JSON, json)
}
