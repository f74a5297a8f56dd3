package wire

import (
	"bytes"
	"encoding/base32"
	"strings"

	"badgekiosk/verify/cborld"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// headers begin the text form of CBOR-LD, before a multibase letter.
var headers = [][]byte{[]byte("VP1-"), []byte("VC1-")}

// vpqr opens the text form of CBOR-LD. ok is false if data has none of its
// headers.
//
// Source: W3C Verifiable Credential Barcodes, "Encode VC to QR Code" (VC1-);
// the VP1- codes of wallets.
func (o opener) vpqr(data []byte) (doc Document, ok bool, err error) {
	for _, h := range headers {
		if len(data) <= len(h) || !bytes.HasPrefix(data, h) {
			continue
		}
		raw, err := multibaseText(data[len(h)], data[len(h)+1:])
		if err != nil {
			return Document{}, true, err
		}
		doc, err = o.within(strings.ToLower(string(data[:len(h)+1])), func(in opener) (Document, error) { return in.cborld(raw) })
		return doc, true, err
	}
	return Document{}, false, nil
}

// multibaseText decodes the two bases whose letters a code packs well.
func multibaseText(letter byte, text []byte) ([]byte, error) {
	var raw []byte
	ok := false
	switch letter {
	case 'R':
		raw, ok = base45(text)
	case 'B':
		raw, ok = base32Upper(text)
	default:
		return nil, reason.Errorf(reason.SUnsupported, "a code in multibase %q", letter)
	}
	if !ok {
		return nil, reason.Errorf(reason.QUnreadable, "%d characters that are not of multibase %q", len(text), letter)
	}
	return raw, nil
}

// base32Upper decodes base32 in capitals without padding. Spare bits at the
// end must be zero.
//
// Source: RFC 4648 section 6.
func base32Upper(text []byte) ([]byte, bool) {
	enc := base32.StdEncoding.WithPadding(base32.NoPadding)
	if bytes.ContainsAny(text, "\r\n") {
		return nil, false // Go's decoder would skip them
	}
	raw := make([]byte, enc.DecodedLen(len(text)))
	n, err := enc.Decode(raw, text)
	if err != nil || n == 0 || enc.EncodedLen(n) != len(text) {
		return nil, false
	}
	whole := n / 5 * 5
	return raw[:n], enc.EncodeToString(raw[whole:n]) == string(text[whole/5*8:])
}

// cborld opens CBOR-LD bytes.
func (o opener) cborld(data []byte) (Document, error) {
	if !cborld.Is(data) {
		return Document{}, reason.Errorf(reason.QUnreadable, "%d bytes that are no CBOR-LD", len(data))
	}
	two := false
	newest := func(url string) (*rdf.Definition, bool) {
		d, ok := o.contexts.Lookup(url, false)
		if e, _ := o.contexts.Lookup(url, true); e != d {
			two = true
		}
		return d, ok
	}
	json, err := cborld.Decode(data, newest)
	var older []byte
	if two {
		older = o.olderReading(data, json)
	}
	if err != nil && older == nil {
		return Document{}, err
	}
	if err != nil {
		json, older = older, nil
	}
	if json[0] != '{' {
		return Document{}, reason.Errorf(reason.QNotBadge, "a list of %d bytes", len(json))
	}
	doc, err := o.is(JSON, json)
	doc.Older = older
	return doc, err
}

// olderReading returns what data says to who has the earlier edition of its
// contexts, or nil if that is nothing else, or nothing.
func (o opener) olderReading(data, newest []byte) []byte {
	json, err := cborld.Decode(data, func(url string) (*rdf.Definition, bool) { return o.contexts.Lookup(url, true) })
	if err != nil || bytes.Equal(json, newest) {
		return nil
	}
	return json
}

// The beginning of the text in the barcode of a driver's licence, and the
// name of the field for a credential in it.
var (
	licenceHeader = []byte("@\n\x1e\rANSI ")
	licenceField  = []byte("ZZA")
)

// licence opens the barcode text of a driver's licence that carries a
// credential about itself. Judging that takes the other fields, which are not
// kept: the document is noted S-EXTRA.
//
// Source: AAMVA DL/ID Card Design Standard, annex D; W3C Verifiable
// Credential Barcodes, "AAMVA".
func (o opener) licence(data []byte) (Document, error) {
	_, field, ok := bytes.Cut(data, licenceField)
	if i := bytes.IndexAny(field, "\r\n"); i >= 0 {
		field = field[:i]
	}
	raw, valid := base64Any(field)
	if !ok || !valid || !cborld.Is(raw) {
		return Document{}, reason.Errorf(reason.QNotBadge, "a driver's licence without a credential")
	}
	doc, err := o.within("aamva", func(in opener) (Document, error) { return in.cborld(raw) })
	if err == nil {
		doc.Notes = append(doc.Notes, reason.SExtra)
	}
	return doc, err
}
