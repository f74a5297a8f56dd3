package issue

// ForCode is a badge as the text that needs the smaller QR code: packed, or
// as it is. A plain text takes eight bits a character, PixelPass five and a
// half.
//
// CBOR-LD would be smaller for some badges. It numbers the terms of a context
// in order, though, and the context of Open Badges 3.0.3 had terms added after
// it was published: readers with another edition of it read something else.
//
// Source: ISO/IEC 18004, section 7.4.
func ForCode(badge []byte) ([]byte, error) {
	packed, err := PixelPass(badge)
	if err != nil {
		return nil, err
	}
	if len(packed)*11 < len(badge)*16 {
		return packed, nil
	}
	return badge, nil
}
