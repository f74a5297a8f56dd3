package wire

import "badgekiosk/verify/reason"

// cose answers for bytes that begin as a COSE_Sign1.
//
// Source: RFC 9052 section 4.2.
func (o opener) cose(data []byte) (Document, error) {
	if !looksCOSE(data) {
		return Document{}, reason.Errorf(reason.QNotBadge, "%d bytes that are no COSE_Sign1", len(data))
	}
	return o.is(COSE, data)
}

// looksCOSE tells whether data begins with the tag of a COSE_Sign1, 18, and
// its array of four.
func looksCOSE(data []byte) bool {
	return len(data) > 2 && data[0] == 0xd2 && data[1] == 0x84
}
