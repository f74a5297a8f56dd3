package wire

import (
	"bytes"

	"badgekiosk/verify/cborld"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// The first bytes of a COSE_Sign1: its tag, 18, or none, and an array of
// four. A CBOR Web Token may have its own tag, 61, around it.
var (
	coseTagged   = []byte{0xd2, 0x84}
	coseUntagged = []byte{0x84}
	cwtTag       = []byte{0xd8, 0x3d}
)

// looksCOSE tells whether data begins with the tags of a COSE_Sign1.
func looksCOSE(data []byte) bool {
	return len(data) > 2 && bytes.HasPrefix(bytes.TrimPrefix(data, cwtTag), coseTagged)
}

// cose opens bytes that begin as a COSE_Sign1 does. The tag of a CBOR Web
// Token is a transport and comes off.
//
// Source: RFC 9052 section 4.2; RFC 8392 section 6.
func (o opener) cose(data []byte) (Document, error) {
	if bytes.HasPrefix(data, cwtTag) {
		return o.within("cwt", func(in opener) (Document, error) { return in.cose(data[len(cwtTag):]) })
	}
	it, err := cbor.Parse(data)
	if err != nil {
		return Document{}, err
	}
	if it.Kind == cbor.Tag {
		it = it.Items[0]
	}
	if !isSign1(&it) {
		return Document{}, reason.Errorf(reason.SMalformed, "a COSE_Sign1 that is a %v of %d", it.Kind, len(it.Items))
	}
	return o.is(COSE, data)
}

// isSign1 tells whether it has the parts of a COSE_Sign1: protected header,
// unprotected header, payload (null if it is elsewhere), signature.
func isSign1(it *cbor.Item) bool {
	if it.Kind != cbor.Array || len(it.Items) != 4 {
		return false
	}
	p := it.Items
	return p[0].Kind == cbor.Bytes && p[1].Kind == cbor.Map &&
		(p[2].Kind == cbor.Bytes || p[2].Kind == cbor.Null) && p[3].Kind == cbor.Bytes
}

// binary opens bytes that are no text. ok is false if they may be text.
func (o opener) binary(data []byte) (doc Document, ok bool, err error) {
	switch {
	case looksCOSE(data):
		doc, err = o.cose(data)
	case bytes.HasPrefix(data, coseUntagged) && untaggedSign1(data):
		doc, err = o.is(COSE, data)
	case cborld.Is(data):
		doc, err = o.within("cbor-ld", func(in opener) (Document, error) { return in.cborld(data) })
	case bytes.HasPrefix(data, zipMagic):
		doc, err = o.zip(data)
	default:
		return Document{}, false, nil
	}
	return doc, true, err
}

func untaggedSign1(data []byte) bool {
	it, err := cbor.Parse(data)
	return err == nil && isSign1(&it)
}
