package wire

import (
	"bytes"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/inflate"
)

// shcScheme begins the numeric form of a SMART Health Card, whose digits fill
// a code better than letters do.
var shcScheme = []byte("shc:/")

// shc opens the numeric form: two digits for each character of a JWS, less 45.
//
// Its payload is compressed when the header says "zip":"DEF"; the signature is
// over that, so it stays: see [Inflated].
//
// Source: SMART Health Cards Framework 1.4, "Encoding Chunks as QR Codes".
func (o opener) shc(digits []byte) (Document, error) {
	switch {
	case bytes.IndexByte(digits, '/') >= 0:
		return Document{}, reason.Errorf(reason.QPartial, "one code of several of a SMART Health Card")
	case len(digits)%2 != 0:
		return Document{}, reason.Errorf(reason.QUnreadable, "an odd number of digits, %d", len(digits))
	}
	jws := make([]byte, 0, len(digits)/2)
	for i := 0; i < len(digits); i += 2 {
		a, b := digits[i]-'0', digits[i+1]-'0'
		if a > 9 || b > 9 || 10*a+b > 'z'-45 {
			return Document{}, reason.Errorf(reason.QUnreadable, "%q at %d, which stands for no character", digits[i:i+2], i)
		}
		jws = append(jws, 10*a+b+45)
	}
	if !looksJOSE(jws) {
		return Document{}, reason.Errorf(reason.QNotBadge, "digits that hold no token")
	}
	return o.within("shc", func(in opener) (Document, error) { return in.jose(jws) })
}

// Inflated undoes the compression of a token's payload whose header says
// "zip":"DEF", within most bytes. The error is Q-TOOBIG over that, Q-PARTIAL
// or Q-UNREADABLE if the payload is damaged.
func Inflated(payload []byte, most int) ([]byte, error) { return inflate.Raw(payload, most) }

// isPart tells whether data is one part of an animated code that ought to
// have been joined: BBQr or a multi-part Uniform Resource.
//
// Source: BBQr specification, header; BCR-2020-005, section 4.
func isPart(data []byte) bool {
	if len(data) > 8 && data[0] == 'B' && data[1] == '$' && bytes.IndexByte([]byte("H2Z"), data[2]) >= 0 {
		return true
	}
	if len(data) < 4 || string(bytes.ToLower(data[:3])) != "ur:" {
		return false
	}
	_, rest, ok := bytes.Cut(data, []byte("/"))
	number, _, more := bytes.Cut(rest, []byte("/"))
	return ok && more && bytes.IndexByte(number, '-') > 0
}
