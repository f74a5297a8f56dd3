package wire

const alphabet45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// digits45 maps a character to its value plus one; zero is no digit.
var digits45 = func() (t [256]uint8) {
	for i, c := range []byte(alphabet45) {
		t[c] = uint8(i + 1)
	}
	return t
}()

// base45 decodes s. ok is false for a character outside the alphabet, a
// length that no bytes have, and a group whose value is over its bytes.
//
// Source: RFC 9285.
func base45(s []byte) (out []byte, ok bool) {
	if len(s)%3 == 1 || len(s) == 0 {
		return nil, false
	}
	out = make([]byte, 0, len(s)/3*2+1)
	for ; len(s) >= 3; s = s[3:] {
		a, b, c := digits45[s[0]], digits45[s[1]], digits45[s[2]]
		v := int(a) - 1 + (int(b)-1)*45 + (int(c)-1)*45*45
		if a == 0 || b == 0 || c == 0 || v > 0xffff {
			return nil, false
		}
		out = append(out, byte(v>>8), byte(v))
	}
	if len(s) == 2 {
		a, b := digits45[s[0]], digits45[s[1]]
		v := int(a) - 1 + (int(b)-1)*45
		if a == 0 || b == 0 || v > 0xff {
			return nil, false
		}
		out = append(out, byte(v))
	}
	return out, true
}
